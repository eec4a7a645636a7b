"""Injury, disability and death: items by receipt and by statistics, dependants, fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from compensation.rules.book import RuleVersion
from compensation.rules.discretion import discretionary
from compensation.rules.facts import FactError, Facts
from compensation.rules.fault import after_fault
from compensation.rules.money import NOTHING, from_fraction, rounded, written
from compensation.rules.punitive import is_fabricated
from compensation.rules.sheets import Case

YEAR_DAYS = 365
BY_RECEIPT = ("medical", "transport", "nutrition")
BY_DAYS = (
    ("lost_earnings", "lost_days", "daily_income_lost"),
    ("hospital_meals", "hospital_days", "meal_rate"),
)
STATISTICS = (
    "urban_disposable_income",
    "urban_consumption",
    "monthly_wage",
    "daily_income_lost",
    "nursing_rate",
    "meal_rate",
    "coefficient",
)
"""Facts that may come from published figures; where they do, the lines tell from which."""
RECKONED_FROM: dict[str, tuple[str, ...]] = {
    "lost_earnings": ("lost_days", "daily_income_lost"),
    "hospital_meals": ("hospital_days", "meal_rate"),
    "nursing": (
        *("nursing_days", "nursing_rate", "nursing_persons"),
        *("nursing_years", "annual_nursing"),
    ),
    "disability": ("urban_disposable_income", "years", "coefficient"),
    "death": ("urban_disposable_income", "years"),
    "funeral": ("monthly_wage", "funeral_months"),
    "dependants_living": ("urban_consumption", "capacity_loss", "coefficient"),
}
STARTS = (
    *BY_RECEIPT,
    "lost_days",
    "nursing_days",
    "nursing_years",
    "hospital_days",
    "age",
    "dependants",
    "total",
    "losses",
    "product_value",
    "other_property",
    "service_fee",
    "distress_approved",
)


def injury(case: Case) -> None:
    """Reckon the items of an injury. Raises FactError where none is told."""
    facts = case.facts
    if not facts.any(*STARTS) and not facts.named("distress_approved"):
        raise FactError("medical", "is needed: what the injury cost")
    version = case.rule("R17") or case.standing("R17")
    items = _expenses(case, version)
    items |= _nursing(case, version)
    items |= _body(case, version)
    for name, amount in items.items():
        case.sheet.money(name, amount)
    _totals(case, items)
    for name in ("total", "product_value", "other_property"):
        if name in facts:
            items[name] = facts.need(name)
    _sum_up(case, version, items)
    _service(case)
    discretionary(case, harmed=True)
    case.sheet.close()


def _expenses(case: Case, version: RuleVersion) -> dict[str, Decimal]:
    facts = case.facts
    items = {name: facts.need(name) for name in BY_RECEIPT if name in facts}
    for name, days, rate in BY_DAYS:
        if facts.any(days, rate):
            items[name] = rounded(facts.need(days) * facts.need(rate))
    return items


def _nursing(case: Case, version: RuleVersion) -> dict[str, Decimal]:
    facts, amount = case.facts, NOTHING
    if not facts.any("nursing_days", "nursing_rate", "nursing_years", "annual_nursing"):
        return {}
    if facts.any("nursing_days", "nursing_rate"):
        persons, most = facts.get("nursing_persons", 1), version.whole("nursing_years") * YEAR_DAYS
        days = min(facts.need("nursing_days"), most)
        amount += days * facts.need("nursing_rate") * persons
    if facts.any("nursing_years", "annual_nursing"):
        years = min(facts.need("nursing_years"), version.whole("nursing_years"))
        case.sheet.result["years_used"] = years
        amount += years * facts.need("annual_nursing")
    return {"nursing": rounded(amount)}


def _body(case: Case, version: RuleVersion) -> dict[str, Decimal]:
    """Disability where a coefficient is told, else death; with the living of dependants."""
    facts = case.facts
    items: dict[str, Decimal] = {}
    dies = "coefficient" not in facts and "capacity_loss" not in facts
    if "age" in facts:
        years = life_years(facts.need("age"), version)
        case.sheet.result["years"] = years
        income = facts.need("urban_disposable_income")
        if "coefficient" in facts:
            items["disability"] = rounded(income * years * facts.need("coefficient"))
        elif dies:
            items["death"] = rounded(income * years)
    if dies and "age" in facts and "monthly_wage" in facts:
        items["funeral"] = rounded(facts.need("monthly_wage") * version.whole("funeral_months"))
    if "dependants" in facts:
        lost = facts.get("capacity_loss", facts.get("coefficient", Decimal(1)))
        annual = facts.need("urban_consumption")
        items["dependants_living"] = living(facts.need("dependants"), annual, lost, version)
    return items


def life_years(age: int, version: RuleVersion) -> int:
    """Return how many years are paid for: 20, from 60 one less a year, from 75 five; never less
    than none.
    """
    if age >= version.whole("late_age"):
        return version.whole("late_years")
    return max(0, version.whole("years") - max(0, age - version.whole("from_age")))


def living(
    dependants: Sequence[Facts], annual: Decimal, lost: Decimal, version: RuleVersion
) -> Decimal:
    """Return the dependants' living: each year's sum is never over one annual amount."""
    adult = version.whole("adult_age")
    each = []
    for one in dependants:
        age, supporters = one.need("age"), one.get("supporters", 1)
        years = adult - age if age < adult else life_years(age, version)
        each.append((years, supporters))
    most, exact = Fraction(annual), Fraction(0)
    for year in range(max((years for years, _supporters in each), default=0)):
        shares = sum((Fraction(1, number) for years, number in each if year < years), Fraction(0))
        exact += min(shares * most * Fraction(lost), most)
    return from_fraction(exact)


def _totals(case: Case, items: dict[str, Decimal]) -> None:
    """Count the dependants' living into the sum for disability or death (art 16)."""
    for name in ("disability", "death"):
        if name in items:
            total = items[name] + items.get("dependants_living", NOTHING)
            case.sheet.money(f"{name}_total", total)


