"""Returning goods: without a reason, for their quality, on an official finding; and who proves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from compensation.rules.book import RuleVersion
from compensation.rules.facts import FactError, in_order
from compensation.rules.money import NOTHING, written
from compensation.rules.periods import days_after, months_after
from compensation.rules.sheets import Case

DISTANT = (
    *("online", "internet", "app", "web", "web_form", "website", "mini_program", "social_media"),
    *("live_stream", "live_room", "ecommerce", "ecommerce_platform", "tv", "television", "phone"),
    *("telephone", "mail", "mail_order", "post", "email"),
)
AT_HAND = (
    *("in_store", "store", "shop", "offline", "physical_store", "counter", "supermarket"),
    *("market", "mall", "exhibition", "fair", "door_to_door", "vending_machine", "in_person"),
)
EXCLUDED = (
    *("custom", "customised", "customized", "personalised", "personalized", "tailored", "bespoke"),
    *("perishable", "fresh", "live", "digital", "download", "downloaded", "software", "audio"),
    *("video", "audiovisual", "av", "unsealed", "newspaper", "newspapers", "periodical"),
    *("periodicals", "magazine", "magazines"),
)
"""What 消法 art 25 excludes, as words of a category's name; the list is closed (条例 art 19)."""

NO_REASON = ("no_reason", "change_of_mind", "unwanted", "dislike", "size", "wrong_size", "other")
QUALITY = (
    *("quality", "quality_issue", "quality_problem", "defect", "defective", "faulty", "fault"),
    *("broken", "damaged", "performance_failure", "not_as_described", "wrong_item", "unsafe"),
)
DURABLE = frozenset(
    {
        "motor_vehicle",
        "car",
        "vehicle",
        "motorcycle",
        "electric_bicycle",
        "computer",
        "microcomputer",
        "laptop",
        "tablet",
        "mobile_phone",
        "phone",
        "television",
        "tv",
        "colour_tv",
        "refrigerator",
        "air_conditioner",
        "washing_machine",
        "water_heater",
        "range_hood",
        "microwave",
        "vacuum_cleaner",
        "kettle",
        "electric_kettle",
        "household_appliance",
        "appliance",
        "camera",
        "furniture",
        "decoration",
        "home_decoration",
        "decoration_service",
        "renovation",
        "smartphone",
        "flat_tv",
    }
)
PATHS = ("goods_returned_date", "checks", "discovered_date", "channel", "reason")


def returns(case: Case) -> None:
    """Say whether and how goods may go back. Raises FactError where nothing tells the way."""
    facts = case.facts
    in_order(facts, "received_date", "request_date", "goods_returned_date")
    in_order(facts, "received_date", "discovered_date")
    if not _is_flawed(case) and "quality_ok" not in facts and not facts.any(*PATHS):
        raise FactError("channel", "is needed: how the goods were bought")
    if facts.get("reason") in NO_REASON and not facts.flag("merchant_promised_no_reason"):
        facts.need("channel")
    if facts.flag("authority_found_nonconforming"):
        _option(case, case.standing("R11"), ["return"])
    elif facts.get("quality_ok") is False or (_is_flawed(case) and _has_days(case)):
        _by_quality(case)
    elif facts.flag("quality_ok") and "channel" not in facts:
        case.sheet.result["options"] = []
    if "channel" in facts or facts.any("merchant_promised_no_reason"):
        _without_reason(case)
    _refund(case)
    _after_return(case)
    _delay(case)
    _burden(case)


def _is_flawed(case: Case) -> bool:
    """Say whether the goods go back for what they are: a finding, or the reason that was told."""
    facts = case.facts
    found = facts.get("quality_ok") is False or facts.flag("authority_found_nonconforming")
    return found or (facts.get("reason") in QUALITY and not facts.flag("quality_ok"))


def _has_days(case: Case) -> bool:
    return case.facts.has("received_date", "request_date")


def _option(case: Case, version: RuleVersion, options: list[str]) -> None:
    case.sheet.result |= {"options": options, "rule": version.rule, "article": version.article}


