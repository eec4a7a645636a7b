"""Deadlines are named by their last day, and shares as they are, so that they make the whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from config.templatetags.notices import moment_of_text
from config.templatetags.present import (
    deadline,
    due_day_time,
    due_moment,
    due_time,
    percent_exact,
)
from liability.shares import equal_shares

MIDNIGHT = datetime(2026, 12, 31, 16, tzinfo=UTC)
"""24:00 of the last day of the year in Shanghai."""
AFTERNOON = datetime(2026, 12, 31, 6, 30, tzinfo=UTC)


def test_the_end_of_a_day_is_that_day() -> None:
    assert due_time(MIDNIGHT) == "2026-12-31 23:59"
    assert due_day_time(MIDNIGHT) == "12 月 31 日 23:59"
    assert due_moment(MIDNIGHT, AFTERNOON) == "今天 23:59"
    assert due_moment(MIDNIGHT, MIDNIGHT) == "昨天 23:59"
    assert moment_of_text(MIDNIGHT.isoformat()) == "2026-12-31 23:59"
    assert deadline(MIDNIGHT, AFTERNOON).startswith("12 月 31 日 23:59")
    with translation.override("en"):
        assert due_day_time(MIDNIGHT) == "31 Dec 23:59"


def test_the_end_of_february_in_a_leap_year() -> None:
    assert due_time(datetime(2028, 2, 29, 16, tzinfo=UTC)) == "2028-02-29 23:59"


def test_other_moments_stay_as_they_are() -> None:
    assert due_time(MIDNIGHT + timedelta(minutes=1)) == "2027-01-01 00:01"
    assert due_time(AFTERNOON) == "2026-12-31 14:30"


def test_without_a_deadline_there_is_a_dash() -> None:
    assert [write(None) for write in (due_time, due_day_time, due_moment, percent_exact)] == (
        ["--"] * 4
    )


@pytest.mark.parametrize(
    ("share", "words"), [("33.34", "33.34%"), ("60.00", "60%"), ("100", "100%"), ("0.10", "0.1%")]
)
def test_shares_are_written_as_they_are(share: str, words: str) -> None:
    assert percent_exact(Decimal(share)) == words


def test_thirds_shown_make_a_hundred() -> None:
    shown = [Decimal(percent_exact(share).rstrip("%")) for share in equal_shares(3)]
    assert sum(shown) == 100
