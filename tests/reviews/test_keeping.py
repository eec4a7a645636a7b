"""How long a case is kept: the arithmetic, for any dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.keeping import MOST_MONTHS, Period, erasable_from, last_day_of, terms_of

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31))
PERIODS = st.lists(
    st.builds(
        Period,
        code=st.sampled_from(["ordinary", "paid", "safety"]),
        months=st.integers(1, 240),
        counts_from=st.sampled_from(["closed", "last_payment"]),
        by_law=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize(
    ("begins", "months", "last"),
    [
        ("2026-11-22", 36, "2029-11-22"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_period_ends_on_the_corresponding_day(begins: str, months: int, last: str) -> None:
    assert last_day_of(date.fromisoformat(begins), months) == date.fromisoformat(last)


@pytest.mark.parametrize("months", [0, -1, MOST_MONTHS + 1])
def test_no_period_is_no_period(months: int) -> None:
    with pytest.raises(ValueError, match="not a period"):
        last_day_of(date(2026, 1, 1), months)


@given(DAYS, PERIODS, st.integers(-900, 900))
def test_longest_class_decides_and_no_beginning_shortens(
    closed: date, periods: list[Period], shift: int
) -> None:
    alone = erasable_from(terms_of(periods, {"closed": closed}))
    paid = closed + timedelta(days=shift)
    both = erasable_from(terms_of(periods, {"closed": closed, "last_payment": paid}))

    assert both >= alone > closed
    assert all(alone >= erasable_from(terms_of([one], {"closed": closed})) for one in periods)


@given(DAYS, PERIODS, DAYS)
def test_request_never_lengthens_and_never_passes_the_law(
    closed: date, periods: list[Period], granted: date
) -> None:
    terms = terms_of(periods, {"closed": closed})
    usual, asked = erasable_from(terms), erasable_from(terms, granted_on=granted)

    assert asked <= usual
    assert all(asked >= term.erasable_from for term in terms if term.period.by_law)
    assert asked >= min(granted, usual)