def _by_quality(case: Case) -> None:
    """Return within the days; later return where the contract may be rescinded, else mend."""
    facts, version = case.facts, case.standing("R09")
    if facts.flag("state_rule"):
        _option(case, version, ["return", "replace", "repair"])
        case.sheet.result["route"] = "state_rule"
        return
    last = days_after(facts.need("received_date"), version.whole("days"), case.calendar)
    case.sheet.result["last_day"] = last.isoformat()
    early = facts.need("request_date") <= last
    back = early or facts.flag("rescission_condition")
    _option(case, version, ["return"] if back else ["replace", "repair"])


def _without_reason(case: Case) -> None:
    facts, sheet = case.facts, case.sheet
    version = case.rule("R10", facts.get("received_date"))
    if version is None:
        sheet.result |= {"eligible": False, "reason": "not_in_force"}
        return
    if not _has_days(case):
        _ask_for_days(case)
        return
    last = days_after(facts.need("received_date"), version.whole("days"), case.calendar)
    sheet.result["last_day"] = last.isoformat()
    obstacle = _obstacle(case) or ("late" if facts.need("request_date") > last else "")
    sheet.result["eligible"] = not obstacle
    if obstacle:
        sheet.result["reason"] = obstacle


def _ask_for_days(case: Case) -> None:
    """Let a sum be reckoned without days; with one of them alone, ask for the other."""
    for name in ("received_date", "request_date"):
        if "reason" not in case.facts and "goods_returned_date" not in case.facts:
            case.facts.need(name)
    obstacle = _obstacle(case)
    if obstacle:
        case.sheet.result |= {"eligible": False, "reason": obstacle}


def _obstacle(case: Case) -> str:
    """Return what keeps goods from going back without a reason; a merchant's promise lifts it."""
    facts = case.facts
    if not facts.flag("goods_intact", default=True):
        return "goods_not_intact"
    if facts.flag("merchant_promised_no_reason"):
        return ""
    if facts.get("channel") not in DISTANT:
        return "channel"
    if "excluded_category" in facts:
        return "excluded_category"
    if facts.flag("unsuitable_by_nature") and facts.flag("confirmed_at_purchase"):
        return "confirmed_at_purchase"
    return ""


def _refund(case: Case) -> None:
    facts, sheet = case.facts, case.sheet
    if "price_paid" not in facts:
        return
    quality = _is_flawed(case)
    allowed = "return" in sheet.result.get("options", ["return"])
    if not quality:
        allowed = sheet.result.get("eligible", True) and "options" not in sheet.result
    rule = case.standing("R09" if quality else "R10")
    price = facts.need("price_paid") if allowed else NOTHING
    sheet.money("refund", sheet.add("refund", rule, price, {"P": written(price)}))
    borne = quality and (allowed or "options" in sheet.result)
    freight = facts.money("return_freight") if borne else Decimal(0)
    inputs = {"freight": written(freight)}
    sheet.add("loss", rule, freight, inputs, formula="freight")
    sheet.money("freight_reimbursed", freight)
    sheet.close()


def _after_return(case: Case) -> None:
    facts = case.facts
    if "goods_returned_date" not in facts:
        return
    back, delay = facts.need("goods_returned_date"), case.standing("R12")
    days = case.standing("R10").whole("refund_days")
    case.sheet.result["refund_due"] = days_after(back, days, case.calendar).isoformat()
    late = days_after(back, delay.whole("days"), case.calendar)
    case.sheet.result["deemed_delay_after"] = late.isoformat()


def _delay(case: Case) -> None:
    facts = case.facts
    if "checks" not in facts:
        return
    start = facts.need("request_date")
    for number, day in enumerate(facts.need("checks")):
        if day < start:
            raise FactError(f"checks[{number}]", "is before request_date")
    last = days_after(start, case.standing("R12").whole("days"), case.calendar)
    case.sheet.result["deemed_delay"] = [day > last for day in facts.need("checks")]
    case.sheet.result["deemed_delay_from"] = (last + timedelta(days=1)).isoformat()


def _burden(case: Case) -> None:
    """Say who proves a flaw: the operator for durable goods within six months of receipt."""
    facts = case.facts
    if "discovered_date" not in facts:
        return
    received, version = facts.need("received_date"), case.standing("R13")
    end = months_after(received, version.whole("months"), case.calendar)
    within = facts.need("discovered_date") <= end
    durable = facts.get("category") in DURABLE
    case.sheet.result |= {
        "burden_of_proof": "operator" if durable and within else "consumer",
        "window_end": end.isoformat(),
    }
