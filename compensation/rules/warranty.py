"""Three guarantees (三包): what to choose from, by days and repairs; regions above the minimum."""

from __future__ import annotations

from datetime import timedelta

from compensation.rules.book import RuleVersion
from compensation.rules.facts import FactError, check, in_order
from compensation.rules.money import NOTHING, at_least_nothing, written
from compensation.rules.periods import days_after, months_later, rolled
from compensation.rules.sheets import Case

REGIMES = ("CN-1995", "CN-ZJ")
REGIONAL = {"CN-ZJ": "R15"}
ORDER = ("replace_other_model", "return", "replace", "repair", "paid_repair")
MONEY_BACK = ("return", "refund", "money")
RIPE = (
    "report_date",
    "failed_repairs",
    "total_repair_days",
    "current_repair_days",
    "wait_for_parts_days",
    "repairer_fault_days",
)


def warranty(case: Case) -> None:
    """Say what the buyer may choose. Raises FactError where nothing was reported or repaired."""
    facts = case.facts
    in_order(facts, "invoice_date", "report_date")
    in_order(facts, "invoice_date", "replaced_on")
    if not facts.any(*RIPE, "period_months", "human_damage"):
        raise FactError("report_date", "is needed: when the failure was reported")
    _period(case)
    if facts.any(*RIPE, "human_damage"):
        _remedies(case)
    _loan(case)


def _period(case: Case) -> None:
    """Reckon the period: from the invoice, longer by days of repair, anew after an exchange."""
    facts = case.facts
    if "period_months" not in facts:
        return
    start = facts.get("replaced_on") or facts.need("invoice_date")
    end = months_later(start, facts.need("period_months"))
    end += timedelta(days=facts.get("days_in_repair", 0) + facts.get("wait_for_parts_days", 0))
    case.sheet.result["period_end"] = rolled(end, case.calendar).isoformat()


def _remedies(case: Case) -> None:
    facts, sheet = case.facts, case.sheet
    if not facts.flag("covered", default=True):
        sheet.result |= {"options": [], "reason": "not_covered"}
        return
    if facts.flag("human_damage"):
        sheet.result["options"] = ["paid_repair"]
        return
    if not facts.flag("performance_failure", default=True):
        sheet.result |= {"options": [], "reason": "no_performance_failure"}
        return
    national, local = case.standing("R14"), _regional(case)
    due = _replacement_due(case, national)
    if local is not None and _regional_trigger(case, local):
        first_days = _by_day(case, national)
        _options(case, {"return", "replace"} | (first_days if "return" in first_days else set()))
        _settle(case, local, depreciated=False)
        return
    _national(case, national, due=due)


def _regional(case: Case) -> RuleVersion | None:
    rule = REGIONAL.get(case.facts.get("regime", REGIMES[0]))
    return case.rule(rule) if rule else None


def _regional_trigger(case: Case, local: RuleVersion) -> bool:
    repairs = case.facts.get("failed_repairs", 0) >= local.whole("repairs")
    return repairs or case.facts.get("total_repair_days", 0) > local.whole("repair_days")


def _loan(case: Case) -> None:
    local, facts = _regional(case), case.facts
    if local is not None and "current_repair_days" in facts:
        days = facts.need("current_repair_days")
        case.sheet.result["loan_unit"] = days > local.whole("loan_days")


def _replacement_due(case: Case, version: RuleVersion) -> bool:
    """Say whether waiting for parts, or the repairer's delay, makes an exchange due."""
    facts = case.facts
    if not facts.any("wait_for_parts_days", "repairer_fault_days"):
        return False
    late = facts.get("repairer_fault_days", 0) > version.whole("delay_days")
    due = late or facts.get("wait_for_parts_days", 0) > version.whole("parts_days")
    case.sheet.result["replace_due"] = due
    if late:
        case.sheet.result["cost_bearer"] = "repairer"
    return due


def _options(case: Case, options: set[str]) -> None:
    case.sheet.result["options"] = [name for name in ORDER if name in options]


def _by_day(case: Case, version: RuleVersion) -> set[str]:
    """Return what the day of the report alone gives."""
    facts = case.facts
    if not facts.has("invoice_date", "report_date"):
        return {"repair"}
    start, reported = facts.need("invoice_date"), facts.need("report_date")
    if reported <= days_after(start, version.whole("return_days"), case.calendar):
        return {"return", "replace", "repair"}
    if reported <= days_after(start, version.whole("exchange_days"), case.calendar):
        return {"replace", "repair"}
    return {"repair"} if _within_period(case, version) else {"paid_repair"}


def _within_period(case: Case, version: RuleVersion) -> bool:
    facts = case.facts
    start = facts.get("replaced_on") or facts.need("invoice_date")
    count = facts.get("period_months", version.whole("period_months"))
    end = months_later(start, count) + timedelta(days=facts.get("days_in_repair", 0))
    return bool(facts.need("report_date") <= rolled(end, case.calendar))


def _national(case: Case, version: RuleVersion, *, due: bool) -> None:
    """Give what the day gives; once an exchange is due, that, or money where none can be had."""
    facts = case.facts
    found, wants_money = _by_day(case, version), facts.get("consumer_wants") in MONEY_BACK
    if found == {"paid_repair"} or "return" in found:
        _options(case, found)
        if "return" in found and wants_money:
            _settle(case, version, depreciated=False)
        return
    ripe = due or facts.get("failed_repairs", 0) >= version.whole("repairs")
    in_stock = facts.flag("same_model_in_stock", default=True)
    if in_stock and ripe:
        found = {"replace", "return"} if wants_money else {"replace"}
    elif not in_stock and (ripe or "replace" in found):
        found = (found - {"replace"}) | {"replace_other_model", "return"}
        found -= {"repair"} if ripe else set()
    _options(case, found)
    if "return" in found and wants_money:
        _settle(case, version, depreciated=in_stock)


def _settle(case: Case, version: RuleVersion, *, depreciated: bool) -> None:
    """Put down the refund; with a same model at hand, use is taken off by the day.

    The daily rate is data of the goods: without one the refund stays open.
    """
    facts, sheet = case.facts, case.sheet
    if "price_paid" not in facts:
        return
    price, loss, inputs = facts.need("price_paid"), NOTHING, {}
    if depreciated:
        days = _days_of_use(case)
        sheet.result["depreciation_days"] = days
        rate = facts.get("daily_depreciation")
        if rate is None:
            sheet.result |= {"depreciation": None, "refund": None, "route": "daily_rate_needed"}
            return
        loss = min(price * rate * days, price)
        inputs = {"rate": str(rate), "days": str(days)}
    sheet.money("depreciation", loss)
    refund = at_least_nothing(price - loss)
    inputs = {"P": written(price), **inputs}
    sheet.money("refund", sheet.add("refund", version, refund, inputs))
    sheet.close()


def _days_of_use(case: Case) -> int:
    facts = case.facts
    days = facts.get("days_since_invoice")
    if days is None:
        days = (facts.need("report_date") - facts.need("invoice_date")).days
    mended = facts.get("days_in_repair", 0)
    check("days_in_repair", mended <= days, "are more than the days since the invoice")
    return int(days - mended)
