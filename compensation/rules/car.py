"""Family cars (家用汽车三包): new car or return, use fee, substitute car, days to answer."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from compensation.rules.book import RuleVersion
from compensation.rules.facts import FactError, check
from compensation.rules.money import NOTHING, at_least_nothing, written
from compensation.rules.periods import working_days_after
from compensation.rules.sheets import Case

ASSEMBLIES = (
    *("engine", "gearbox", "transmission", "battery", "traction_battery", "power_battery"),
    *("motor", "drive_motor", "driving_motor", "traction_motor"),
)
MAIN = ("_main_part", "_main_parts", "_main_component", "_assembly")
GRAVE = (
    *("steering", "steering_failure", "steering_system", "steering_system_failure", "brake"),
    *("brakes", "braking", "brake_failure", "brakes_failure", "braking_failure", "brake_system"),
    *("braking_system", "brake_system_failure", "braking_system_failure", "body_crack"),
    *("body_cracking", "fuel_leak", "fuel_leakage", "battery_fire", "traction_battery_fire"),
    *("power_battery_fire", "fire"),
)
"""The faults of art 23."""

PARTS = (
    *("engine", "gearbox", "transmission", "battery", "motor", "steering", "brake", "brakes"),
    *("air", "airbag", "axle", "body", "cable", "camera", "chassis", "clutch", "crack", "door"),
    *("electric", "electrical", "electronics", "exhaust", "fuel", "glass", "infotainment", "lamp"),
    *(
        "leak",
        "light",
        "lock",
        "mirror",
        "noise",
        "oil",
        "other",
        "paint",
        "pump",
        "roof",
        "screen",
    ),
    *("seat", "sensor", "software", "sunroof", "suspension", "tire", "trim", "tyre", "window"),
)
"""Words of which the name of a part or a fault has one; those above apart, there is only repair."""

NEW_CAR = ["replace_car", "return"]
OFTEN = (
    ("total_repair_days", "repair_days", "over"),
    ("same_fault_repairs", "same_fault", "over"),
    ("serious_safety_repairs", "safety_repairs", "from"),
    ("assembly_replacements", "replacements", "from"),
)
FEES = ("registration_fee", "accessories_after_depreciation", "seller_service_fees")
STARTS = (
    "needs_replacement",
    "failure",
    "price",
    "repair_hours",
    "single_repair_days",
    "request_date",
    "months",
)


def car(case: Case) -> None:
    """Say what a car's buyer may have. Raises FactError where the facts tell of no defect."""
    facts = case.facts
    often = [name for name, _limit, _how in OFTEN]
    if not facts.any(*STARTS, *often):
        raise FactError("failure", "is needed: what is wrong with the car")
    version = case.rule("R16", facts.get("request_date")) or case.standing("R16")
    _period(case, version)
    _early(case, version)
    _repaired_often(case, version)
    _shop_time(case, version)
    _answers(case, version)
    _use_fee(case, version)


def _each(value: Any, judge: Callable[[Any], Any]) -> Any:
    """Judge one value, or each of a list."""
    return [judge(one) for one in value] if isinstance(value, list) else judge(value)


def _period(case: Case, version: RuleVersion) -> None:
    facts = case.facts
    if "months" not in facts:
        return
    months, km = facts.need("months"), facts.get("km", 0)
    lists = isinstance(months, list), isinstance(km, list)
    several = months if lists[0] else [months]
    distances = km if lists[1] else [km] * len(several)
    several = several if lists[0] else several * len(distances)
    check("km", len(several) == len(distances), "has another number of entries than months")
    most, farthest = version.whole("months"), version.whole("farthest")
    within = [
        age <= most and distance <= farthest
        for age, distance in zip(several, distances, strict=True)
    ]
    case.sheet.result["in_three_guarantee_period"] = within if any(lists) else within[0]


def _single(case: Case, name: str) -> int:
    value = case.facts.get(name, 0)
    check(name, not isinstance(value, list), "must be one number here")
    return int(value)


def _early(case: Case, version: RuleVersion) -> None:
    """Judge the first days: a new car, a new assembly, or only repair."""
    facts, sheet = case.facts, case.sheet
    if not facts.any("needs_replacement", "failure"):
        return
    days = facts.need("days")
    early = days <= version.whole("early_days")
    early = early and _single(case, "km") <= version.whole("early_km")
    options: list[str] = []
    if "needs_replacement" in facts:
        part = _assembly(facts.need("needs_replacement"))
        if part and days <= version.whole("new_car_days"):
            options = list(NEW_CAR)
        elif part and early:
            options = [f"replace_{part}"]
    if "failure" in facts:
        grave = early and facts.need("failure") in GRAVE
        sheet.result["art23"] = grave
        options = list(NEW_CAR) if grave else options
    sheet.result["options"] = options or ["repair"]
    sheet.result["use_fee_applies"] = False


