"""Sums without a formula: distress, dignity, personal data. An approver decides, never the code."""

from __future__ import annotations

from decimal import Decimal

from compensation.rules.sheets import Case

SIX_FACTORS = "approver_with_six_factors"
DISTRESS_GROUNDS = ("serious_distress", "object_of_personal_significance_lost")


def discretionary(case: Case, *, harmed: bool = False) -> None:
    """Put down what an approver decided; where nobody has, say so and leave the sum open.

    Who was hurt in body (`harmed`) has the ground, unless somebody found the distress not serious.
    """
    if any(case.facts.named(name) for name in (*DISTRESS_GROUNDS, "distress_approved")):
        _distress(case, harmed=harmed)
    if case.facts.flag("personal_info_misused"):
        _personal_data(case)


def _distress(case: Case, *, harmed: bool) -> None:
    facts, sheet = case.facts, case.sheet
    hurt = harmed and "distress_approved" in facts and facts.get("serious_distress") is not False
    if not hurt and not any(facts.flag(name) for name in DISTRESS_GROUNDS):
        sheet.money("distress", Decimal(0))
        if facts.money("distress_approved"):
            sheet.warn("no_ground_for_distress")
        return
    decided = facts.get("distress_approved")
    if decided is None:
        sheet.result |= {"distress": None, "route": SIX_FACTORS}
        return
    version = case.standing("R23")
    sheet.money("distress", sheet.add("distress", version, decided, {"decided": decided}))


def _personal_data(case: Case) -> None:
    facts, sheet = case.facts, case.sheet
    sheet.result |= {"non_monetary": ["stop", "apology"], "discretionary": True}
    decided = facts.get("distress_and_loss_approved")
    if decided is None:
        sheet.result["route"] = SIX_FACTORS
        return
    sheet.add("loss", case.standing("R32"), decided, {"decided": decided})
