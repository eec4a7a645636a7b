"""Agreement among experts and risk between bands: worked figures and what always holds."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.consensus import NotRanks, concordance, spread
from insights.risk import BANDS, level, scores, total


def ranks(*rows: str) -> list[list[Fraction]]:
    return [[Fraction(one) for one in row.split()] for row in rows]


def test_experts_who_disagree_and_who_agree():
    first = ranks("1 2 3 4", "3 1 4 2", "2 4 1 3", "1 3 4 2", "4 1 2 3")
    second = ranks("1 2 3 4", "1 3 2 4", "2 1 3 4", "1 2 4 3", "1 2 3 4")
    assert concordance(first)["W"] == Fraction(108, 1500)
    assert concordance(second)["W"] == Fraction(1164, 1500)
    assert concordance(second)["chi2"] == Fraction("11.64")


@pytest.mark.parametrize("rows", [("1 2",), ("1", "1"), ("1 2", "1 3"), ("1 1", "1 2"), ()])
def test_numbers_that_are_no_ranks(rows):
    with pytest.raises(NotRanks):
        concordance(ranks(*rows))


@given(st.lists(st.permutations([1, 2, 3, 4, 5]), min_size=2, max_size=9))
def test_concordance_is_between_none_and_all(rows):
    found = concordance([[Fraction(one) for one in row] for row in rows])["W"]
    assert 0 <= found <= 1


def test_one_far_rating_ends_the_consensus():
    near = spread([Fraction(one) for one in (4, 4, 4, 5, 4, 4, 3)])
    far = spread([Fraction(one) for one in (3, 4, 4, 5, 2, 4, 3)])
    assert (near["consensus"], far["consensus"]) == (True, False)
    assert far["iqr"] == 1


@given(st.tuples(*[st.decimals(0, 100, places=3, allow_nan=False)] * len(BANDS)))
def test_scores_stay_between_0_and_100_and_so_does_the_total(values):
    scored = scores(dict(zip(BANDS, values, strict=True)))
    assert all(0 <= one <= 100 for one in scored)
    assert 0 <= total(scored) <= 100


@pytest.mark.parametrize(
    ("score", "expected"), [("39.99", "low"), ("40", "medium"), ("69.99", "medium"), ("70", "high")]
)
def test_levels_begin_at_their_edges(score, expected):
    assert level(Decimal(score)) == expected
    assert level(Decimal(score), safety=True) == "high"
