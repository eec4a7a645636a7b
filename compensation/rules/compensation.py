"""Compensation for goods and services: refund, losses, extra damages, interest, credits."""

from __future__ import annotations

from decimal import Decimal

from compensation.rules.book import RuleVersion
from compensation.rules.discretion import discretionary
from compensation.rules.facts import FactError, check
from compensation.rules.fault import HARM, LOSSES, after_fault, proven_loss
from compensation.rules.money import NOTHING, at_least_nothing, rounded, written
from compensation.rules.punitive import extra_damages, is_fabricated, is_lay_agent
from compensation.rules.purchases import Purchases, purchases_of
from compensation.rules.sheets import Case

BREACHES = ("food_unsafe", "drug_fake_or_inferior", "below_promised_quality", "expired")
BACK = frozenset({"return", "refund"})
IN_KIND = frozenset({"repair", "replace", "perform"})
MULTIPLES = (("fraud_found", "R01"), ("food_unsafe", "R05"), ("drug_fake_or_inferior", "R08"))
GROUNDS = (
    HARM,
    "travel_fee",
    "paid",
    "schemes",
    "personal_info_misused",
    "serious_distress",
    "object_of_personal_significance_lost",
    *LOSSES,
)


def compensation(case: Case) -> None:
    """Reckon what is due for goods or a service. Raises FactError where there is no price."""
    facts = case.facts
    bought = purchases_of(case)
    if bought is None and not facts.any(*GROUNDS) and not facts.named("distress_approved"):
        raise FactError("price_paid", "is needed: what was bought, or what was lost")
    is_fabricated(case)
    if bought is not None:
        _purchase(case, bought)
    _knowing_defect(case)
    _tour(case)
    _prepaid_or_changed(case)
    _repair_schemes(case)
    _losses(case)
    discretionary(case)
    paid = facts.money("compensation_already_paid")
    if paid:
        case.sheet.credit(case.standing("R29"), paid)
    case.sheet.close()


def _purchase(case: Case, bought: Purchases) -> None:
    case.sheet.money("base", bought.price)
    case.sheet.money("refund", _refund(case, bought))
    extra_damages(case, bought)
    if case.facts.get("as_described") is False:
        case.sheet.result.setdefault("options", ["repair", "replace", "return"])
        case.sheet.result["recourse_possible"] = ["producer", "supplier"]


def _refund(case: Case, bought: Purchases) -> Decimal:
    facts, before = case.facts, case.facts.money("refund_already_paid")
    check("refund_already_paid", before <= bought.paid, "is more than was paid")
    decided = facts.get("price_actually_refunded_by_court")
    if decided is not None:
        name = "price_actually_refunded_by_court"
        check(name, decided <= bought.paid, "is more than was paid")
        due = decided
    elif _goes_back(case):
        due = bought.price
    else:
        return NOTHING
    amount = at_least_nothing(due - before)
    inputs = {"P": written(due), "refunded": written(before)}
    return case.sheet.add("refund", _refund_rule(case, bought), amount, inputs)


def _refund_rule(case: Case, bought: Purchases) -> RuleVersion:
    rule = "R28" if case.facts.get("as_described") is False else "R29"
    return case.rule(rule, bought.day) or case.standing(rule)


def _goes_back(case: Case) -> bool:
    """Say whether the price is to be refunded: asked for, or by a ground that was found.

    An item has one remedy: who chose repair or exchange has no refund.
    """
    facts, choice = case.facts, case.facts.get("consumer_choice")
    if facts.flag("claimant_fabricated") or is_lay_agent(case):
        return False
    if facts.flag("return_and_refund"):
        check("consumer_choice", choice not in IN_KIND, "can't stand beside return_and_refund")
    if "return_and_refund" in facts or choice in IN_KIND:
        return facts.flag("return_and_refund")
    if _asks_multiple_only(case):
        case.sheet.warn("refund_not_claimed")
        return False
    found = facts.flag("fraud_found") or "undelivered_part" in facts
    found = found or any(facts.flag(name) for name in BREACHES)
    return found or (facts.get("as_described") is False and choice in BACK)


def _asks_multiple_only(case: Case) -> bool:
    """Say whether expired food was kept or eaten, no loss is pleaded and nothing is asked back.

    The refund is a head of its own then, which has to be claimed.
    """
    facts = case.facts
    if not facts.flag("expired") or facts.get("actual_loss") is None or proven_loss(facts):
        return False
    asked = facts.any("consumer_choice", "refund_already_paid", "as_described")
    return facts.flag("food_unsafe") and not (asked or facts.flag("fraud_found"))


def _losses(case: Case) -> None:
    facts = case.facts
    proven = proven_loss(facts)
    if facts.flag("claimant_fabricated"):
        proven = NOTHING
    due = rounded(after_fault(case, proven))
    rule = "R03" if facts.flag("defect") else "R29"
    case.sheet.add("loss", case.standing(rule), due, {"L": written(proven)})
    case.sheet.money("losses", due)


