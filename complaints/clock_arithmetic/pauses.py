"""What a pause by a person costs of its cap.

Of an hourly budget it is the time that passes. A budget of days skips each day at whose end the
clock rests, so that a pause over midnight costs a whole day however short it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from complaints.clock_arithmetic.calendars import ONE_DAY, WorkingCalendar
from complaints.clock_arithmetic.deadlines import HOURLY_UNITS
from complaints.clock_arithmetic.ledgers import ZERO

INSTANT = timedelta(microseconds=1)


def pause_cost(
    begin: datetime, end: datetime, *, unit: str, calendar: WorkingCalendar
) -> timedelta:
    """Return what a rest between two moments costs of the cap of a clock with such a budget."""
    passed = max(end - begin, ZERO)
    if unit in HOURLY_UNITS:
        return passed
    day, ends = calendar.local_date(begin), ZERO
    while calendar.end_of(day) <= end:
        ends += ONE_DAY
        day += ONE_DAY
    return max(passed, ends)


def latest_end(
    begin: datetime, left: timedelta, *, unit: str, calendar: WorkingCalendar
) -> datetime:
    """Return until when a rest may last at most that begins at `begin` and may cost `left`."""
    if left <= ZERO:
        return begin
    if unit in HOURLY_UNITS:
        return begin + left
    one_too_many = calendar.end_of(calendar.local_date(begin) + left // ONE_DAY * ONE_DAY)
    return min(begin + left, one_too_many - INSTANT)
