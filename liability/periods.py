"""Periods that begin with a finding. Pure: the start day does not count (民法典 art 201)."""

from __future__ import annotations

from datetime import date, timedelta

from complaints.clock_arithmetic import WorkingCalendar

REVIEW_WINDOW_DAYS = 15
NOTICE_DAYS = 7
ANSWER_DAYS = 5
A_MOMENT = timedelta(seconds=1)
"""A day that ends at midnight is named by itself, not by the day after."""


def last_day(start: date, days: int, calendar: WorkingCalendar) -> date:
    """Return the last day of a period; one that falls on a day of rest rolls (art 203)."""
    day = start + timedelta(days=days)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day
