"""Percentages that make exactly 100. Pure: `Decimal` in, `Decimal` out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

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


def apportion(weights: Sequence[Decimal], *, whole: Decimal = WHOLE) -> list[Decimal]:
    """Divide `whole` by weights, in hundredths that make it exactly, by largest remainder.

    Each part is its exact part cut off or one hundredth more; of equal remainders the first ones
    get the hundredth. Raises ValueError without weights, or for one that is not over 0.
    """
    if not weights or any(not weight.is_finite() or weight <= 0 for weight in weights):
        raise ValueError("weights must be over 0")
    total = sum(weights, Decimal(0))
    exact = [whole * weight / total for weight in weights]
    parts = [part.quantize(STEP, rounding=ROUND_FLOOR) for part in exact]
    missing = int((whole - sum(parts, Decimal(0))) / STEP)
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[:missing]:
        parts[place] += STEP
    return parts


def equal_shares(parties: int) -> list[Decimal]:
    """Divide 100 among parties whose parts are not known (民法典 art 1172)."""
    return apportion([Decimal(1)] * parties)
