"""Chances of counts: Poisson, and Poisson whose mean is itself uncertain (gamma-Poisson)."""

from __future__ import annotations

from math import exp, isinf, lgamma, log, log1p

_NEGLIGIBLE = 1e-9


def chance_of_at_least(count: int, mean: float, size: float = float("inf")) -> float:
    """Return the chance of `count` or more where `mean` is expected.

    `size` says how sure the mean is: the variance is mean + mean² / size; infinite is Poisson.
    """
    if count <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    if count <= mean:
        return max(0.0, 1.0 - _sum_below(count, mean, size))
    return min(1.0, _sum_from(count, mean, size))


def chance_of_at_most(count: int, mean: float) -> float:
    """Return the chance of `count` or fewer where `mean` is expected, counts being Poisson."""
    return 1.0 - chance_of_at_least(count + 1, mean)


def _log_chance(count: int, mean: float, size: float) -> float:
    if isinf(size):
        return count * log(mean) - mean - lgamma(count + 1)
    return (
        lgamma(count + size)
        - lgamma(size)
        - lgamma(count + 1)
        - size * log1p(mean / size)
        + count * log(mean / (mean + size))
    )


def _step(count: int, mean: float, size: float) -> float:
    """Return chance(count + 1) / chance(count)."""
    if isinf(size):
        return mean / (count + 1)
    return (count + size) / (count + 1) * mean / (mean + size)


def _sum_from(count: int, mean: float, size: float) -> float:
    term = exp(_log_chance(count, mean, size))
    total = 0.0
    while term > total * _NEGLIGIBLE:
        total += term
        term *= _step(count, mean, size)
        count += 1
    return total


def _sum_below(count: int, mean: float, size: float) -> float:
    """Sum downwards from count - 1, where the terms are largest or nearly so."""
    term, total = exp(_log_chance(count - 1, mean, size)), 0.0
    for below in range(count - 1, -1, -1):
        total += term
        if below == 0 or term <= total * _NEGLIGIBLE:
            break
        term /= _step(below - 1, mean, size)
    return total
