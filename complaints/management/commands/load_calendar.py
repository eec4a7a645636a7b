"""Fill the working calendar from the `holidays` package: public holidays and make-up days."""

from __future__ import annotations

from typing import Any

import holidays
from django.core.management.base import BaseCommand, CommandParser

from complaints.models import CalendarDay
from complaints.moments import now
from complaints.selectors.policies import forget_policies

LAST_PUBLISHED_YEAR = 2026


class Command(BaseCommand):
    """Add or correct days; days that a person entered by hand are kept."""

    help = "Load China's public holidays and make-up working days (调休)."

    def add_arguments(self, parser: CommandParser) -> None:
        this_year = now().year
        parser.add_argument("--first-year", type=int, default=this_year - 1)
        parser.add_argument("--last-year", type=int, default=this_year + 1)

    def handle(self, *args: Any, **options: Any) -> None:
        years = range(options["first_year"], options["last_year"] + 1)
        added = 0
        for year in years:
            known = set(CalendarDay.objects.filter(day__year=year).values_list("day", flat=True))
            added += len(
                CalendarDay.objects.bulk_create(
                    day for day in self._days(year) if day.day not in known
                )
            )
        forget_policies()
        self.stdout.write(f"added {added} days for {years[0]} to {years[-1]}")

    def _days(self, year: int) -> list[CalendarDay]:
        calendar = holidays.country_holidays("CN", years=year)
        provisional = year > LAST_PUBLISHED_YEAR
        rest = [
            CalendarDay(day=day, is_working=False, name=name[:80], is_provisional=provisional)
            for day, name in calendar.items()
            if day.year == year
        ]
        make_up = [
            CalendarDay(day=day, is_working=True, name="调休上班", is_provisional=provisional)
            for day in sorted(calendar.weekend_workdays)
            if day.year == year
        ]
        return rest + make_up
