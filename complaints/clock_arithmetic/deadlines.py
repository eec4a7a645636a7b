"""When a budget is used up.

Elapsed hours count every second in which the clock runs, working hours only the calendar's. Day
budgets exclude the day of the start (民法典 art 201), end at 24:00 local time of the last day (art
203), do not count a day at whose end the clock rested, and roll a last day that is a day of rest to
the next working day (art 203) unless the budget says that it does not. Months and years end on the
day that corresponds to the day of the start, or on the month's last day (art 202).
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from complaints.clock_arithmetic.calendars import ONE_DAY, CalendarError, WorkingCalendar
from complaints.clock_arithmetic.ledgers import (
    ZERO,
    LedgerEntry,
    Rests,
    last_moment,
    running_time,
)
from complaints.states import BudgetUnit

HOUR = timedelta(hours=1)
HOURLY_UNITS = frozenset({BudgetUnit.ELAPSED_HOURS, BudgetUnit.WORKING_HOURS})
CALENDAR_UNITS = frozenset({BudgetUnit.WORKING_HOURS, BudgetUnit.WORKING_DAYS})
INSTANT = timedelta(microseconds=1)
MONTHS_OF = {BudgetUnit.MONTHS: 1, BudgetUnit.YEARS: 12}
_LONGEST_REST = 366


@dataclass(frozen=True)
class Budget:
    """How much time a promise has. A moment agreed beforehand (`until`) goes before the amount.

    `rolls` says whether a last day of rest moves to the next working day; hours never do.
    """

    amount: Decimal
    unit: str
    until: datetime | None = None
    rolls: bool = True

    @property
    def follows_calendar(self) -> bool:
        """Say whether days of rest have a say in when the promise is due."""
        if self.until is not None or self.unit == BudgetUnit.ELAPSED_HOURS:
            return False
        return self.rolls or self.unit in CALENDAR_UNITS


def is_estimate(budget: Budget, due: datetime | None, calendar: WorkingCalendar) -> bool:
    """Say whether a due moment may still move, because the days of rest are not published yet."""
    if due is None or not budget.follows_calendar:
        return False
    return calendar.is_provisional(calendar.local_date(due - INSTANT))


def due_moment(
    budget: Budget, ledger: Sequence[LedgerEntry], calendar: WorkingCalendar
) -> datetime | None:
    """Return when the promise is due, or None while the clock is paused.

    `ledger` is in order and begins with a start. Raises ValueError for an unknown unit.
    """
    start, rests = ledger[0].at, Rests.of(ledger)
    if rests.open:
        return None
    if budget.until is not None:
        return budget.until
    if budget.unit == BudgetUnit.ELAPSED_HOURS:
        return _after_running(start, _hours(budget.amount), rests)
    if budget.unit == BudgetUnit.WORKING_HOURS:
        return _after_working(start, _hours(budget.amount), rests, calendar)
    return calendar.end_of(_last_day(budget, calendar.local_date(start), rests, calendar))


def used(
    budget: Budget, ledger: Sequence[LedgerEntry], calendar: WorkingCalendar, *, until: datetime
) -> Decimal:
    """Return how much of the budget is used at `until` (or the stop), in the budget's own unit.

    Hours come to the second; of days, those are counted whose end the clock ran through. Weeks,
    months, years and agreed moments are counted in days.
    """
    begin, end = ledger[0].at, last_moment(ledger, until=until)
    if budget.unit == BudgetUnit.ELAPSED_HOURS:
        return _in_hours(running_time(ledger, until=until))
    if budget.unit == BudgetUnit.WORKING_HOURS:
        return _in_hours(working_time(ledger, calendar, until=until))
    rests = Rests.of(ledger)
    only_working = budget.unit == BudgetUnit.WORKING_DAYS
    day, count = calendar.local_date(begin) + ONE_DAY, 0
    while calendar.end_of(day) <= end:
        worked = calendar.is_working_day(day) or not only_working
        count += worked and not rests.covers(calendar.end_of(day))
        day += ONE_DAY
    return Decimal(count)


def _hours(amount: Decimal) -> timedelta:
    return timedelta(hours=float(amount))


def _in_hours(span: timedelta) -> Decimal:
    seconds = Decimal(span // timedelta(microseconds=1)) / 1_000_000
    return (seconds / 3600).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _after_running(start: datetime, need: timedelta, rests: Rests) -> datetime:
    due = start + need
    for begin, end in rests.spans:
        if end is not None and begin < due:
            due += end - begin
    return due


def _after_working(
    start: datetime, need: timedelta, rests: Rests, calendar: WorkingCalendar
) -> datetime:
    if need <= ZERO:
        return start
    for span in calendar.spans_from(start):
        for begin, end in rests.running(*span):
            if need <= end - begin:
                return begin + need
            need -= end - begin
    raise AssertionError("spans do not end")


def working_time(
    ledger: Sequence[LedgerEntry], calendar: WorkingCalendar, *, until: datetime
) -> timedelta:
    """Return how much of the calendar's working time the clock has run, up to its stop."""
    begin, end = ledger[0].at, last_moment(ledger, until=until)
    rests, total = Rests.of(ledger), ZERO
    if end <= begin:
        return total
    for span_begin, span_end in calendar.spans_from(begin):
        if span_begin >= end:
            break
        for run_begin, run_end in rests.running(span_begin, min(span_end, end)):
            total += run_end - run_begin
    return total


def _counted_days(
    day: date, rests: Rests, calendar: WorkingCalendar, *, only_working: bool
) -> Iterator[date]:
    """Yield the days after `day` that count: worked, if asked for, and not rested at their end."""
    idle = 0
    while True:
        day += ONE_DAY
        worked = calendar.is_working_day(day) or not only_working
        idle = 0 if worked else idle + 1
        if idle > _LONGEST_REST:
            raise CalendarError("week", f"no working day within a year before {day}")
        if worked and not rests.covers(calendar.end_of(day)):
            yield day


def _last_day(budget: Budget, start: date, rests: Rests, calendar: WorkingCalendar) -> date:
    last = start
    if budget.unit in MONTHS_OF:
        last = _months_later(start, int(budget.amount) * MONTHS_OF[BudgetUnit(budget.unit)])
        last = _later_by_rests(start, last, rests, calendar)
    else:
        only_working = budget.unit == BudgetUnit.WORKING_DAYS
        days = _counted_days(start, rests, calendar, only_working=only_working)
        for _n in range(_day_count(budget)):
            last = next(days)
    while budget.rolls and not calendar.is_working_day(last):
        last += ONE_DAY
    return last


def _day_count(budget: Budget) -> int:
    if budget.unit in (BudgetUnit.WORKING_DAYS, BudgetUnit.CALENDAR_DAYS):
        return int(budget.amount)
    if budget.unit == BudgetUnit.WEEKS:
        return int(budget.amount * 7)
    raise ValueError(f"unknown unit {budget.unit!r}")


def _months_later(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def _later_by_rests(start: date, last: date, rests: Rests, calendar: WorkingCalendar) -> date:
    """Move a last day on by the days before it at whose end the clock rested."""
    if not rests.spans:
        return last
    wanted = (last - start).days
    days = _counted_days(start, rests, calendar, only_working=False)
    for _n in range(wanted):
        last = next(days)
    return last
