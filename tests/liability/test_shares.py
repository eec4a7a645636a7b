"""Shares make exactly 100, or what is missing is told; weights become shares."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liability.shares import STEP, WHOLE, apportion, check_shares, equal_shares

WEIGHTS = st.lists(
    st.decimals("0.01", "9999", allow_nan=False, allow_infinity=False, places=2),
    min_size=1,
    max_size=20,
)


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


@pytest.mark.parametrize(
    ("weights", "shares"),
    [
        ("1 1 1", "33.34 33.33 33.33"),
        ("2 1", "66.67 33.33"),
        ("60 30 10", "60 30 10"),
        ("1 1 1 1 1 1 1", "14.29 14.29 14.29 14.29 14.28 14.28 14.28"),
        ("0.5 0.25 0.25", "50 25 25"),
        ("7", "100"),
    ],
)
def test_weights_become_shares(weights: str, shares: str) -> None:
    found = apportion([Decimal(weight) for weight in weights.split()])

    assert found == [Decimal(share) for share in shares.split()]


@pytest.mark.parametrize("weights", [[], ["0"], ["1", "-1"], ["NaN"], ["Infinity"]])
def test_weights_that_divide_nothing_are_refused(weights: list[str]) -> None:
    with pytest.raises(ValueError, match="weights"):
        apportion([Decimal(weight) for weight in weights])


@given(WEIGHTS)
def test_parts_make_the_whole_and_none_is_a_hundredth_off(weights: list[Decimal]) -> None:
    parts, total = apportion(weights), sum(weights)

    assert sum(parts) == WHOLE
    for part, weight in zip(parts, weights, strict=True):
        assert part == part.quantize(STEP)
        assert abs(part - WHOLE * weight / total) < STEP


@given(WEIGHTS)
def test_who_weighs_more_never_gets_less(weights: list[Decimal]) -> None:
    parts = apportion(weights)

    for one, of_one in zip(weights, parts, strict=True):
        for other, of_other in zip(weights, parts, strict=True):
            assert not (one > other and of_one < of_other)


@given(WEIGHTS, st.integers(2, 50))
def test_only_the_ratio_of_weights_counts(weights: list[Decimal], factor: int) -> None:
    assert apportion(weights) == apportion([weight * factor for weight in weights])


@given(st.integers(1, 20))
def test_equal_shares_differ_by_a_hundredth_at_most(parties: int) -> None:
    shares = equal_shares(parties)

    assert sum(shares) == WHOLE
    assert max(shares) - min(shares) <= STEP
    assert shares == sorted(shares, reverse=True)
