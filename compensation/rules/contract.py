"""Agreed sums: penalty against loss, delay, deposit, the choice between them, fault."""

from __future__ import annotations

from decimal import Decimal

from compensation.rules.book import RuleVersion
from compensation.rules.facts import FactError
from compensation.rules.fault import after_fault
from compensation.rules.money import at_least_nothing, rounded, written
from compensation.rules.sheets import Case

STARTS = ("penalty", "principal", "deposit_paid", "deposit", "loss")


def contract(case: Case) -> None:
    """Judge what was agreed. Raises FactError where nothing was."""
    facts = case.facts
    if not facts.any(*STARTS):
        raise FactError("loss", "is needed: a penalty, a deposit, a delay or a loss")
    version = case.standing("R19")
    if "principal" in facts:
        _delay(case, version)
    elif facts.has("penalty", "loss"):
        _penalty(case, version)
    elif "penalty" in facts and "deposit" not in facts:
        facts.need("loss")
    if "deposit" in facts:
        facts.need("penalty")
    if "deposit_paid" in facts:
        _deposit(case, version)
    if facts.has("deposit", "penalty"):
        _choice(case, version)
    if "loss" in facts and not facts.any("penalty", "deposit_paid", "principal"):
        due = after_fault(case, facts.need("loss"))
        rule = case.standing("R18" if "claimant_fault" in facts else "R29")
        case.sheet.add("loss", rule, due, {"L": written(facts.need("loss"))})
        case.sheet.close()


def _penalty(case: Case, version: RuleVersion) -> None:
    """Say whether a penalty is too high, which a court judges on request, or may be raised."""
    facts, sheet = case.facts, case.sheet
    penalty, loss = facts.need("penalty"), facts.need("loss")
    threshold = rounded(loss * version.number("excessive"))
    excessive = penalty > threshold
    sheet.money("threshold", threshold)
    sheet.result |= {"excessive": excessive, "increase_possible": penalty < loss}
    sheet.money("shortfall", at_least_nothing(loss - penalty))
    if excessive:
        refused = facts.flag("malicious")
        sheet.result["reduction"] = "generally_refused" if refused else "on_request"


def _delay(case: Case, version: RuleVersion) -> None:
    """Reckon a penalty for delay; the duty itself stays."""
    facts, sheet = case.facts, case.sheet
    principal = facts.need("principal")
    rate, days = facts.need("daily_rate"), facts.need("days_late")
    inputs = {"principal": written(principal), "rate": str(rate), "days": str(days)}
    formula = "principal×rate×days"
    penalty = sheet.add("loss", version, principal * rate * days, inputs, formula=formula)
    sheet.money("penalty", penalty)
    sheet.money("still_due", principal)
    sheet.close()


def _effective(case: Case, version: RuleVersion, paid: Decimal) -> Decimal:
    """Return the part of a deposit that counts as one: a fifth of the contract at most."""
    agreed = case.facts.get("contract")
    if agreed is None:
        return paid
    return min(paid, rounded(agreed * version.number("deposit_share")))


def _deposit(case: Case, version: RuleVersion) -> None:
    facts, sheet = case.facts, case.sheet
    paid = facts.need("deposit_paid")
    effective = _effective(case, version, paid)
    sheet.money("effective_deposit", effective)
    inputs = {"paid": written(paid), "deposit": written(effective)}
    if facts.need("breaching_party") == "payee":
        formula = "2×deposit + rest"
        sheet.add("refund", version, paid + effective, inputs, formula=formula)
        sheet.close()
        return
    sheet.money("forfeited", effective)
    sheet.money("returned", paid - effective)
    sheet.add("refund", version, paid - effective, inputs, formula="rest")
    sheet.close()


def _choice(case: Case, version: RuleVersion) -> None:
    """Name the choice between deposit and penalty, the better one for who may claim."""
    facts, sheet = case.facts, case.sheet
    deposit = _effective(case, version, facts.need("deposit"))
    penalty, loss = facts.need("penalty"), facts.money("loss")
    over = at_least_nothing(loss - deposit)
    sheet.result["choose"] = "one_of"
    sheet.money("excess_loss_over_deposit", over)
    sheet.result["selected"] = "deposit" if deposit + over >= penalty else "penalty"
