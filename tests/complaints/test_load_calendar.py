"""Every start fills the calendars, and never undoes what a person published."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from complaints.clock_arithmetic import WorkingCalendar
from complaints.management.commands import load_calendar
from complaints.models import BusinessCalendar, CalendarVersion
from complaints.services.calendars import DayOff, publish_calendar, with_days
from tests.complaints.walking import ANYONE

pytestmark = pytest.mark.django_db
NATIONAL_DAY = date(2026, 10, 1)


def current(key: str = "default") -> WorkingCalendar:
    return WorkingCalendar.from_data(BusinessCalendar.objects.get(key=key).current.data)


def load(**options) -> str:
    told = StringIO()
    call_command("load_calendar", first_year=2025, last_year=2027, stdout=told, **options)
    return told.getvalue()


def days_file(folder: Path, *lines: str) -> Path:
    path = folder / "days.csv"
    path.write_text("\n".join(["date,works", *lines]), encoding="utf-8")
    return path


def test_a_start_fills_the_calendars_of_both_regions():
    assert current().is_provisional(NATIONAL_DAY)
    told = load()
    assert "default: " in told and "uk: " in told
    assert not current().is_working_day(NATIONAL_DAY)
    assert current().published_to == current("uk").published_to == date(2026, 12, 31)
    assert not current("uk").is_working_day(date(2026, 8, 31))
    assert current("uk").is_working_day(NATIONAL_DAY)


def test_starting_twice_around_an_import_keeps_what_was_imported(tmp_path):
    load()
    load(file=days_file(tmp_path, "2027-01-01,no", "2027-01-03,yes"))
    imported = current()
    assert imported.published_to == date(2027, 12, 31)
    versions = CalendarVersion.objects.count()
    load()
    load()
    assert current() == imported
    assert NATIONAL_DAY in imported.rest_days
    assert CalendarVersion.objects.count() == versions


def test_a_year_that_a_person_wrote_is_kept_until_it_is_replaced():
    by_hand = with_days(
        current(), [DayOff(date(2026, 10, 9), works=False)], years=[2026], published_to=None
    )
    publish_calendar("default", by_hand.as_data(), by=ANYONE)
    load()
    assert date(2026, 10, 9) in current().rest_days
    assert NATIONAL_DAY not in current().rest_days
    assert date(2025, 10, 1) in current().rest_days
    load(calendar="default", replace=True)
    assert date(2026, 10, 9) not in current().rest_days
    assert NATIONAL_DAY in current().rest_days


def test_the_next_publication_fills_the_year_that_was_open(monkeypatch):
    load()
    monkeypatch.setattr(load_calendar, "LAST_PUBLISHED_YEAR", 2027)
    load(calendar="uk")
    assert current("uk").published_to == date(2027, 12, 31)
    assert not current("uk").is_working_day(date(2027, 1, 1))


def test_an_unknown_calendar_is_named():
    with pytest.raises(CommandError, match="nowhere"):
        load(calendar="nowhere")
