"""Shares make exactly 100, whatever they are made of."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liability.shares import check_shares, equal_shares, largest_remainder

weights = st.lists(
    st.decimals(min_value=0, max_value=10_000, places=4), min_size=1, max_size=25
).filter(lambda values: sum(values) > 0)


@given(weights)
def test_shares_make_exactly_a_hundred(values: list[Decimal]) -> None:
    assert sum(largest_remainder(values)) == 100


@given(weights)
def test_no_share_is_a_hundredth_away_from_its_exact_value(values: list[Decimal]) -> None:
    total = sum(values)
    for share, weight in zip(largest_remainder(values), values, strict=True):
        assert abs(share - weight * 100 / total) < Decimal("0.01") + Decimal("1e-20")


@given(weights)
def test_a_larger_weight_never_gets_less(values: list[Decimal]) -> None:
    shares = largest_remainder(values)
    for share, weight in zip(shares, values, strict=True):
        assert all(share >= other for other, w in zip(shares, values, strict=True) if weight > w)


@given(st.integers(min_value=1, max_value=200))
def test_equal_shares_differ_by_a_hundredth_at_most(count: int) -> None:
    shares = equal_shares(count)

    assert sum(shares) == 100
    assert max(shares) - min(shares) <= Decimal("0.01")


def test_three_equal_shares() -> None:
    assert equal_shares(3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


@pytest.mark.parametrize("values", [[], [0], [0, 0], [5, -1]])
def test_weights_that_make_no_sense_are_refused(values: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        largest_remainder(values)


@pytest.mark.parametrize(
    ("shares", "missing"),
    [(["100"], "0"), (["60", "30"], "10"), (["60", "40.01"], "-0.01"), ([], "100")],
)
def test_what_is_missing_is_told(shares: list[str], missing: str) -> None:
    assert check_shares([Decimal(share) for share in shares]) == Decimal(missing)


@pytest.mark.parametrize("share", ["0", "-5", "100.01", "33.333"])
def test_what_is_no_share_is_refused(share: str) -> None:
    with pytest.raises(ValueError, match="not a share"):
        check_shares([Decimal(share)])
