"""What similar cases came to: the middle and the tenth and ninetieth percentile. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEWEST = 5
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Spread:
    """How many there are, and what a tenth, half and nine tenths of them stay under."""

    count: int
    low: Decimal
    middle: Decimal
    high: Decimal

    def times(self, price: Decimal) -> Spread:
        """Return the same for ratios turned into money, to the fen."""
        low, middle, high = (
            (value * price).quantize(CENT, ROUND_HALF_UP)
            for value in (self.low, self.middle, self.high)
        )
        return Spread(self.count, low, middle, high)

    def holds(self, amount: Decimal) -> bool:
        """Say whether an amount lies between the tenth and the ninetieth percentile."""
        return self.low <= amount <= self.high


def quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    """Return a quantile of sorted values, between neighbours by a straight line (type 7)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def spread(values: Sequence[Decimal]) -> Spread | None:
    """Return the spread of some values, or None where there are too few to tell anything."""
    if len(values) < FEWEST:
        return None
    ordered = sorted(values)
    low, middle, high = (quantile(ordered, Decimal(x)) for x in ("0.1", "0.5", "0.9"))
    return Spread(len(ordered), low, middle, high)
