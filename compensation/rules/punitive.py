"""Extra damages: which heads are open, what each comes to, and the one that is preselected.

Only one head may be had (2024 interpretation art 9); the best for the consumer is preselected and
the consumer chooses. A merchant's promise above the statute goes before it, one below is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from compensation.rules.book import RuleVersion
from compensation.rules.facts import FactError
from compensation.rules.fault import whole_loss
from compensation.rules.money import NOTHING, written
from compensation.rules.purchases import Purchases
from compensation.rules.sheets import Case

FRAUD, FOOD, DRUG = "cpl55_1", "food148", "drug144"
HOUSEHOLD = ("household", "personal", "family", "living", "daily_life", "farming")
"""Purposes that the law protects; farming supplies of farmers stand like them (消法 art 62)."""

OTHER_PURPOSES = (
    *("business", "commercial", "company", "corporate", "enterprise", "industrial", "investment"),
    *("manufacturing", "non_household", "office", "operating", "production", "profession"),
    *("professional", "profit", "resale", "trade", "trading", "wholesale", "work"),
)
BELOW_PROMISE = "食品安全民事解释(一) 第9条"
AGENT = "食品药品惩罚性赔偿解释(2024) 第3条"
NO_OPERATORS = (
    *("private", "private_person", "private_seller", "individual", "individual_person"),
    *("second_hand_private", "second_hand_individual", "second_hand_non_professional"),
    *("non_professional", "occasional", "amateur", "non_operator", "consumer"),
)
OPERATORS = (
    *("operator", "professional", "merchant", "platform_merchant", "company", "business"),
    *("individual_business", "store", "shop", "brand", "flagship", "self_run", "platform"),
    *("platform_self_run", "platform_operator", "self_run_label", "live_room", "live_stream"),
    *("live_room_operator", "second_hand", "second_hand_professional", "second_hand_merchant"),
    *("producer", "importer", "supplier", "seller", "gift_giver"),
)
UNSAFE_GOODS = ("food_unsafe", "drug_fake_or_inferior", "unit_price")
PRODUCERS = ("producer", "manufacturer")


@dataclass(frozen=True)
class Head:
    """One head of extra damages that is open."""

    name: str
    version: RuleVersion
    amount: Decimal
    inputs: dict[str, str]


def extra_damages(case: Case, bought: Purchases) -> Decimal:
    """Put down extra damages: every open head as a line, the chosen one counting."""
    heads = [*_fraud(case, bought), *_food_and_drug(case, bought)]
    sheet, facts = case.sheet, case.facts
    chosen = _chosen(case, heads)
    promised = _promise(case, bought, chosen)
    for head in heads:
        counts = head is chosen and promised is None
        sheet.add(
            "extra_damages", head.version, head.amount, head.inputs, head=head.name, chosen=counts
        )
    if len(heads) > 1 and chosen is not None:
        sheet.result["options"] = {head.name: written(head.amount) for head in heads}
        sheet.result |= {"selected": chosen.name, "cumulate": False}
    amount = NOTHING if chosen is None else chosen.amount
    extra = amount if promised is None else promised
    if extra:
        sheet.result.pop("blocked_by", None)
    if facts.any(*UNSAFE_GOODS):
        sheet.money("punitive", extra)
    sheet.money("extra_damages", extra)
    return extra


def _chosen(case: Case, heads: list[Head]) -> Head | None:
    wanted = case.facts.get("chosen_head")
    if wanted is None:
        return max(heads, key=lambda head: (head.amount, head.name), default=None)
    for head in heads:
        if head.name == wanted:
            return head
    raise FactError("chosen_head", "is not open on these facts")


def _promise(case: Case, bought: Purchases, chosen: Head | None) -> Decimal | None:
    """Return what the merchant promised where it is more than the statute gives."""
    multiple = case.facts.get("merchant_promise_multiple")
    if multiple is None:
        return None
    promised = bought.base * multiple
    case.sheet.money("promise", promised)
    version = case.rule("R20", bought.day)
    if version is None or chosen is None or promised <= chosen.amount:
        return None
    inputs = {"P": written(bought.base), "promise": str(multiple)}
    return case.sheet.add("extra_damages", version, promised, inputs, head="promise")


def _is_household(case: Case) -> bool:
    purpose = case.facts.get("consumption_purpose", "household")
    if purpose not in HOUSEHOLD:
        case.sheet.block(f"consumption_purpose={purpose}")
        return False
    return True


def is_fabricated(case: Case) -> bool:
    """Say whether the claim's facts were made up: then no multiple of any kind, and a person looks.

    The first gate of all (2024 interpretation art 16).
    """
    if not case.facts.flag("claimant_fabricated"):
        return False
    case.sheet.block("R25")
    case.sheet.result["route"] = "manual_review"
    return True


def _is_mere_label(case: Case, bought: Purchases) -> bool:
    """Say whether only the label is flawed, without effect on safety or quality, misleading nobody.

    A mandatory item that is missing from the label is never a mere flaw.
    """
    facts = case.facts
    if not facts.flag("label_only_defect") or facts.get("label_missing"):
        return False
    if facts.flag("affects_safety") or facts.flag("misleading"):
        return False
    gate = "R07" if facts.any("food_unsafe", "unit_price") else "R24"
    if case.rule(gate, bought.day) is None:
        return False
    case.sheet.block(gate)
    if case.standing(gate).source == "unverified":
        case.sheet.result["source_not_checked"] = [gate]
    return True


def _is_operator(case: Case) -> bool:
    if case.facts.get("seller_type") in NO_OPERATORS:
        case.sheet.block("R22")
        return False
    return True


def _fraud(case: Case, bought: Purchases) -> list[Head]:
    facts = case.facts
    if is_fabricated(case) or not facts.flag("fraud_found"):
        return []
    if _is_mere_label(case, bought) or not (_is_household(case) and _is_operator(case)):
        return []
    if not bought.orders:
        case.sheet.block("items.fraud=false")
        return []
    amount, versions = _by_order(case, bought)
    if not versions:
        case.sheet.block("R01")
        return []
    names = sorted({version.name for version in versions})
    case.sheet.result["rule_version"] = names[0] if len(names) == 1 else names
    if not facts.flag("consumer_requests_extra"):
        case.sheet.money("available_on_request", amount)
        return []
    inputs = {"P": " + ".join(written(order.base) for order in bought.orders)}
    return [Head(FRAUD, versions[-1], amount, inputs)]


def _by_order(case: Case, bought: Purchases) -> tuple[Decimal, list[RuleVersion]]:
    """Return the multiple with its floor once per order, by the law of each order's day."""
    total, versions = NOTHING, []
    for order in bought.orders:
        version = case.rule("R01", order.day)
        if version is not None:
            multiple, floor = version.number("multiple"), version.number("floor")
            total += max(order.base * multiple, floor)
            versions.append(version)
    return total, versions


