"""Risk of an organisation's complaints: four indicators, each scored between its bands. Pure.

A score is 0 up to the low band's edge, 100 from the high one's, linear between; satisfaction runs
the other way. The total is the weighted sum; a case about safety makes the level high.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

MEDIUM_FROM, HIGH_FROM = Decimal(40), Decimal(70)


@dataclass(frozen=True)
class Band:
    """Where risk begins to be medium and where it is high; they may run downwards."""

    low: Decimal
    high: Decimal

    def score(self, value: Decimal) -> Decimal:
        """Return 0 to 100."""
        share = (value - self.low) / (self.high - self.low)
        return 100 * min(max(share, Decimal(0)), Decimal(1))


BANDS: Mapping[str, Band] = {
    "complaints_per_10k_orders_30d": Band(Decimal(5), Decimal(20)),
    "handling_time_ratio": Band(Decimal("0.8"), Decimal("1.2")),
    "csat": Band(Decimal("4.2"), Decimal("3.5")),
    "redress_cost_ratio": Band(Decimal("0.005"), Decimal("0.02")),
}
WEIGHTS = (Decimal("0.30"), Decimal("0.25"), Decimal("0.25"), Decimal("0.20"))


def scores(values: Mapping[str, Decimal]) -> list[Decimal]:
    """Return the score of each indicator, in their order. Raises KeyError for one that lacks."""
    return [band.score(values[name]) for name, band in BANDS.items()]


def total(scored: Sequence[Decimal], weights: Sequence[Decimal] = WEIGHTS) -> Decimal:
    """Return the weighted sum."""
    pairs = zip(scored, weights, strict=True)
    return sum((score * weight for score, weight in pairs), Decimal(0))


def level(score: Decimal, *, safety: bool = False) -> str:
    """Return low, medium or high; a case about safety is high whatever the score."""
    if safety or score >= HIGH_FROM:
        return "high"
    return "medium" if score >= MEDIUM_FROM else "low"
