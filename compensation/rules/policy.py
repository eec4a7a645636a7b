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
    facts, sheet = case.facts, case.sheet
    severity, version = facts.need("severity"), case.standing("P01")
    sheet.result["options"] = list(TIERS[severity])
    if severity == "severe":
        price = facts.need("price_paid")
        losses = sum((facts.money(name) for name in LOSSES), Decimal(0))
        sheet.money("refund", sheet.add("refund", version, price, {"P": written(price)}))
        sheet.money("losses", sheet.add("loss", version, losses, {"L": written(losses)}))
        sheet.close()
        return
    cash = Decimal(0)
    if severity == "moderate":
        price, left = facts.need("price_paid"), facts.need("value_with_defect")
        check("value_with_defect", left <= price, "is over the price paid")
        inputs = {"P": written(price), "value": written(left)}
        cash = sheet.add("price_difference", version, price - left, inputs, formula="P−value")
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
    """Return the sum of a customer's tier, never under what the law asks for."""
    facts, sheet = case.facts, case.sheet
    if not facts.any("statutory_minimum", "tier_result"):
        return None
    least = facts.money("statutory_minimum")
    asked = facts.get("tier_result", facts.get("payable", least))
    if asked < least:
        sheet.warn("raised_to_statutory_minimum")
    payable: Decimal = max(asked, least)
    sheet.money("payable", payable)
    return payable


def _instrument(case: Case, payable: Decimal | None) -> None:
    """Let points, donations and the like stand in for money only with recorded consent."""
    facts, sheet = case.facts, case.sheet
    instrument = facts.need("instrument")
    agreed = instrument in IN_MONEY or facts.flag("consumer_consent")
    sheet.result["instrument"] = instrument if agreed else "cash"
    sheet.money("payable", facts.need("payable") if payable is None else payable)
    if not agreed:
        sheet.warn("consent_required")
