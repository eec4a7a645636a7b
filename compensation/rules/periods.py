"""Last days of periods: the first day does not count (民法典 art 201), months end on the day that
corresponds or on the month's last (202), a last day of rest moves to the next working day (203)."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import Protocol

ONE_DAY = timedelta(days=1)


class WorkingDays(Protocol):
    """Whatever knows on which days people work."""

    def is_working_day(self, day: date) -> bool:
        """Say whether people work on a day."""


def rolled(day: date, calendar: WorkingDays) -> date:
    """Return the day, or the next working day where people rest on it."""
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day


def days_after(start: date, count: int, calendar: WorkingDays) -> date:
    """Return the last day of a period of days."""
    return rolled(start + timedelta(days=count), calendar)


def months_later(start: date, count: int) -> date:
    """Return the day that corresponds to `start`, or the last of its month."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def months_after(start: date, count: int, calendar: WorkingDays) -> date:
    """Return the last day of a period of months."""
    return rolled(months_later(start, count), calendar)


def working_days_after(start: date, count: int, calendar: WorkingDays) -> date:
    """Return the last of some working days after `start`."""
    day = start
    while count > 0:
        day += ONE_DAY
        count -= calendar.is_working_day(day)
    return day
