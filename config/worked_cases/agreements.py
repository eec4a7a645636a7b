"""Agreements of worked cases: capital numerals, void clauses, signatures, entry into force."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from agreements.capitals import NotCapitals, from_capitals, to_capitals
from agreements.clauses import void_clauses
from compensation.rules.facts import (
    FactError,
    Facts,
    check,
    count,
    flag,
    money,
    read_facts,
    text,
    words,
)
from compensation.rules.money import shared, written

TESTS = ("exclusive_data", "sole_control", "signature_change_detectable")
FOUR_TESTS = (*TESTS, "content_change_detectable")
PERSONAL = (
    *("marriage", "marital", "divorce", "adoption", "inheritance", "will", "testament", "custody"),
    *("guardianship", "kinship", "maintenance"),
)
UTILITIES = ("utility", "utilities", "water", "heating", "heat", "gas", "electricity", "power")
STOPS = (
    *("stop", "stoppage", "suspension", "cut", "cutoff", "disconnection", "interruption"),
    *("shutoff", "termination"),
)
SIGNABLE = (
    *("contract", "agreement", "settlement", "compensation", "mediation", "receipt", "invoice"),
    *("order", "notice", "letter", "authorisation", "authorization", "attorney", "report", "form"),
    *("confirmation", "consent", "waiver", "statement", "record", "sale", "sales", "purchase"),
    *("service", "lease", "loan", "insurance", "labour", "employment", "document", "other"),
)
"""Words of documents: marriage, inheritance and the like, and stops of utilities, can't be signed
electronically (电子签名法 art 3(3)); a document of no known word is an error."""

WORDINGS = {
    "waive_personal_injury": "商品造成人身伤害，公司概不负责，免除公司对人身损害的责任",
    "no_complaint_no_suit": "消费者签约后不得投诉、不得起诉",
    "no_complaint": "消费者签约后不得投诉",
    "no_suit": "消费者签约后不得起诉",
    "final_interpretation": "本协议的最终解释权归公司所有",
}
"""Codes of clauses, as a contract would word them; other texts are read as they are."""

_NO_CODE = re.compile(r"[a-z0-9_]+", re.ASCII)


class RefusedAmount(FactError):
    """An amount that can't be written in capitals: refusing it is what the rules ask for."""


def numeral(raw: Any) -> dict[str, Any]:
    """Return an amount in capitals. Raises FactError, naming the amount, for what is none."""
    if not isinstance(raw, dict):
        raise FactError("facts", "must be an object of named facts")
    for name in raw:
        check(str(name), name == "amount", "is not a fact of this kind")
    amount = raw.get("amount")
    check("amount", amount is not None, "is needed here")
    if not isinstance(amount, str):
        raise FactError("amount", "must be an amount written as a string")
    try:
        canonical = to_capitals(amount)
    except NotCapitals as error:
        raise RefusedAmount("amount", "can't be written in capitals (ValueError)") from error
    found: dict[str, Any] = {"canonical": canonical}
    others = _other_spellings(canonical)
    if others:
        found["also_accepted"] = others
    return found


def _other_spellings(canonical: str) -> list[str]:
    """Return the rule's other spellings: the one 零 moved or left out, without 整."""
    whole, yuan, cents = canonical.partition("元")
    forms = [canonical]
    if yuan and cents.startswith("零") and "角" in cents:
        head, ten_thousand, tail = whole.rpartition("万")
        moved = f"{head}万零{tail}元{cents[1:]}" if ten_thousand and tail.endswith("仟") else ""
        forms.append(moved if _reads(moved) else f"{whole}元{cents[1:]}")
    forms += [form.removesuffix("整") for form in forms if form.endswith("角整")]
    return [form for form in dict.fromkeys(forms[1:]) if _reads(form)]


def _reads(form: str) -> bool:
    try:
        return from_capitals(form) is not None
    except NotCapitals:
        return False


def _moments(field: str, raw: Any) -> list[datetime]:
    if not isinstance(raw, list) or not raw:
        raise FactError(field, "must be a list of moments")
    found = []
    for number, one in enumerate(raw):
        try:
            moment = datetime.fromisoformat(one)
        except (TypeError, ValueError) as error:
            raise FactError(f"{field}[{number}]", "must be a moment") from error
        if moment.tzinfo is None:
            raise FactError(f"{field}[{number}]", "needs its offset")
        found.append(moment)
    return found


