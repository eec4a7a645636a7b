"""Fault of the claimant and shares of others cut losses: never the refund, never a multiple."""

from __future__ import annotations

from decimal import Decimal

from compensation.rules.sheets import Case


def after_fault(case: Case, loss: Decimal) -> Decimal:
    """Return what is left of a loss after the claimant's own fault and our share of liability."""
    ours = case.facts.get("liability_ratio", Decimal(1))
    return loss * ours * (1 - case.facts.get("claimant_fault", Decimal(0)))
