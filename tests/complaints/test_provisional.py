"""A due moment that hangs on holidays not published yet is called an estimate."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.states import Role
from complaints.clock_arithmetic import Budget, WorkingCalendar, is_estimate
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.calendars import publish_calendar
from complaints.states import ClockKind, Stage
from tests.complaints.walking import ANYONE, case_in
from tests.config.consumer import browser_of
from tests.factories import make_case, make_user

WORDS = "按尚未公布的日历估算"
NEW_YEARS_EVE = WorkingCalendar(published_to=date(2026, 12, 31))


def budget(unit: str, **fields) -> Budget:
    return Budget(amount=Decimal(5), unit=unit, **fields)


def test_nothing_is_published_where_no_year_was_loaded():
    shipped = WorkingCalendar()
    assert shipped.is_provisional(date(2020, 1, 1))
    assert not NEW_YEARS_EVE.is_provisional(date(2026, 12, 31))
    assert NEW_YEARS_EVE.is_provisional(date(2027, 1, 1))
    assert shipped.as_data()["published_to"] is None


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (budget("working_days"), True),
        (budget("working_hours"), True),
        (budget("working_days", rolls=False), True),
        (budget("calendar_days"), True),
        (budget("calendar_days", rolls=False), False),
        (budget("elapsed_hours"), False),
        (budget("working_days", until=datetime(2027, 3, 1, tzinfo=UTC)), False),
    ],
)
def test_only_what_the_days_of_rest_can_move_is_an_estimate(counted, expected):
    due = datetime(2027, 3, 1, tzinfo=UTC)
    assert is_estimate(counted, due, NEW_YEARS_EVE) is expected
    assert not is_estimate(counted, None, NEW_YEARS_EVE)


def test_end_of_the_last_published_day_is_no_estimate():
    end = NEW_YEARS_EVE.end_of(date(2026, 12, 31))
    assert not is_estimate(budget("working_days"), end, NEW_YEARS_EVE)
    assert is_estimate(budget("working_days"), end + timedelta(hours=1), NEW_YEARS_EVE)


def publish_next_years() -> None:
    known = replace(working_calendar(), published_to=date(now().year + 3, 12, 31))
    publish_calendar("default", known.as_data(), by=ANYONE)


@pytest.mark.django_db
def test_the_desk_calls_an_estimate_so_until_the_year_is_published(client):
    case = case_in(Stage.INVESTIGATING)
    assert case.clocks.filter(kind=ClockKind.INVESTIGATION, state="running").exists()
    client.force_login(make_user(Role.MANAGER))
    page = reverse("desk:case", args=[case.reference])
    assert WORDS in client.get(page).content.decode()
    publish_next_years()
    assert WORDS not in client.get(page).content.decode()


@pytest.mark.django_db
def test_the_consumer_sees_it_too_but_not_beside_plain_hours():
    for case, expected in ((case_in(Stage.INVESTIGATING), True), (make_case(), False)):
        page = browser_of(case).get(reverse("track:case", args=[case.reference]))
        assert (WORDS in page.content.decode()) is expected
