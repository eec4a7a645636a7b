"""Who answers to the consumer, in which mode, and who pays in the end."""

from __future__ import annotations

from decimal import Decimal

from compensation.rules.facts import FactError, check
from compensation.rules.fault import after_fault
from compensation.rules.money import at_least_nothing, rounded, shared, written
from compensation.rules.sheets import Case

STARTS = (
    "paid",
    "shares",
    "total",
    "platform_can_identify_seller",
    "platform_knew",
    "seller_clearly_marked",
    "third_party_tort",
    "venue_safety_breach",
    "defect_at_circulation",
    "put_into_circulation",
    "undetectable_then",
    "initial_loss",
    "enlarged_loss",
)
PARTIES = (
    *("seller", "producer", "manufacturer", "importer", "supplier", "distributor", "logistics"),
    *("carrier", "warehouse", "repairer", "installer", "platform", "platform_merchant"),
    *("live_room", "live_room_operator", "advertiser", "endorser", "venue", "licence_lender"),
    *("fair_organiser", "production_dept", "production", "third_party_service", "third_party"),
)
WHOLES = (1, 100)
NOBODY = ("force_majeure", "consumer")
"""Causes that leave whoever paid without recourse."""

DEFENCES = (
    ("put_into_circulation", False),
    ("defect_at_circulation", False),
    ("undetectable_then", True),
)


def liability(case: Case) -> None:
    """Judge who is liable. Raises FactError where the facts name nobody."""
    if not case.facts.any(*STARTS):
        raise FactError("paid", "is needed: who paid, who shares, or whose part it was")
    _recourse(case)
    _shares(case)
    _platform(case)
    _venue(case)
    _producer(case)
    _recall(case)


def _recourse(case: Case) -> None:
    """Give whoever paid recourse: against the cause in full, or for what is over the own share."""
    facts, result = case.facts, case.sheet.result
    if "paid" not in facts:
        return
    paid = facts.need("paid")
    if "own_share" in facts:
        case.sheet.money("recourse", at_least_nothing(paid - facts.need("own_share")))
        return
    payer, cause = facts.need("paid_by"), facts.need("defect_cause")
    own = payer == cause or cause in NOBODY
    result["consumer_may_claim"] = ["producer", "seller"]
    result["recourse_from"] = None if own else cause
    case.sheet.money("recourse", Decimal(0) if own else paid)


def _shares(case: Case) -> None:
    facts = case.facts
    if "total" not in facts and "shares" not in facts:
        return
    total = facts.need("total")
    due = rounded(after_fault(case, total))
    if "shares" not in facts:
        case.sheet.add("loss", case.standing("R18"), due, {"L": written(total)})
        case.sheet.close()
        return
    shares = facts.need("shares")
    names = [name for name, _weight in shares]
    check("shares", len(set(names)) == len(names), "name a party twice")
    check("shares", any(weight for _name, weight in shares), "give nobody a share")
    weights = [weight for _name, weight in shares]
    if sum(weights) not in WHOLES and len(set(weights)) > 1:
        case.sheet.warn("shares_do_not_make_a_whole")
    case.sheet.result["amounts"] = [written(amount) for amount in shared(due, shares)]


def _platform(case: Case) -> None:
    """A platform answers beside the seller: jointly if it knew, else if it can't name them."""
    facts, result = case.facts, case.sheet.result
    if "seller_clearly_marked" in facts:
        marked = facts.flag("seller_clearly_marked")
        live = facts.get("channel", "live_stream") in ("live_stream", "live_room")
        result["liable"] = ["live_room_operator"] if live and not marked else ["seller"]
    if not facts.any("platform_can_identify_seller", "platform_knew"):
        return
    joint = facts.flag("platform_knew") and not facts.flag("platform_took_measures")
    hidden = facts.get("platform_can_identify_seller") is False
    liable = result.get("liable", ["seller"])
    result["liable"] = [*liable, "platform"] if joint or hidden else liable
    result["platform_mode"] = _mode(joint=joint, hidden=hidden)
    if joint or hidden:
        result["recourse_from"] = liable[0]


def _mode(*, joint: bool, hidden: bool) -> str:
    if joint:
        return "joint_and_several"
    return "alternative" if hidden else "none"


def _venue(case: Case) -> None:
    facts = case.facts
    if not facts.any("third_party_tort", "venue_safety_breach"):
        return
    stranger, breach = facts.flag("third_party_tort"), facts.flag("venue_safety_breach")
    mode = "none"
    if breach:
        mode = "supplementary" if stranger else "direct"
    primary = "third_party" if stranger else ("venue" if breach else None)
    case.sheet.result |= {"primary": primary, "venue_mode": mode}


def _producer(case: Case) -> None:
    """A producer is liable without fault unless one of three defences is proven by it."""
    facts = case.facts
    told = [(name, way) for name, way in DEFENCES if name in facts]
    if not told:
        return
    defended = any(facts.flag(name) is way for name, way in told)
    case.sheet.result |= {"producer_liable": not defended, "burden": "producer"}


def _recall(case: Case) -> None:
    facts = case.facts
    if not facts.any("initial_loss", "enlarged_loss"):
        return
    first, more = facts.money("initial_loss"), facts.money("enlarged_loss")
    late = not facts.flag("timely_recall")
    version = case.standing("R27")
    inputs = {"initial": written(first), "enlarged": written(more)}
    due = after_fault(case, first + more if late else first)
    case.sheet.add("loss", version, due, inputs)
    case.sheet.close()
