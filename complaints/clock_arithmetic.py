"""When is a promise due? Pure functions over a clock's ledger; no database, no wall clock.

The due moment follows from the budget, the ledger of starts, pauses and resumes, and the calendar,
and from nothing else. Elapsed hours count every second in which the clock runs. Day budgets exclude
the day of the start (民法典 art 201), end at 24:00 local time of the last day (art 203), do not
count a day at whose end the clock rested, and roll a last day that is a day of rest to the next
working day (art 203).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from complaints.states import BudgetUnit, LedgerAction, Rung

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked. Days not listed are worked from Monday to Friday."""

    zone: str = "Asia/Shanghai"
    rest_days: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    version: str = "mon-fri"

    def is_working_day(self, day: date) -> bool:
        """Say whether people work on `day`: make-up days first, then holidays, then the week."""
        if day in self.make_up_days:
            return True
        return day not in self.rest_days and day.weekday() < 5

    def local_date(self, moment: datetime) -> date:
        """Return the calendar's date at `moment`."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """Return 24:00 of `day`, as a moment."""
        return datetime.combine(day + ONE_DAY, time.min, tzinfo=ZoneInfo(self.zone))


@dataclass(frozen=True)
class Budget:
    """How much time a promise has. A moment agreed beforehand (`until`) goes before the amount."""

    amount: Decimal
    unit: str
    until: datetime | None = None


@dataclass(frozen=True)
class LedgerEntry:
    """One line of a clock's ledger."""

    action: str
    at: datetime


@dataclass(frozen=True)
class RungRule:
    """When a rung is reached: at a share of the budget, or some hours after the due moment."""

    rung: str
    fraction: Decimal | None = None
    after_hours: Decimal | None = None


@dataclass(frozen=True)
class _Rests:
    spans: tuple[tuple[datetime, datetime | None], ...] = field(default_factory=tuple)

    def covers(self, moment: datetime) -> bool:
        return any(start < moment and (end is None or moment <= end) for start, end in self.spans)

    def seconds_before(self, moment: datetime) -> float:
        return sum(
            (min(end or moment, moment) - start).total_seconds()
            for start, end in self.spans
            if start < moment
        )


def _rests(ledger: Sequence[LedgerEntry]) -> _Rests:
    spans: list[tuple[datetime, datetime | None]] = []
    for entry in ledger:
        if entry.action == LedgerAction.PAUSE:
            spans.append((entry.at, None))
        elif entry.action == LedgerAction.RESUME and spans:
            spans[-1] = (spans[-1][0], entry.at)
    return _Rests(tuple(spans))


def due_moment(
    budget: Budget, ledger: Sequence[LedgerEntry], calendar: WorkingCalendar
) -> datetime | None:
    """Return when the promise is due, or None while the clock is paused.

    `ledger` is in order and begins with a start. Raises ValueError for an unknown unit.
    """
    start = ledger[0].at
    rests = _rests(ledger)
    if rests.spans and rests.spans[-1][1] is None:
        return None
    if budget.until is not None:
        return budget.until
    if budget.unit == BudgetUnit.ELAPSED_HOURS:
        rested = sum((end - begin for begin, end in rests.spans if end), timedelta(0))
        return start + timedelta(hours=float(budget.amount)) + rested
    if budget.unit in (BudgetUnit.WORKING_DAYS, BudgetUnit.CALENDAR_DAYS):
        return _due_by_days(budget, start, rests, calendar)
    raise ValueError(f"unknown unit {budget.unit!r}")


def _due_by_days(
    budget: Budget, start: datetime, rests: _Rests, calendar: WorkingCalendar
) -> datetime:
    only_working = budget.unit == BudgetUnit.WORKING_DAYS
    day, left = calendar.local_date(start), int(budget.amount)
    while left > 0:
        day += ONE_DAY
        counts = calendar.is_working_day(day) or not only_working
        if counts and not rests.covers(calendar.end_of(day)):
            left -= 1
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return calendar.end_of(day)


def consumed_seconds(ledger: Sequence[LedgerEntry], *, until: datetime) -> float:
    """Return for how many seconds the clock has run up to `until` (or its stop)."""
    stop = next((e.at for e in ledger if e.action == LedgerAction.STOP), until)
    end = min(stop, until)
    return max((end - ledger[0].at).total_seconds() - _rests(ledger).seconds_before(end), 0.0)


def rung_moments(
    rules: Iterable[RungRule], *, start: datetime, due: datetime
) -> list[tuple[str, datetime]]:
    """Return each rung with its moment, in order of time.

    Rungs before the due moment divide the span from the start to the due moment.
    """
    moments = []
    for rule in rules:
        if rule.fraction is not None:
            moments.append((rule.rung, start + (due - start) * float(rule.fraction)))
        else:
            moments.append((rule.rung, due + timedelta(hours=float(rule.after_hours or 0))))
    return sorted(moments, key=lambda pair: (pair[1], list(Rung).index(Rung(pair[0]))))
