"""Whether experts agree: Kendall's W over their rankings, spread of their ratings (Delphi method).

W is corrected for ties: W = 12·S / (m²(n³−n) − m·ΣT), χ² = m(n−1)W with n−1 degrees of freedom.
Quartiles are linear (type 7), the deviation has n−1. A panel agrees from W ≥ 0.7 with p < 0.05, on
one item from an interquartile range of a quarter of the scale (1 of 5 points) and CV < 0.25.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_EXPERTS, MOST_ITEMS = 1000, 1000
AGREEING_W = Fraction(7, 10)
AGREEING_CV = 0.25
SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Concordance:
    """How far a panel ranks alike. `w` is None where every expert calls every item equal."""

    rank_sums: tuple[Fraction, ...]
    squares: Fraction
    ties: Fraction
    w: Fraction | None
    chi2: Fraction | None
    degrees: int

    @property
    def p(self) -> float | None:
        """How likely as much agreement is by chance."""
        return None if self.chi2 is None else chance_of(float(self.chi2), self.degrees)

    @property
    def agreed(self) -> bool:
        """Say whether the panel agrees."""
        return self.w is not None and self.w >= AGREEING_W and (self.p or 0) < SIGNIFICANT


@dataclass(frozen=True)
class Spread:
    """Where the ratings of one item lie."""

    mean: float
    median: float
    q1: float
    q3: float
    sd: float
    cv: float
    agreed: bool


def concordance(ranks: Sequence[Sequence[Fraction]]) -> Concordance:
    """Return how alike experts rank; each row is one expert's ranks of all items, ties in the mean.

    Raises ValueError for fewer than two experts or items and for a row that is no ranking.
    """
    m, n = len(ranks), len(ranks[0]) if ranks else 0
    if m < 2 or n < 2:
        raise ValueError("needs at least two experts and two items")
    for number, row in enumerate(ranks, start=1):
        if len(row) != n or not is_ranking(row):
            raise ValueError(f"row {number} does not rank {n} items from 1, ties in the mean")
    sums = tuple(sum(column, Fraction(0)) for column in zip(*ranks, strict=True))
    middle = sum(sums, Fraction(0)) / n
    squares = sum(((total - middle) ** 2 for total in sums), Fraction(0))
    ties = Fraction(sum(t**3 - t for row in ranks for t in Counter(row).values()))
    most = m * m * (n**3 - n) - m * ties
    w = 12 * squares / most if most else None
    chi2 = None if w is None else m * (n - 1) * w
    return Concordance(sums, squares, ties, w, chi2, n - 1)


def is_ranking(row: Sequence[Fraction]) -> bool:
    """Say whether a row holds ranks from 1 on, equal ones each as the mean of their places."""
    ordered, place = sorted(row), 0
    for rank, count in sorted(Counter(ordered).items()):
        if rank != place + Fraction(count + 1, 2):
            return False
        place += count
    return True


def spread(ratings: Sequence[int], *, scale: int = 5) -> Spread:
    """Return where ratings from 1 to `scale` lie.

    Raises ValueError for fewer than two ratings and for one that is off the scale.
    """
    if len(ratings) < 2:
        raise ValueError("needs at least two ratings")
    if any(not 1 <= rating <= scale for rating in ratings):
        raise ValueError(f"holds a rating that is not from 1 to {scale}")
    q1, median, q3 = statistics.quantiles(ratings, n=4, method="inclusive")
    mean, sd = statistics.fmean(ratings), statistics.stdev(ratings)
    agreed = q3 - q1 <= (scale - 1) / 4 and sd / mean < AGREEING_CV
    return Spread(mean, median, q1, q3, sd, sd / mean, agreed)


def chance_of(chi2: float, degrees: int) -> float:
    """Return the upper tail of the χ² distribution, by its finite sums for whole degrees."""
    half = chi2 / 2
    if half <= 0:
        return 1.0
    if degrees % 2 == 0:
        start, tail = 0.0, 0.0
    else:
        start, tail = 0.5, math.erfc(math.sqrt(half))
    steps = degrees // 2
    for step in range(steps):
        power = step + start
        tail += math.exp(power * math.log(half) - half - math.lgamma(power + 1))
    return min(1.0, tail)
