"""Percentages that make exactly 100. Pure: `Decimal` in, `Decimal` out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

WHOLE = Decimal("100.00")
STEP = Decimal("0.01")


def check_shares(shares: Sequence[Decimal]) -> Decimal:
    """Return what is missing to 100: nothing when it fits, negative when it is too much.

    Raises ValueError for a share that is not over 0 and up to 100 in whole hundredths.
    """
    for share in shares:
        if not (0 < share <= 100) or share != share.quantize(STEP):
            raise ValueError(f"not a share: {share}")
    return WHOLE - sum(shares, Decimal(0))
