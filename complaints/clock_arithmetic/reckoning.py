"""How a due moment came about, in numbers: what was counted, what rested, where the end rolled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from complaints.clock_arithmetic.calendars import ONE_DAY, WorkingCalendar
from complaints.clock_arithmetic.deadlines import HOURLY_UNITS, Budget, due_moment
from complaints.clock_arithmetic.ledgers import ZERO, LedgerEntry, Rests, Span
from complaints.states import BudgetUnit

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Reckoning:
    """What was counted up to the due moment, or up to the pause that still lasts.

    Hours are counted in `spans`, everything else in `days`. `counted_to` is the last day that the
    count reached, `last_day` the one that it was put off to because people rested.
    """

    start_day: date
    spans: tuple[Span, ...] = ()
    days: tuple[date, ...] = ()
    rests: tuple[tuple[datetime, datetime | None], ...] = ()
    counted_to: date | None = None
    last_day: date | None = None

    @property
    def time_count(self) -> timedelta:
        """How much time was counted in spans."""
        return sum((end - begin for begin, end in self.spans), ZERO)


def reckon(budget: Budget, ledger: Sequence[LedgerEntry], calendar: WorkingCalendar) -> Reckoning:
    """Return how `due_moment` came to its answer; nothing is counted to a moment agreed before."""
    start, rests = ledger[0].at, Rests.of(ledger)
    known = Reckoning(start_day=calendar.local_date(start), rests=rests.spans)
    due = due_moment(budget, ledger, calendar)
    if budget.until is not None:
        return known
    end = due if due is not None else rests.spans[-1][0]
    if budget.unit in HOURLY_UNITS:
        return replace(known, spans=tuple(_spans(budget, start, end, rests, calendar)))
    if due is None:
        return replace(known, days=_days(budget, known.start_day, end, rests, calendar))
    unrolled = due_moment(replace(budget, rolls=False), ledger, calendar) or due
    return replace(
        known,
        days=_days(budget, known.start_day, unrolled, rests, calendar),
        counted_to=calendar.local_date(unrolled - INSTANT),
        last_day=calendar.local_date(due - INSTANT),
    )


def _spans(
    budget: Budget, start: datetime, end: datetime, rests: Rests, calendar: WorkingCalendar
) -> list[Span]:
    if budget.unit == BudgetUnit.ELAPSED_HOURS:
        return list(rests.running(start, end))
    found: list[Span] = []
    if end <= start:
        return found
    for begin, stop in calendar.spans_from(start):
        if begin >= end:
            break
        found.extend(rests.running(begin, min(stop, end)))
    return found


def _days(
    budget: Budget, start: date, end: datetime, rests: Rests, calendar: WorkingCalendar
) -> tuple[date, ...]:
    only_working = budget.unit == BudgetUnit.WORKING_DAYS
    counted: list[date] = []
    day = start + ONE_DAY
    while (day_end := calendar.end_of(day)) <= end:
        worked = calendar.is_working_day(day) or not only_working
        if worked and not rests.covers(day_end):
            counted.append(day)
        day += ONE_DAY
    return tuple(counted)
