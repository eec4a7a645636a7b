"""How long an offer stands, and how long we wait after the second notice. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from complaints.clock_arithmetic import WorkingCalendar

OFFER_DAYS = 7
FEWEST_OFFER_DAYS = 3
MOST_OFFER_DAYS = 60
ROUNDS_BEFORE_MEDIATION = 3
"""Offers that led nowhere, after which a third party is proposed to both sides."""
WAIT_AFTER_SECOND_NOTICE = timedelta(hours=48)


def offer_end(sent_at: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return the last minute of an offer: 23:59 of its last day, which is a working day.

    The day of sending does not count, so that a day of the offer is never a part of one.
    """
    day = calendar.local_date(sent_at) + timedelta(days=days)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(23, 59), tzinfo=ZoneInfo(calendar.zone))
