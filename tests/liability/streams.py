"""Streams of complaints for the tests of the alarm: Poisson counts from a seeded source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp
from random import Random

from liability.detection import Complaint
from liability.detection.series import Key

FIRST_DAY = 737_000


def poisson(source: Random, mean: float) -> int:
    """Draw a count (Knuth's way; means are small here)."""
    floor, count, product = exp(-mean), 0, source.random()
    while product > floor:
        count += 1
        product *= source.random()
    return count


def stream(
    monthly: Mapping[Key, float],
    *,
    days: int,
    seed: int,
    factor: Callable[[Key, int], float] = lambda key, day: 1.0,
) -> list[Complaint]:
    """Make complaints at these monthly rates, each day's multiplied by the factor."""
    source, made = Random(seed), []
    for day in range(days):
        for key, rate in monthly.items():
            for _ in range(poisson(source, rate / 30 * factor(key, day))):
                made.append(Complaint(FIRST_DAY + day, key, str(len(made) + 1)))
    return made


def keys(count: int) -> list[Key]:
    """Return keys of one column."""
    return [(f"part {number}",) for number in range(count)]