SCHEMA = {
    **dict.fromkeys(FOUR_TESTS, flag),
    **dict.fromkeys(
        (
            "all_signed",
            "main_duty_performed",
            "accepted",
            "parties_signed",
            "mediator_signed",
            "committee_seal",
            "hardship",
            "security_requested",
        ),
        flag,
    ),
    "document_type": words(*PERSONAL, *UTILITIES, *SIGNABLE),
    "clause": text,
    "amount": money,
    "capitals": text,
    "signatures": _moments,
    "instalments": count(1, 360),
}


def agreement(raw: Any) -> dict[str, Any]:
    """Judge what the facts tell of an agreement. Raises FactError where they tell nothing."""
    facts = read_facts(raw, SCHEMA)
    found: dict[str, Any] = {}
    for judge in (_signature, _document, _clause, _capitals, _in_force, _mediated, _payment):
        found |= judge(facts)
    if not found:
        raise FactError("clause", "is needed, or signatures, an amount, a document")
    return found


def _signature(facts: Facts) -> dict[str, Any]:
    """Judge the four tests; for a document outside electronic signatures they change nothing."""
    if not facts.any(*FOUR_TESTS):
        return {}
    if not all(facts.flag(name) for name in FOUR_TESTS):
        return {"reliable": False, "fallback": "agreed_conditions_art13_2"}
    if "document_type" in facts and not _is_signable(facts.need("document_type")):
        return {"reliable": True}
    return {"reliable": True, "effect": "same_as_handwritten_or_seal"}


def _document(facts: Facts) -> dict[str, Any]:
    if "document_type" not in facts:
        return {}
    return {"allowed": _is_signable(facts.need("document_type"))}


def _is_signable(name: str) -> bool:
    """Say whether a document may be signed electronically; a utility's contract may, no stop."""
    parts = {name, *name.split("_")}
    if not parts.isdisjoint(PERSONAL):
        return False
    if parts.isdisjoint(UTILITIES):
        return True
    return parts.isdisjoint(STOPS) and not parts.isdisjoint(SIGNABLE)


def _clause(facts: Facts) -> dict[str, Any]:
    if "clause" not in facts:
        return {}
    told = facts.need("clause")
    if _NO_CODE.fullmatch(told) and told not in WORDINGS:
        raise FactError("clause", f"is none of {', '.join(WORDINGS)}, nor a text")
    void = bool(void_clauses(WORDINGS.get(told, told)))
    return {"void": void, "block": void}


def _capitals(facts: Facts) -> dict[str, Any]:
    if "capitals" not in facts:
        return {}
    amount: Decimal = facts.need("amount")
    try:
        same = from_capitals(facts.need("capitals")) == amount
    except NotCapitals:
        same = False
    return {"block": not same, "expected_capitals": to_capitals(amount)}


def _in_force(facts: Facts) -> dict[str, Any]:
    """In force from the last signature; unsigned, formed by performance that was accepted."""
    if not facts.any("signatures", "all_signed", "main_duty_performed", "accepted"):
        return {}
    signed = facts.flag("all_signed")
    performed = facts.flag("main_duty_performed") and facts.flag("accepted")
    found: dict[str, Any] = {"formed": signed or performed}
    if "signatures" in facts:
        found["effective_at"] = max(facts.need("signatures")).isoformat() if signed else None
    return found


def _mediated(facts: Facts) -> dict[str, Any]:
    names = ("parties_signed", "mediator_signed", "committee_seal")
    return {"effective": all(map(facts.flag, names))} if facts.any(*names) else {}


def _payment(facts: Facts) -> dict[str, Any]:
    """Instalments only where a lump sum is truly hard, then with security if it is asked for."""
    if "instalments" not in facts:
        return {}
    number, amount = facts.need("instalments"), facts.need("amount")
    allowed = number == 1 or facts.flag("hardship")
    parts = number if allowed else 1
    schedule = shared(amount, [(f"{place:04d}", Decimal(1)) for place in range(parts)])
    return {
        "allowed": allowed,
        "security_required": allowed and number > 1 and facts.flag("security_requested"),
        "schedule": [written(part) for part in schedule],
    }
