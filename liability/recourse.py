"""How much of what was paid a claim may bring back. Pure; the database computes the same."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def covered_by_share(paid: Decimal, percent: Decimal) -> Decimal:
    """Return the part of what was paid that a party bears by its share."""
    return (paid * percent / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def covered_by_policy(paid: Decimal, coverage: Decimal, deductible: Decimal) -> Decimal:
    """Return what an insurer bears: over the deductible, up to the coverage."""
    return max(Decimal(0), min(coverage, paid - deductible)).quantize(CENT)
