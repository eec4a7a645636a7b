"""Agreement among experts: worked rounds, and what must hold for any panel."""

from __future__ import annotations

import statistics
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.consensus import chance_of, concordance, is_ranking, spread


def exact(*rows: str) -> list[list[Fraction]]:
    return [[Fraction(rank) for rank in row.split()] for row in rows]


@st.composite
def panels(draw: st.DrawFn) -> list[list[Fraction]]:
    """Draw the rankings of two to nine experts over two to seven items, with ties."""
    items = draw(st.integers(2, 7))
    marks = st.lists(st.integers(1, items), min_size=items, max_size=items)
    rows = []
    for row in draw(st.lists(marks, min_size=2, max_size=9)):
        less = [sum(other < mark for other in row) for mark in row]
        alike = [row.count(mark) for mark in row]
        rows.append(
            [below + Fraction(equal + 1, 2) for below, equal in zip(less, alike, strict=True)]
        )
    return rows


def test_second_round_of_five_experts_agrees() -> None:
    found = concordance(exact("1 2 3 4", "1 3 2 4", "2 1 3 4", "1 2 4 3", "1 2 3 4"))

    assert [int(total) for total in found.rank_sums] == [6, 10, 15, 19]
    assert found.squares == 97
    assert found.w == Fraction(1164, 1500)
    assert float(found.chi2) == pytest.approx(11.64)
    assert found.p < 0.01
    assert found.agreed


def test_first_round_does_not() -> None:
    found = concordance(exact("1 2 3 4", "3 1 4 2", "2 4 1 3", "1 3 4 2", "4 1 2 3"))

    assert float(found.w) == pytest.approx(0.072)
    assert found.p > 0.05
    assert not found.agreed


def test_a_panel_that_calls_all_equal_has_no_coefficient() -> None:
    found = concordance(exact("2 2 2", "2 2 2"))

    assert (found.w, found.chi2, found.p, found.agreed) == (None, None, None, False)


@pytest.mark.parametrize(
    "rows",
    [
        ["1 2 3"],
        ["1", "1"],
        ["1 2 3", "1 2"],
        ["1 2 2", "1 2 3"],
        ["0 1 2", "1 2 3"],
        ["1 1 3"] * 2,
    ],
)
def test_what_is_no_panel_is_refused(rows: list[str]) -> None:
    with pytest.raises(ValueError, match=r"needs|rank"):
        concordance(exact(*rows))


@given(panels())
def test_concordance_lies_between_none_and_full(panel: list[list[Fraction]]) -> None:
    found = concordance(panel)

    assert found.w is None or 0 <= found.w <= 1
    assert found.p is None or 0 <= found.p <= 1
    assert sum(found.rank_sums) == Fraction(len(panel) * len(panel[0]) * (len(panel[0]) + 1), 2)


@given(panels(), st.randoms())
def test_neither_experts_nor_items_have_an_order(panel: list[list[Fraction]], random) -> None:
    places = list(range(len(panel[0])))
    random.shuffle(places)
    turned = [[row[place] for place in places] for row in panel]
    random.shuffle(turned)

    assert concordance(turned).w == concordance(panel).w


@given(panels(), st.integers(2, 5))
def test_a_panel_of_one_mind_agrees_fully(panel: list[list[Fraction]], times: int) -> None:
    found = concordance([panel[0]] * times)

    assert found.w in (1, None)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=40))
def test_quartiles_lie_in_order_within_the_ratings(ratings: list[int]) -> None:
    found = spread(ratings)

    told = [min(ratings), found.q1, found.median, found.q3, max(ratings)]
    assert all(a <= b for a, b in pairwise(told))
    assert found.mean == pytest.approx(statistics.fmean(ratings))


def test_ratings_that_lie_close_agree() -> None:
    assert not spread([3, 4, 4, 5, 2, 4, 3]).agreed
    assert spread([4, 4, 4, 5, 4, 4, 3]).agreed


@pytest.mark.parametrize("ratings", [[], [4], [0, 3], [6, 3]])
def test_ratings_off_the_scale_are_refused(ratings: list[int]) -> None:
    with pytest.raises(ValueError, match="rating"):
        spread(ratings)


@pytest.mark.parametrize(
    ("chi2", "degrees", "tail"),
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (7.815, 3, 0.05), (11.345, 3, 0.01), (18.307, 10, 0.05)],
)
def test_tail_is_that_of_the_tables(chi2: float, degrees: int, tail: float) -> None:
    assert chance_of(chi2, degrees) == pytest.approx(tail, abs=1e-4)


def test_ties_take_the_mean_of_their_places() -> None:
    assert is_ranking(exact("1 2.5 2.5 4")[0])
    assert not is_ranking(exact("1 2 2 4")[0])