def _sum_up(case: Case, version: RuleVersion, items: dict[str, Decimal]) -> None:
    """Put each item down after fault; the cut is made once on the sum, so that no fen is lost."""
    facts, sheet = case.facts, case.sheet
    whole = sum(items.values(), facts.money("losses"))
    due = rounded(after_fault(case, whole))
    if "losses" in facts or facts.any("liability_ratio"):
        sheet.money("losses_payable", due)
    if due == whole:
        for name, amount in items.items():
            rule = case.standing("R03") if name in ("product_value", "other_property") else version
            told = _reckoning(case, version, name)
            sheet.add(
                "loss",
                rule,
                amount,
                {name: written(amount)} | told,
                formula=name,
                unchecked=_rests_on_unchecked(case, told),
            )
        sheet.add("loss", version, facts.money("losses"), {"L": written(facts.money("losses"))})
        return
    inputs = {name: written(amount) for name, amount in items.items()}
    inputs |= {"L": written(whole), "fault": str(facts.get("claimant_fault", 0))}
    inputs["share"] = str(facts.get("liability_ratio", 1))
    for name in items:
        inputs |= _reckoning(case, version, name)
    unchecked = _rests_on_unchecked(case, inputs)
    sheet.add("loss", case.standing("R18"), due, inputs, unchecked=unchecked)


def _reckoning(case: Case, version: RuleVersion, item: str) -> dict[str, str]:
    """Return what an item was reckoned from and whose figures these are, where that was told."""
    if "statistics" not in case.facts:
        return {}
    known = {
        "years": case.sheet.result.get("years"),
        "funeral_months": version.whole("funeral_months"),
    }
    told = {}
    for name in RECKONED_FROM.get(item, ()):
        value = known.get(name, case.facts.get(name))
        if value is not None:
            told[name] = written(Decimal(value)) if name in _MONEY else f"{value}"
    return told | {
        f"source_{one.need('fact')}": _cited(one)
        for one in case.facts.need("statistics")
        if one.need("fact") in told
    }


_MONEY = frozenset(STATISTICS) - {"coefficient"} | {"annual_nursing"}


def _cited(one: Facts) -> str:
    """Return a figure's source in one line: where, which year, what, by whom."""
    parts = (one.need("region"), one.get("year"), one.get("detail"), one.get("figure"))
    told = " ".join(str(part) for part in parts if part is not None)
    return f"{told} · {one.need('source')}"


def _rests_on_unchecked(case: Case, told: Mapping[str, str]) -> bool:
    """Say whether one of the figures that an item rests on was not held against its source."""
    used = case.facts.get("statistics", ())
    return any(f"source_{one.need('fact')}" in told and not one.flag("checked") for one in used)


def _service(case: Case) -> None:
    """Fraud in a service that hurt: the multiple of the fee is not cut by fault."""
    facts, sheet = case.facts, case.sheet
    if "service_fee" not in facts:
        return
    fee = facts.need("service_fee")
    if facts.flag("return_and_refund"):
        refund = sheet.add("refund", case.standing("R29"), fee, {"P": written(fee)})
        sheet.money("refund", refund)
    version = case.rule("R01", facts.get("contract_date"))
    found = facts.flag("fraud_found") and facts.flag("consumer_requests_extra")
    if version is None or is_fabricated(case) or not found:
        sheet.money("extra_damages", NOTHING)
        return
    extra = max(fee * version.number("multiple"), version.number("floor"))
    sheet.money("extra_damages", sheet.add("extra_damages", version, extra, {"P": written(fee)}))
