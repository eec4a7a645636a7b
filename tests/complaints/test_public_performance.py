"""Public figures: from the clocks' own moments, honest about small numbers, with their time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.moments import now, shifted_to
from complaints.selectors.public_performance import (
    Performance,
    counted_performance,
    public_performance,
)
from complaints.services.sweeping import sweep
from complaints.services.triage import accept, classify
from complaints.states import ClockKind
from config.performance import performance_rows
from tests.factories import make_case, staff

pytestmark = pytest.mark.django_db


def accepted(hours: float) -> None:
    case, by = make_case(), staff(Role.AGENT)
    with shifted_to(now() + timedelta(hours=hours)):
        sweep()
        case = classify(case, by=by, severity="minor", category="QUALITY", issue="DEFECT")
        accept(case, by=by, next_steps="检测", expected_on=(now() + timedelta(days=9)).date())


def acknowledgement() -> Performance:
    rows = counted_performance().rows
    return next(row for row in rows if row.kind == ClockKind.ACKNOWLEDGEMENT)


def test_shares_follow_the_moments_of_the_clocks() -> None:
    for hours in [6.0] * 9 + [30.0]:
        accepted(hours)
    with shifted_to(now() + timedelta(hours=40)):
        row = acknowledgement()
        assert (row.kept, row.late, row.open) == (9, 1, 0)
        assert row.share == 90 and row.usual_hours == pytest.approx(6, abs=0.1)


def test_small_number_has_counts_and_no_share() -> None:
    accepted(1)
    row = acknowledgement()
    assert (row.kept, row.share, row.usual_hours, row.usual_share) == (1, None, None, None)
    page = Client().get(reverse("page_performance")).content.decode()
    assert "只有 1 件，不算比例" in page


def test_clock_that_ran_out_unanswered_counts_as_late() -> None:
    make_case()
    with shifted_to(now() + timedelta(hours=25)):
        row = acknowledgement()
        assert (row.kept, row.late, row.open) == (0, 1, 1)


def test_one_late_of_many_is_never_a_hundred_per_cent() -> None:
    found = counted_performance()
    row = Performance("acknowledgement", 24, "elapsed_hours", 99_999, 1, 0, 50.0)
    found.rows.append(row)
    assert performance_rows(found)[-1]["share"] == "99.9%"


def test_figures_say_as_of_when_and_are_counted_at_most_every_quarter() -> None:
    first = public_performance()
    make_case()
    assert public_performance().as_of == first.as_of
    page = Client().get(reverse("page_performance"))
    assert page.context["found"].as_of == first.as_of and "截至" in page.content.decode()


def test_old_clocks_are_left_out() -> None:
    make_case()
    with shifted_to(now() + timedelta(days=91)):
        assert counted_performance().rows == []
