"""Losses that were proven, and what fault leaves of them.

Fault of the claimant and shares of others cut losses: never the refund, never a multiple.
"""

from __future__ import annotations

from decimal import Decimal

from compensation.rules.facts import Facts
from compensation.rules.money import NOTHING
from compensation.rules.sheets import Case

LOSSES = ("other_losses", "actual_loss", "loss", "transport", "lost_wages", "necessary_cost")
HARM = "loss_art49_51"


def proven_loss(facts: Facts) -> Decimal:
    """Return the losses that were proven, whichever facts tell them, harm to the body aside."""
    return sum((facts.money(name) for name in LOSSES), NOTHING)


def whole_loss(facts: Facts) -> Decimal:
    """Return all that was proven as lost: what a multiple of the loss is reckoned on."""
    return proven_loss(facts) + facts.money(HARM)


def after_fault(case: Case, loss: Decimal) -> Decimal:
    """Return what is left of a loss after the claimant's own fault and our share of liability."""
    ours = case.facts.get("liability_ratio", Decimal(1))
    return loss * ours * (1 - case.facts.get("claimant_fault", Decimal(0)))