def _knowing_defect(case: Case) -> None:
    facts, sheet = case.facts, case.sheet
    if HARM not in facts:
        return
    made_up = is_fabricated(case)
    loss = NOTHING if made_up else facts.need(HARM)
    due = rounded(after_fault(case, loss))
    sheet.add("loss", case.standing("R03"), due, {"L": written(loss)})
    sheet.money("compensatory", due)
    version = case.rule("R02", facts.get("contract_date"))
    if version is None or made_up or not _knew_of_defect(case):
        sheet.money("punitive_cap", NOTHING)
        sheet.result.setdefault("punitive", written(NOTHING))
        return
    most = version.number("most")
    sheet.money("punitive_cap", loss * most)
    factor = facts.get("approved_factor")
    if factor is None:
        sheet.result |= {"punitive": None, "route": "approver"}
        return
    if factor > most:
        sheet.warn("factor_clamped")
    used = min(factor, most)
    inputs = {"L": written(loss), "factor": str(used)}
    before = Decimal(sheet.result.get("punitive", 0))
    sheet.money("punitive", before + sheet.add("extra_damages", version, loss * used, inputs))


def _knew_of_defect(case: Case) -> bool:
    """Say whether 消法 art 55(2) or 民法典 art 1207 is open; note the first fact that is missing.

    Who took no effective measures after the sale stands like one who knew.
    """
    facts = case.facts
    knew = facts.flag("operator_knew_defect") or facts.get("timely_recall") is False
    found = {
        "defect": facts.flag("defect"),
        "operator_knew_defect": knew,
        "death_or_serious_health_harm": facts.flag("death_or_serious_health_harm"),
        "consumer_requests_extra": facts.flag("consumer_requests_extra", default=True),
    }
    for name, holds in found.items():
        if not holds:
            case.sheet.block(f"{name}=false")
            return False
    return True


def _tour(case: Case) -> None:
    facts, sheet = case.facts, case.sheet
    if "travel_fee" not in facts:
        return
    fee = facts.need("travel_fee")
    version = case.rule("R26", facts.get("contract_date"))
    asked = facts.flag("consumer_requests_extra", default=True) and not is_fabricated(case)
    _manual_multiple(case)
    for name in ("able_to_perform", "refused_after_request", "serious_consequence"):
        if not facts.flag(name):
            sheet.block(f"{name}=false")
            asked = False
    if version is None or not asked:
        sheet.money("extra_damages", NOTHING)
        return
    least, most = version.number("least"), version.number("most")
    sheet.result["range"] = [written(fee * least), written(fee * most)]
    factor = facts.get("approved_factor")
    if factor is None:
        sheet.result |= {"extra_damages": None, "route": "approver"}
        return
    used = min(max(factor, least), most)
    if used != factor:
        sheet.warn("factor_clamped")
    inputs = {"fee": written(fee), "factor": str(used)}
    sheet.money("extra_damages", sheet.add("extra_damages", version, fee * used, inputs))


def _prepaid_or_changed(case: Case) -> None:
    """Give back what was paid ahead for something not supplied, or what a changed order leaves."""
    facts, sheet = case.facts, case.sheet
    if "paid" not in facts:
        return
    paid, before = facts.need("paid"), facts.money("refund_already_paid")
    kept = facts.money("goods_kept")
    check("refund_already_paid", before <= paid, "is more than was paid")
    check("goods_kept", kept <= paid, "are worth more than was paid")
    ahead = facts.any("annual_rate", "necessary_cost", "consumer_choice")
    version = case.standing("R30" if ahead else "R29")
    back = facts.get("consumer_choice", "refund") in BACK
    due = at_least_nothing(paid - before - kept) if back else NOTHING
    inputs = {"paid": written(paid), "refunded": written(before), "kept": written(kept)}
    formula = "paid−refunded−kept"
    sheet.money("refund", sheet.add("refund", version, due, inputs, formula=formula))
    _manual_multiple(case)
    if "annual_rate" in facts:
        _interest(case, paid)


def _manual_multiple(case: Case) -> None:
    """Name the rule of a multiple whose base the facts do not tell: a person decides it."""
    facts = case.facts
    if not facts.flag("consumer_requests_extra") or is_fabricated(case):
        return
    for name, rule in MULTIPLES:
        if facts.flag(name):
            case.sheet.result |= {"punitive_route": rule, "punitive_base_decision": "manual"}
            return


def _interest(case: Case, paid: Decimal) -> None:
    facts, version = case.facts, case.standing("R30")
    rate, days = facts.need("annual_rate"), facts.need("days")
    interest = paid * rate * days / version.number("year_days")
    inputs = {"paid": written(paid), "rate": str(rate), "days": str(days)}
    case.sheet.money("interest", case.sheet.add("interest", version, interest, inputs))


def _repair_schemes(case: Case) -> None:
    """Pay for the repair that restores what was agreed; for a makeshift only if it is accepted."""
    facts = case.facts
    if "schemes" not in facts:
        return
    schemes = facts.need("schemes")
    costs = [scheme.need("cost") for scheme in schemes]
    whole = [one.need("cost") for one in schemes if str(one.get("kind", "")).startswith("restore")]
    if facts.flag("consumer_accepts_makeshift"):
        due = min(costs)
    else:
        due = min(whole) if whole else max(costs)
    inputs = {"schemes": ", ".join(written(cost) for cost in costs)}
    case.sheet.money("repair_cost", due)
    case.sheet.add("loss", case.standing("R29"), due, inputs, formula="cost of restoring")
