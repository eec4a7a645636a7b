"""Days of an agreement, in local time: the end of a day, and days of work from one on."""

from __future__ import annotations

from datetime import date, timedelta

from complaints.clock_arithmetic import WorkingCalendar
from complaints.moments import now
from complaints.selectors.policies import working_calendar

ONE_DAY = timedelta(days=1)


def today() -> date:
    """Return the local date by the database's clock."""
    return working_calendar().local_date(now())


def working_days_after(day: date, count: int, calendar: WorkingCalendar | None = None) -> date:
    """Return the `count`-th working day after `day`."""
    calendar = calendar or working_calendar()
    while count > 0:
        day += ONE_DAY
        count -= calendar.is_working_day(day)
    return day
