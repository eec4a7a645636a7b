"""Weights of evidence stay between 0 and 1 and go the way that they should."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liability.weights import Look, leaning, side_weight, weight_of

TABLE = {
    "official_test": Decimal("0.95"),
    "photo": Decimal("0.55"),
    "statement": Decimal("0.25"),
    "copy": Decimal("0.80"),
    "tamper": Decimal("0.30"),
    "doubt": Decimal("0.90"),
}
KINDS = st.sampled_from(["official_test", "photo", "statement"])
SHARES = st.decimals(min_value=0, max_value=1, places=2)
LOOKS = st.builds(Look, KINDS, st.booleans(), st.booleans(), st.integers(0, 3))


def test_factors_of_the_table_multiply() -> None:
    assert weight_of(Look("official_test"), TABLE) == Decimal("0.95")
    assert weight_of(Look("official_test", is_copy=True), TABLE) == Decimal("0.76")
    assert weight_of(Look("photo", is_tampered=True), TABLE) == Decimal("0.17")
    assert weight_of(Look("photo", doubts=2), TABLE) == Decimal("0.45")


def test_unknown_kinds_and_tables_out_of_range_are_refused() -> None:
    with pytest.raises(KeyError):
        weight_of(Look("rumour"), TABLE)
    with pytest.raises(ValueError, match="between 0 and 1"):
        weight_of(Look("photo"), {**TABLE, "photo": Decimal("1.01")})


@given(LOOKS)
def test_no_flaw_makes_evidence_heavier(look: Look) -> None:
    weight = weight_of(look, TABLE)
    assert 0 <= weight <= TABLE[look.kind]
    worse = Look(look.kind, is_copy=True, is_tampered=True, doubts=look.doubts + 1)
    assert weight_of(worse, TABLE) <= weight


@given(st.lists(SHARES, max_size=8), SHARES)
def test_more_evidence_never_weighs_less_and_order_is_nothing(
    weights: list[Decimal], another: Decimal
) -> None:
    together = side_weight(weights)
    assert 0 <= together <= 1
    assert together >= max(weights, default=Decimal(0))
    assert side_weight([*weights, another]) >= together
    assert side_weight(weights[::-1]) == together


@given(SHARES, SHARES)
def test_leaning_turns_round_with_the_sides(one: Decimal, other: Decimal) -> None:
    assert leaning(one, other) == -leaning(other, one)
    assert leaning(one, one) == 0
