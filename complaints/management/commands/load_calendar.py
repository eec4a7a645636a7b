"""Publishes a working calendar: from the `holidays` package, or from a file of days."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import holidays
from django.core.management.base import BaseCommand, CommandError, CommandParser

from complaints.actors import Actor
from complaints.clock_arithmetic import WorkingCalendar
from complaints.models import BusinessCalendar
from complaints.moments import now
from complaints.selectors.policies import (
    DEFAULT_CALENDAR,
    forget_policies,
    working_calendar_named,
)
from complaints.services.calendars import DayOff, publish_calendar, with_days

LAST_PUBLISHED_YEAR = 2026
"""The last year whose make-up days the State Council had published when this was written."""

PLACES = {"GB": "ENG"}
"""The part of a country whose holidays its calendar keeps, where the parts differ."""


class Command(BaseCommand):
    """Publish a new version where the days differ; open cases are computed anew.

    What a person published is changed only by `--file` and `--replace`: every start runs this.
    """

    help = (
        "Load public holidays and make-up working days (调休): from the holidays package, or "
        "from a CSV file with the columns date and works (yes or no). The package fills only "
        "years that a calendar does not know yet, unless --replace is given; a file replaces "
        "the days of its years."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        this_year = now().year
        parser.add_argument("--calendar", help="key; without one, every calendar of a region")
        parser.add_argument("--first-year", type=int, default=this_year - 1)
        parser.add_argument("--last-year", type=int, default=this_year + 1)
        parser.add_argument("--file", type=Path, help="CSV file of published days")
        parser.add_argument("--replace", action="store_true", help="replace years that are known")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            row = _calendar(options["calendar"] or DEFAULT_CALENDAR)
            days = list(read_days(options["file"]))
            self.publish(row, days, years={one.day.year for one in days})
            return
        wanted = range(options["first_year"], options["last_year"] + 1)
        for row in _calendars(options["calendar"]):
            years = set(wanted) if options["replace"] else unknown_years(row, wanted)
            days = [day for year in sorted(years) for day in packaged_days(row.region, year)]
            published = {year for year in years if year <= LAST_PUBLISHED_YEAR}
            self.publish(row, days, years=years, published=published)

    def publish(
        self,
        row: BusinessCalendar,
        days: list[DayOff],
        *,
        years: set[int],
        published: set[int] | None = None,
    ) -> None:
        """Put the days of these years into a calendar; without any year nothing is changed."""
        known = years if published is None else published
        forget_policies()
        calendar, moved = working_calendar_named(row.key), 0
        if years:
            known_to = date(max(known), 12, 31) if known else None
            calendar = with_days(calendar, days, years=years, published_to=known_to)
            moved = publish_calendar(row.key, calendar.as_data(), by=Actor.system())
        self.stdout.write(f"{row.key}: version {calendar.version}, {moved} clocks moved")


def _calendar(key: str) -> BusinessCalendar:
    row = BusinessCalendar.objects.filter(key=key).first()
    if row is None:
        raise CommandError(f"no calendar {key!r}")
    return row


def _calendars(key: str | None) -> list[BusinessCalendar]:
    if key:
        return [_calendar(key)]
    return list(BusinessCalendar.objects.exclude(region="").order_by("pk"))


def unknown_years(row: BusinessCalendar, years: Iterable[int]) -> set[int]:
    """Return those published years of which a calendar lists no day and that nobody published."""
    calendar = WorkingCalendar.from_data(row.current.data)
    listed = {day.year for day in calendar.rest_days | calendar.make_up_days}
    return {
        year
        for year in years
        if year <= LAST_PUBLISHED_YEAR
        and year not in listed
        and calendar.is_provisional(date(year, 12, 31))
    }


def packaged_days(region: str, year: int) -> Iterator[DayOff]:
    """Yield what the package knows of a year; where it is not published, weekly rest only."""
    if not region or (region == "CN" and year > LAST_PUBLISHED_YEAR):
        return
    known = holidays.country_holidays(region, subdiv=PLACES.get(region), years=year)
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
