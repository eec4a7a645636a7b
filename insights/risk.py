"""The risk grade of a period: four indicators, each scored 0 to 100 between the edges of its bands.

The edges, the weights and the bounds of the grades are our own and may be set otherwise; any safety
case lifts the grade to high, whatever the score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal(100)
MEDIUM_FROM, HIGH_FROM = Decimal(40), Decimal(70)
WEIGHTS = (Decimal("0.30"), Decimal("0.25"), Decimal("0.25"), Decimal("0.20"))


@dataclass(frozen=True)
class Band:
    """An indicator's edges: what is still low scores 0, what is high scores 100."""

    low: Decimal
    high: Decimal

    def score(self, value: Decimal) -> Decimal:
        """Return 0 to 100; where less is worse, `high` is the smaller edge."""
        share = (value - self.low) / (self.high - self.low)
        return HUNDRED * min(max(share, Decimal(0)), Decimal(1))


INDICATORS: Mapping[str, Band] = {
    "complaints_per_10k_orders_30d": Band(Decimal(5), Decimal(20)),
    "handling_time_ratio": Band(Decimal("0.8"), Decimal("1.2")),
    "csat": Band(Decimal("4.2"), Decimal("3.5")),
    "redress_cost_ratio": Band(Decimal("0.005"), Decimal("0.02")),
}


@dataclass(frozen=True)
class Grade:
    """The scores in the order of the indicators, their weighted total, and the level."""

    scores: tuple[Decimal, ...]
    total: Decimal
    level: str
    override: str = ""


def grade(
    values: Mapping[str, Decimal], *, weights: Sequence[Decimal] = WEIGHTS, override: str = ""
) -> Grade:
    """Return the risk grade of the four indicators; `override` names why it is high all the same.

    Raises ValueError for weights that are not one each or do not make 1.
    """
    if len(weights) != len(INDICATORS) or min(weights) < 0 or sum(weights) != 1:
        raise ValueError(f"must be {len(INDICATORS)} numbers from 0 that make 1")
    scores = tuple(band.score(values[name]) for name, band in INDICATORS.items())
    total = sum((w * s for w, s in zip(weights, scores, strict=True)), Decimal(0))
    return Grade(scores, total, "high" if override else _level(total), override)


def _level(total: Decimal) -> str:
    if total >= HIGH_FROM:
        return "high"
    return "medium" if total >= MEDIUM_FROM else "low"
