"""Units sold: how many articles there were to complain about, per key and day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import exp
from statistics import median

from liability.detection.series import Key

_GRID = 7
_LASTING = 365.0
"""Days after which a sold article's share in the complaints has fallen to 1/e."""


class _Curve:
    """A quantity per day, summed on a grid of weeks, read by interpolation; constant outside."""

    def __init__(self, start: int, values: list[float]) -> None:
        self._start, self._first, self._last = start, values[0], values[-1]
        sums = [0.0]
        for value in values:
            sums.append(sums[-1] + value * _GRID)
        self._sums = sums

    def until(self, day: int) -> float:
        """Return the sum from the curve's start until the end of a day; negative before it."""
        place = (day + 1 - self._start) / _GRID
        if place <= 0:
            return place * _GRID * self._first
        whole = int(place)
        if whole >= len(self._sums) - 1:
            beyond = (place - len(self._sums) + 1) * _GRID
            return self._sums[-1] + beyond * self._last
        below, above = self._sums[whole], self._sums[whole + 1]
        return below + (place - whole) * (above - below)


class Units:
    """Units by key and day, in two readings of which the larger expectation counts.

    `sold`: complaints follow what is being sold. `stock`: they follow what is in use, to which
    each sold unit counts less as years go by. A quantity without a period holds for all days.
    """

    readings = ("sold", "stock")

    def __init__(
        self,
        sales: Mapping[Key, Iterable[tuple[int | None, float]]],
        places: Sequence[int] | None = None,
    ) -> None:
        """Take, for each key, the first day of a period (None: always) and its units.

        `places` says which columns of a watched key the keys of the sales have; None: all.
        """
        tidied = {key: _tidy(rows) for key, rows in sales.items()}
        self._sales = {key: rows for key, rows in tidied.items() if any(units for _, units in rows)}
        self._places = places
        self._curves: dict[Key, dict[str, _Curve]] = {}
        self._typical = _typical(self._sales.values())

    def knows(self, key: Key) -> bool:
        """Whether units of that key were given."""
        return self._sold(key) in self._sales

    def _sold(self, key: Key) -> Key:
        return key if self._places is None else tuple(key[place] for place in self._places)

    def measure(self, key: Key, reading: str, after: int, until: int) -> float:
        """Return unit-days in (after, until]; a key without units counts as a typical one."""
        sold = self._sold(key)
        if sold not in self._sales:
            return self._typical * max(0, until - after)
        if sold not in self._curves:
            self._curves[sold] = _curves(self._sales[sold])
        curve = self._curves[sold][reading]
        return max(0.0, curve.until(until) - curve.until(after))


def _tidy(rows: Iterable[tuple[int | None, float]]) -> list[tuple[int | None, float]]:
    """Sum what was given for the same period, in order of time."""
    summed: dict[int | None, float] = {}
    for start, units in rows:
        summed[start] = summed.get(start, 0.0) + units
    if None in summed:
        return [(None, sum(summed.values()))]
    return sorted(summed.items(), key=lambda row: row[0] or 0)


def _typical(all_sales: Iterable[list[tuple[int | None, float]]]) -> float:
    densities = [sum(units for _, units in _daily(rows)) / len(rows) for rows in all_sales]
    return median(densities) if densities else 1.0


def _daily(rows: list[tuple[int | None, float]]) -> list[tuple[int, float]]:
    """Return periods with units a day; the last period is as long as the one before it."""
    starts = [start for start, _ in rows if start is not None]
    if not starts:
        return [(0, units) for _, units in rows]
    lengths = [later - earlier for earlier, later in pairwise(starts)]
    lengths.append(lengths[-1] if lengths else 30)
    return [
        (start, units / length)
        for start, (_, units), length in zip(starts, rows, lengths, strict=True)
    ]


def _curves(rows: list[tuple[int | None, float]]) -> dict[str, _Curve]:
    daily = _daily(rows)
    starts = [start for start, _ in daily]
    first, last = starts[0], starts[-1] + 400
    fading = exp(-_GRID / _LASTING)
    stock = max(daily[0][1], 0.0)
    sold, stocks = [], []
    for day in range(first, last, _GRID):
        now = daily[max(0, bisect_right(starts, day + _GRID // 2) - 1)][1]
        stock = stock * fading + now * (1 - fading)
        sold.append(now)
        stocks.append(stock)
    return {"sold": _Curve(first, sold), "stock": _Curve(first, stocks)}
