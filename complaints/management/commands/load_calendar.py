"""Publishes a working calendar: from the `holidays` package, or from a file of days."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import holidays
from django.core.management.base import BaseCommand, CommandError, CommandParser

from complaints.actors import Actor
from complaints.models import BusinessCalendar
from complaints.moments import now
from complaints.selectors.policies import DEFAULT_CALENDAR, working_calendar_named
from complaints.services.calendars import DayOff, publish_calendar, with_days

LAST_PUBLISHED_YEAR = 2026
"""The last year whose make-up days the State Council had published when this was written."""


class Command(BaseCommand):
    """Publish a new version where the days differ; open cases are computed anew."""

    help = (
        "Load public holidays and make-up working days (调休): from the holidays package, or "
        "from a CSV file with the columns date and works (yes or no). The days of the years "
        "loaded are replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        this_year = now().year
        parser.add_argument("--calendar", default=DEFAULT_CALENDAR)
        parser.add_argument("--first-year", type=int, default=this_year - 1)
        parser.add_argument("--last-year", type=int, default=this_year + 1)
        parser.add_argument("--file", type=Path, help="CSV file of published days")

    def handle(self, *args: Any, **options: Any) -> None:
        row = BusinessCalendar.objects.filter(key=options["calendar"]).first()
        if row is None:
            raise CommandError(f"no calendar {options['calendar']!r}")
        if options["file"]:
            days = list(read_days(options["file"]))
            years = {one.day.year for one in days}
            published = date(max(years), 12, 31) if years else None
        else:
            years = set(range(options["first_year"], options["last_year"] + 1))
            days = [day for year in sorted(years) for day in packaged_days(row.region, year)]
            published = date(LAST_PUBLISHED_YEAR, 12, 31)
        calendar = with_days(
            working_calendar_named(row.key), days, years=years, published_to=published
        )
        moved = publish_calendar(row.key, calendar.as_data(), by=Actor.system())
        self.stdout.write(f"{row.key}: version {calendar.version}, {moved} clocks moved")


def packaged_days(region: str, year: int) -> Iterator[DayOff]:
    """Yield what the package knows of a year; where it is not published, weekly rest only."""
    if not region or (region == "CN" and year > LAST_PUBLISHED_YEAR):
        return
    known = holidays.country_holidays(region, years=year)
    for day in known:
        if day.year == year:
            yield DayOff(day, works=False)
    for day in getattr(known, "weekend_workdays", ()):
        if day.year == year:
            yield DayOff(day, works=True)


def read_days(path: Path) -> Iterator[DayOff]:
    """Yield the days of a file; CommandError names the line that is wrong."""
    with path.open(newline="", encoding="utf-8-sig") as lines:
        reader = csv.DictReader(lines)
        if not {"date", "works"} <= set(reader.fieldnames or ()):
            raise CommandError(f"{path}: the first line must name the columns date and works")
        for row in reader:
            works = {"yes": True, "no": False}.get((row["works"] or "").strip().lower())
            try:
                day = date.fromisoformat((row["date"] or "").strip())
            except ValueError as error:
                raise CommandError(f"{path} line {reader.line_num}: {error}") from error
            if works is None:
                raise CommandError(f"{path} line {reader.line_num}: works must be yes or no")
            yield DayOff(day, works=works)
