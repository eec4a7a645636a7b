"""The risk grade: bands, weights, and that more trouble never scores less."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.risk import INDICATORS, grade

CALM = {
    "complaints_per_10k_orders_30d": Decimal(3),
    "handling_time_ratio": Decimal("0.6"),
    "csat": Decimal("4.5"),
    "redress_cost_ratio": Decimal("0.003"),
}
WORST = {
    "complaints_per_10k_orders_30d": Decimal(25),
    "handling_time_ratio": Decimal("1.5"),
    "csat": Decimal(3),
    "redress_cost_ratio": Decimal("0.03"),
}
amounts = st.decimals(0, 50, places=3)


def test_bands_end_where_the_table_says() -> None:
    assert grade(CALM).level == "low"
    assert grade(WORST).total == 100
    assert grade({name: band.low for name, band in INDICATORS.items()}).total == 0
    assert grade({name: band.high for name, band in INDICATORS.items()}).total == 100


def test_bounds_of_the_grades_belong_to_the_higher_one() -> None:
    """Total 70: the three heaviest indicators but one are full; total 40 likewise."""
    rest = (Decimal("0.4"), Decimal("0.3"), Decimal("0.3"), Decimal(0))
    medium = {**CALM, "complaints_per_10k_orders_30d": Decimal(20)}
    high = {**medium, "csat": Decimal("3.5")}

    assert (grade(medium, weights=rest).total, grade(medium, weights=rest).level) == (40, "medium")
    assert (grade(high, weights=rest).total, grade(high, weights=rest).level) == (70, "high")


def test_a_safety_case_lifts_any_score() -> None:
    found = grade(CALM, override="safety_case")

    assert (found.total, found.level, found.override) == (0, "high", "safety_case")


@given(st.fixed_dictionaries(dict.fromkeys(INDICATORS, amounts)), amounts)
def test_more_trouble_never_scores_less(values: dict[str, Decimal], more: Decimal) -> None:
    before = grade(values)
    for name, band in INDICATORS.items():
        worse = values[name] + more if band.high > band.low else values[name] - more
        after = grade({**values, name: worse})
        assert 0 <= before.total <= after.total <= 100


@pytest.mark.parametrize("weights", [["1"], ["0.5", "0.5", "0.5", "-0.5"], ["0.3"] * 4])
def test_weights_make_one(weights: list[str]) -> None:
    with pytest.raises(ValueError, match="make 1"):
        grade(CALM, weights=[Decimal(weight) for weight in weights])
