"""Our own standard above the law: severity tiers, mixed plans, what may stand in for money."""

from __future__ import annotations

from decimal import Decimal

from compensation.rules.facts import FactError, check
from compensation.rules.money import at_least_nothing, written
from compensation.rules.sheets import Case

TIERS = {
    "minor": ["free_repair", "replacement"],
    "moderate": ["price_difference", "equal_value_service"],
    "severe": ["full_refund", "consequential_loss"],
}
IN_MONEY = frozenset({"cash", "money", "refund", "bank_transfer"})
MONEY_PARTS = IN_MONEY | {"partial_refund", "full_refund", "price_difference", "voucher"}
SERVICES = (
    *("free_repair", "repair", "replacement", "replace", "redo", "upgrade", "extended_warranty"),
    *("warranty_extension", "membership", "points", "charity", "donation", "trial", "experience"),
    *("gift", "service", "equal_value_service", "loan_unit", "apology", "technical_support"),
)
PARTS = (*sorted(MONEY_PARTS), *SERVICES)
LOSSES = ("transport", "lost_wages", "other_losses")


def policy(case: Case) -> None:
    """Say what our standard gives. Raises FactError where the facts tell no question."""
    facts = case.facts
    if not facts.any("severity", "plan", "tier_result", "statutory_minimum", "instrument"):
        raise FactError("severity", "is needed, or a plan, a tier, an instrument")
    if "severity" in facts:
        _tier(case)
    if "plan" in facts:
        _mixed(case)
    payable = _raised(case)
    if "instrument" in facts:
        _instrument(case, payable)


def _tier(case: Case) -> None:
    """Put down what a severity gives; a refund made before is part of it."""
    facts, sheet = case.facts, case.sheet
    severity, version = facts.need("severity"), case.standing("P01")
    before = facts.money("refund_already_paid")
    sheet.result["options"] = list(TIERS[severity])
    if severity == "severe":
        price = facts.need("price_paid")
        check("refund_already_paid", before <= price, "is more than was paid")
        losses = sum((facts.money(name) for name in LOSSES), Decimal(0))
        inputs = {"P": written(price), "refunded": written(before)}
        refund = sheet.add("refund", version, price - before, inputs, formula="P−refunded")
        sheet.money("refund", refund)
        sheet.money("losses", sheet.add("loss", version, losses, {"L": written(losses)}))
        sheet.close()
        return
    cash = Decimal(0)
    if severity == "moderate":
        price, left = facts.need("price_paid"), facts.need("value_with_defect")
        check("value_with_defect", left <= price, "is over the price paid")
        check("refund_already_paid", before <= price, "is more than was paid")
        inputs = {"P": written(price), "value": written(left), "refunded": written(before)}
        due = at_least_nothing(price - left - before)
        cash = sheet.add("price_difference", version, due, inputs, formula="P−value−refunded")
    sheet.money("cash", cash)
    sheet.money("service_value", cash)


def _mixed(case: Case) -> None:
    facts, sheet = case.facts, case.sheet
    plan = facts.need("plan")
    money = facts.need("partial_refund") if "partial_refund" in plan else Decimal(0)
    due = at_least_nothing(money - facts.money("refund_already_paid"))
    sheet.money("cash_due", due)
    sheet.result["services"] = [part for part in plan if part not in MONEY_PARTS]


def _raised(case: Case) -> Decimal | None:
    """Return the sum of a customer's tier, never under what the law asks for or the severity gives.

    What goes beyond the lines that are there is a line of its own, so that the lines make the sum.
    """
    facts, sheet = case.facts, case.sheet
    if not facts.any("statutory_minimum", "tier_result"):
        return None
    least = facts.money("statutory_minimum")
    asked = facts.get("tier_result", facts.get("payable", least))
    if asked < least:
        sheet.warn("raised_to_statutory_minimum")
    so_far, version = sheet.gross(), case.standing("P01")
    inputs = {"least": written(least), "tier": written(asked)}
    lawful = at_least_nothing(least - so_far)
    sheet.add("loss", version, lawful, inputs, formula="least−lines")
    beyond = at_least_nothing(asked - so_far - lawful)
    sheet.add("goodwill", version, beyond, inputs, formula="tier−least")
    return sheet.close()


def _instrument(case: Case, payable: Decimal | None) -> None:
    """Let points, donations and the like stand in for money only with recorded consent."""
    facts, sheet = case.facts, case.sheet
    instrument = facts.need("instrument")
    agreed = instrument in IN_MONEY or facts.flag("consumer_consent")
    sheet.result["instrument"] = instrument if agreed else "cash"
    if payable is None:
        due = facts.need("payable")
        beyond = at_least_nothing(due - sheet.gross())
        inputs = {"due": written(due)}
        sheet.add("goodwill", case.standing("P01"), beyond, inputs, formula="due−lines")
        sheet.close()
    if not agreed:
        sheet.warn("consent_required")
