"""Prepaid cards and courses: what comes back, at which price consumption is counted, interest."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from compensation.rules.book import RuleVersion
from compensation.rules.facts import FactError, check, in_order
from compensation.rules.money import NOTHING, at_least_nothing, rounded, written
from compensation.rules.periods import days_after
from compensation.rules.sheets import Case

CAUSES = ("operator", "consumer", "neither", "force_majeure")
CONSUMED = ("used", "consumed_face", "consumed_value", "total_days")


def prepaid(case: Case) -> None:
    """Reckon what comes back. Raises FactError where neither payment nor principal is told."""
    facts, sheet = case.facts, case.sheet
    if not facts.any("paid", "principal"):
        raise FactError("paid", "is needed: what was paid ahead")
    in_order(facts, "paid_date", "request_date")
    version = case.rule("R21", facts.get("paid_date"))
    if "paid" in facts:
        _refund(case, version)
    if facts.any("principal", "annual_rate", "days"):
        _interest(case)
    if facts.flag("absconded"):
        _evading(case)
    if "refund" in sheet.result or "interest" in sheet.result:
        sheet.close()


def _refund(case: Case, version: RuleVersion | None) -> None:
    facts, sheet = case.facts, case.sheet
    early = _is_early(case, version)
    if early is not None:
        sheet.result["eligible"] = early
        if not early and not facts.any(*CONSUMED, "cause"):
            return
    paid = facts.need("paid")
    consumed = _consumed(case)
    before = facts.money("refund_already_paid")
    check("refund_already_paid", before <= paid, "is more than was paid")
    sheet.money("consumed_value", consumed)
    due = at_least_nothing(paid - consumed - before)
    inputs = {"paid": written(paid), "consumed": written(consumed), "refunded": written(before)}
    rule = version or case.standing("R30")
    formula = "paid−consumed−refunded"
    sheet.money("refund", sheet.add("refund", rule, due, inputs, formula=formula))
    sheet.money("consumer_owes", NOTHING)


def _is_early(case: Case, version: RuleVersion | None) -> bool | None:
    """Say whether the seven days of art 14 are open; None where no days are told."""
    facts = case.facts
    if not facts.any("paid_date", "request_date"):
        return False if facts.flag("had_same_goods_before") else None
    paid, asked = facts.need("paid_date"), facts.need("request_date")
    if version is None:
        case.sheet.result["reason"] = "not_in_force"
        return False
    if facts.flag("had_same_goods_before"):
        case.sheet.result["reason"] = "had_same_goods_before"
        return False
    last = days_after(paid, version.whole("days"), case.calendar)
    case.sheet.result["last_day"] = last.isoformat()
    if asked > last:
        case.sheet.result["reason"] = "late"
    return bool(asked <= last)


def _is_consumers(case: Case) -> bool:
    """Say whether the consumer caused the end; a cause nobody found is not the consumer's."""
    if "cause" not in case.facts:
        case.sheet.warn("cause_not_found")
    return case.facts.get("cause") == "consumer"


def _consumed(case: Case) -> Decimal:
    facts = case.facts
    told = [name for name in CONSUMED if name in facts]
    if len(told) > 1:
        raise FactError(told[1], f"tells the consumption a second time, beside {told[0]}")
    if "consumed_value" in facts:
        return facts.money("consumed_value")
    if "used" in facts:
        return _by_units(case)
    if "consumed_face" in facts:
        return _by_face(case)
    if "total_days" in facts:
        return _by_days(case)
    return NOTHING


def _by_units(case: Case) -> Decimal:
    """Count units at the discounted price; at list price where the consumer caused the end."""
    facts = case.facts
    discounted, listed = facts.get("discounted_unit"), facts.get("list_unit")
    if discounted is not None and listed is not None:
        check("discounted_unit", discounted <= listed, "is over the list price")
    name = "list_unit" if _is_consumers(case) else "discounted_unit"
    return rounded(facts.need("used") * facts.need(name))


def _by_face(case: Case) -> Decimal:
    """Count bonus money with what was paid: consumption shrinks by paid ÷ (paid + bonus)."""
    facts = case.facts
    paid, bonus, face = facts.need("paid"), facts.money("bonus"), facts.need("consumed_face")
    check("consumed_face", face <= paid + bonus, "is more than paid and bonus")
    if _is_consumers(case) or not paid + bonus:
        return rounded(face)
    ratio = (paid / (paid + bonus)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    case.sheet.result["ratio"] = str(ratio)
    return rounded(face * paid / (paid + bonus))


def _by_days(case: Case) -> Decimal:
    """Count a pass without limit by its days: what is left is what comes back."""
    facts = case.facts
    whole, elapsed, paid = facts.need("total_days"), facts.need("elapsed_days"), facts.need("paid")
    check("elapsed_days", elapsed <= whole, "are more than the pass has")
    return paid - rounded(paid * (whole - elapsed) / whole)


def _interest(case: Case) -> None:
    facts, sheet = case.facts, case.sheet
    principal = facts.get("principal")
    if principal is None:
        principal = Decimal(sheet.result.get("refund", facts.need("paid")))
    rate, days = facts.need("annual_rate"), facts.need("days")
    version = case.standing("R21")
    interest = principal * rate * days / version.number("year_days")
    inputs = {"principal": written(principal), "rate": str(rate), "days": str(days)}
    formula = "principal×rate×days÷year_days"
    sheet.money("interest", sheet.add("interest", version, interest, inputs, formula=formula))
    sheet.result["rate_kind"] = "deposit_1y" if _is_consumers(case) else "lpr_1y"


def _evading(case: Case) -> None:
    """Open the punitive route (art 23); its base is not stated, so that a person decides it."""
    facts = case.facts
    if facts.flag("fraud_found") and facts.flag("consumer_requests_extra"):
        case.sheet.result |= {"punitive_route": "R01", "punitive_base_decision": "manual"}
