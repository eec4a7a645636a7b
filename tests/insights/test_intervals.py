"""Intervals: known values, bounds that hold, the same figure for the same answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.intervals import bootstrap_mean, wilson


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_published_values(hits: int, count: int, low: float, high: float) -> None:
    found = wilson(hits, count)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_nothing_asked_gives_nothing() -> None:
    assert wilson(0, 0) is None
    assert bootstrap_mean([]) is None
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_its_share_and_mirrors(pair: tuple[int, int]) -> None:
    hits, count = pair
    found, mirror = wilson(hits, count), wilson(count - hits, count)
    if found is None or mirror is None:
        assert count == 0
        return
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low == pytest.approx(1 - mirror.high)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_bootstrap_is_the_same_in_any_order(values: list[int]) -> None:
    found = bootstrap_mean(values, draws=200)
    turned = bootstrap_mean(values[::-1], draws=200)
    assert found == turned
    assert found is not None
    assert min(values) <= found.low <= found.high <= max(values)


def test_bootstrap_is_near_the_normal_interval_of_many_answers() -> None:
    values = [1, 2, 3, 4, 5] * 80
    found = bootstrap_mean(values)
    assert found is not None
    # sd is the root of 2, 400 answers: 1.96 x 1.4142 / 20 = 0.1386
    assert found.low == pytest.approx(3 - 0.1386, abs=0.02)
    assert found.high == pytest.approx(3 + 0.1386, abs=0.02)
