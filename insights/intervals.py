"""How far a share or a mean of few answers may be trusted: 95 % intervals. Pure arithmetic.

Shares: Wilson's score interval, which stays within 0 and 1 and holds for few answers (Wilson 1927;
Brown, Cai, DasGupta 2001). Means of ratings: the percentile bootstrap, with a fixed seed, so that
the same answers always give the same figure.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
DRAWS = 2000
SEED = 20_261_122


@dataclass(frozen=True)
class Interval:
    """A value with the bounds within which the true one lies, at 95 %."""

    value: float
    low: float
    high: float
    count: int


def wilson(hits: int, count: int, *, z: float = Z95) -> Interval | None:
    """Return a share with Wilson's bounds; None of nothing. ValueError for hits beyond count."""
    if not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count}")
    if count == 0:
        return None
    share, square = hits / count, z * z
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = sqrt(share * (1 - share) / count + square / (4 * count * count))
    half = z * spread / (1 + square / count)
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    high = 1.0 if hits == count else min(1.0, middle + half)
    return Interval(share, low, high, count)


def bootstrap_mean(
    values: Sequence[int], *, draws: int = DRAWS, seed: int = SEED
) -> Interval | None:
    """Return the mean with bootstrap bounds (2.5th and 97.5th percentile); None of no values.

    The order of the values does not matter.
    """
    if not values:
        return None
    chance, ordered, count = random.Random(seed), sorted(values), len(values)
    means = sorted(sum(chance.choices(ordered, k=count)) / count for _draw in range(draws))
    low, high = means[int(0.025 * (draws - 1))], means[int(0.975 * (draws - 1))]
    return Interval(sum(ordered) / count, low, high, count)