def _food_and_drug(case: Case, bought: Purchases) -> list[Head]:
    facts = case.facts
    if not facts.any(*UNSAFE_GOODS):
        return []
    _tell_food(case, bought)
    if is_fabricated(case) or not _is_liable_for_food(case, bought):
        return []
    found = []
    for name, rule, fact in ((FOOD, "R05", "food_unsafe"), (DRUG, "R08", "drug_fake_or_inferior")):
        version = case.rule(rule, bought.day) if facts.flag(fact) else None
        if version is None:
            continue
        loss = whole_loss(facts)
        inputs = {"P": written(bought.base), "L": written(loss)}
        found.append(Head(name, version, _multiple(version, bought, loss), inputs))
    if found and not facts.flag("consumer_requests_extra", default=True):
        case.sheet.money("available_on_request", max(head.amount for head in found))
        return []
    return found


def _multiple(version: RuleVersion, bought: Purchases, loss: Decimal) -> Decimal:
    price, floor = version.number("price_multiple"), version.number("floor")
    by_price = sum((max(order.base * price, floor) for order in bought.orders), NOTHING)
    return max(by_price, loss * version.number("loss_multiple"))


def _tell_food(case: Case, bought: Purchases) -> None:
    rule = "R08" if case.facts.flag("drug_fake_or_inferior") else "R05"
    version = case.rule(rule, bought.day) or case.standing(rule)
    loss = whole_loss(case.facts)
    case.sheet.money("punitive_base", bought.base)
    case.sheet.money("ten_times", bought.base * version.number("price_multiple"))
    case.sheet.money("three_times_loss", loss * version.number("loss_multiple"))


def is_lay_agent(case: Case) -> bool:
    """Say whether somebody merely fetched the goods for the buyer, not as a trade."""
    facts = case.facts
    return bool(facts.get("role") == "agent" and not facts.flag("agent_professional"))


def _is_liable_for_food(case: Case, bought: Purchases) -> bool:
    facts, sheet = case.facts, case.sheet
    if not (facts.flag("food_unsafe") or facts.flag("drug_fake_or_inferior")):
        sheet.block(BELOW_PROMISE if facts.flag("below_promised_quality") else "food_unsafe=false")
        return False
    if is_lay_agent(case):
        sheet.block(AGENT)
        return False
    if _is_mere_label(case, bought) or not (_is_household(case) and _is_operator(case)):
        return False
    if facts.get("role") in PRODUCERS or _knew(case):
        return True
    sheet.block("operator_knew=false")
    return False


def _knew(case: Case) -> bool:
    """Say whether the operator knew, or is deemed to have known (食品安全民事解释（一） art 6)."""
    deemed = ("expired", "no_lawful_source", "no_purchase_inspection")
    return any(case.facts.flag(name) for name in ("operator_knew", *deemed))