def _assembly(part: str) -> str:
    """Return the assembly that a main part belongs to; nothing for parts that are no main ones."""
    for suffix in MAIN:
        part = part.removesuffix(suffix)
    return part if part in ASSEMBLIES else ""


def _repaired_often(case: Case, version: RuleVersion) -> None:
    facts, sheet = case.facts, case.sheet
    given = [(name, limit, how) for name, limit, how in OFTEN if name in facts]
    if not given:
        return
    within = facts.get("in_three_guarantee_period", sheet.result.get("in_three_guarantee_period"))
    check("months", not isinstance(within, list), "must be one number here")
    sizes = {len(facts.need(name)) for name, _l, _h in given if isinstance(facts.need(name), list)}
    check(given[-1][0], len(sizes) <= 1, "has another number of entries than the others")
    verdicts = [
        within is not False and any(_reaches(case, one, version, place) for one in given)
        for place in range(max(sizes, default=1))
    ]
    sheet.result["eligible"] = verdicts if sizes else verdicts[0]
    if sheet.result.get("options") == NEW_CAR:
        return
    sheet.result["use_fee_applies"] = verdicts if sizes else verdicts[0]
    if not sizes and verdicts[0]:
        sheet.result["options"] = list(NEW_CAR)


def _reaches(case: Case, one: tuple[str, str, str], version: RuleVersion, place: int) -> bool:
    name, limit, how = one
    value = case.facts.need(name)
    number = value[place] if isinstance(value, list) else value
    most = version.whole(limit)
    return bool(number > most if how == "over" else number >= most)


def _shop_time(case: Case, version: RuleVersion) -> None:
    facts, sheet = case.facts, case.sheet
    if "repair_hours" in facts:
        sheet.result["repair_days"] = _each(
            facts.need("repair_hours"), lambda hours: -(-hours // 24)
        )
    if "single_repair_days" in facts:
        free = version.whole("single_days")
        sheet.result["substitute_car_days"] = _each(
            facts.need("single_repair_days"), lambda days: max(0, days - free)
        )


def _answers(case: Case, version: RuleVersion) -> None:
    if "request_date" not in case.facts:
        return
    day = case.facts.need("request_date")
    for name, limit in (("answer_due", "answer_days"), ("complete_due", "done_days")):
        due = working_days_after(day, version.whole(limit), case.calendar)
        case.sheet.result[name] = due.isoformat()


def _ground(case: Case) -> str | None:
    """Return the ground that a person named, or the one that the facts give; None where none."""
    result, ground = case.sheet.result, case.facts.get("ground")
    if ground is None and result.get("options") == NEW_CAR:
        return "art24" if result.get("use_fee_applies") is True else "art22_23"
    return None if ground is None else str(ground)


def _use_fee(case: Case, version: RuleVersion) -> None:
    """Reckon the fee for use (art 27) and, where there is a ground, the whole settlement (26).

    Without a ground it is only what the fee would be; where the first days give no new car, none.
    """
    facts, sheet = case.facts, case.sheet
    if "price" not in facts:
        return
    price, ground = facts.need("price"), _ground(case)
    fee = NOTHING
    if ground == "art24" or (ground is None and "art23" not in sheet.result):
        most = version.number("most")
        asked = facts.need("n") if "ground" in facts else facts.get("n", most)
        used = min(asked, most)
        sheet.result["n_used"] = str(used)
        if asked > most:
            sheet.warn("coefficient_capped")
        fee = min(price * _single(case, "km") / 1000 * used, price)
    sheet.money("use_fee", fee)
    if ground is None:
        _no_settlement(case)
        return
    inputs = {"price": written(price), "km": str(facts.get("km", 0)), "fee": written(fee)}
    refund = at_least_nothing(price - fee)
    sheet.add("refund", version, refund, inputs, formula="price−fee")
    losses = sum((facts.money(name) for name in FEES), Decimal(0))
    sheet.add("loss", version, losses, {"fees": written(losses)}, formula="fees")
    sheet.money("refund", price)
    sheet.money("losses", losses)
    sheet.close()


def _no_settlement(case: Case) -> None:
    """Refuse fees that nothing would give back. Raises FactError, naming the ground."""
    judged = "options" in case.sheet.result or "eligible" in case.sheet.result
    if not judged and case.facts.any(*FEES):
        raise FactError("ground", "is needed: by which article the car goes back")
