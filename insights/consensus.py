"""Agreement among experts: Kendall's W with ties, quartiles and spread of ratings. Pure.

W = 12·S ÷ (m²(n³−n) − m·ΣT) with S = Σ(R_i − R̄)² over the sums of ranks, T = Σ(t³−t) over the ties
of one expert; χ² = m(n−1)W with n−1 degrees of freedom. Quartiles are linear (type 7), the
coefficient of variation is s(n−1) ÷ mean. Figures are rounded at the end only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

MOST_IQR = Fraction(1)
MOST_VARIATION = Decimal("0.25")


class NotRanks(ValueError):
    """The numbers are no ranks of the same things by several experts."""


def concordance(ranks: Sequence[Sequence[Fraction]]) -> dict[str, Fraction | list[Fraction] | int]:
    """Return R, S, sum_T, W, chi2 and df of the ranks that each expert gave, one list an expert.

    Raises NotRanks unless at least two experts rank the same two or more things, ties shared.
    """
    m, n = len(ranks), len(ranks[0]) if ranks else 0
    if m < 2 or n < 2 or any(len(row) != n for row in ranks):
        raise NotRanks("at least two experts rank the same two or more things")
    for row in ranks:
        if sorted(row) != _fair(row):
            raise NotRanks("each expert gives the ranks 1 to n; ties share the mean of theirs")
    sums = [sum(column, Fraction(0)) for column in zip(*ranks, strict=True)]
    mean = sum(sums, Fraction(0)) / n
    spread = sum(((one - mean) ** 2 for one in sums), Fraction(0))
    ties = sum(count**3 - count for row in ranks for count in Counter(row).values())
    whole = m * m * (n**3 - n) - m * ties
    w = 12 * spread / whole if whole else Fraction(0)
    return {"R": sums, "S": spread, "sum_T": ties, "W": w, "chi2": m * (n - 1) * w, "df": n - 1}


def _fair(row: Sequence[Fraction]) -> list[Fraction]:
    """Return the ranks that the order of `row` asks for, ties sharing the mean of theirs."""
    fair: list[Fraction] = []
    for _value, count in sorted(Counter(row).items()):
        fair += [Fraction(2 * len(fair) + 1 + count, 2)] * count
    return fair


def spread(ratings: Sequence[Fraction]) -> dict[str, Fraction | Decimal | bool | None]:
    """Return mean, median, quartiles, standard deviation and variation, and whether they agree.

    Raises ValueError for fewer than two ratings.
    """
    if len(ratings) < 2:
        raise ValueError("at least two ratings are needed")
    ordered = sorted(ratings)
    mean = sum(ordered, Fraction(0)) / len(ordered)
    low, middle, high = (_quantile(ordered, Fraction(part, 4)) for part in (1, 2, 3))
    deviation = _root(sum(((one - mean) ** 2 for one in ordered), Fraction(0)) / (len(ordered) - 1))
    varies = deviation / decimal(mean) if mean else None
    return {
        "mean": mean,
        "median": middle,
        "q1": low,
        "q3": high,
        "iqr": high - low,
        "sd": deviation,
        "cv": varies,
        "consensus": high - low <= MOST_IQR and varies is not None and varies < MOST_VARIATION,
    }


def _quantile(ordered: Sequence[Fraction], part: Fraction) -> Fraction:
    place = (len(ordered) - 1) * part
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def decimal(value: Fraction) -> Decimal:
    """Return a fraction as a decimal of many places."""
    with localcontext() as context:
        context.prec = 40
        return Decimal(value.numerator) / Decimal(value.denominator)


def _root(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        return decimal(value).sqrt()
