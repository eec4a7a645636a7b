"""Working calendars as published, by region, without a database."""

from __future__ import annotations

from datetime import date
from functools import cache

from complaints.clock_arithmetic import WorkingCalendar
from complaints.management.commands.load_calendar import LAST_PUBLISHED_YEAR, packaged_days

FIRST_YEAR = 2004
ZONES = {"CN": "Asia/Shanghai", "GB": "Europe/London", "EU": "Europe/Brussels"}


@cache
def published_calendar(region: str = "CN") -> WorkingCalendar:
    """Return the working days of a region; after the last published year only weekends rest."""
    source = "" if region == "EU" else region
    years = range(FIRST_YEAR, LAST_PUBLISHED_YEAR + 1)
    days = [day for year in years for day in packaged_days(source, year)]
    make_up = frozenset(one.day for one in days if one.works)
    return WorkingCalendar(
        zone=ZONES[region],
        rest_days=frozenset(one.day for one in days if not one.works) - make_up,
        make_up_days=make_up,
        published_to=date(LAST_PUBLISHED_YEAR, 12, 31),
        key=region,
    )
