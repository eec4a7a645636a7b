"""Percentages that make exactly 100. Pure: `Decimal` in, `Decimal` out.

Unknown shares are equal (民法典 art 1172); what does not divide evenly goes, a hundredth at a time,
to those with the largest remainder, the first in order when remainders are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

WHOLE = Decimal("100.00")
STEP = Decimal("0.01")


def largest_remainder(weights: Sequence[Decimal | int]) -> list[Decimal]:
    """Split 100 by weight, to the hundredth and without loss.

    Raises ValueError when there is no weight, one is negative, or all are nothing.
    """
    given = [Decimal(weight) for weight in weights]
    if not given or min(given) < 0 or sum(given) == 0:
        raise ValueError("weights must be given, not negative, and not all nothing")
    total = sum(given)
    exact = [weight * WHOLE / total for weight in given]
    shares = [share.quantize(STEP, rounding=ROUND_FLOOR) for share in exact]
    left = int((WHOLE - sum(shares)) / STEP)
    by_remainder = sorted(range(len(given)), key=lambda i: (shares[i] - exact[i], i))
    for place in by_remainder[:left]:
        shares[place] += STEP
    return shares


def equal_shares(count: int) -> list[Decimal]:
    """Split 100 among `count` parties of whom no more is known. Raises ValueError for none."""
    return largest_remainder([1] * count)


def check_shares(shares: Sequence[Decimal]) -> Decimal:
    """Return what is missing to 100: nothing when it fits, negative when it is too much.

    Raises ValueError for a share that is not over 0 and up to 100 in whole hundredths.
    """
    for share in shares:
        if not (0 < share <= 100) or share != share.quantize(STEP):
            raise ValueError(f"not a share: {share}")
    return WHOLE - sum(shares, Decimal(0))
