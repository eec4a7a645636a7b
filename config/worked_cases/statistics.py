"""Worked cases of agreement among experts and of risk, by the functions of insights."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from compensation.rules.facts import FactError, check, list_of, read_facts, token
from insights.consensus import NotRanks, concordance, decimal, spread
from insights.risk import BANDS, WEIGHTS, level, scores, total

MOST = 1_000_000
PLACES = Decimal("0.0001")


def _number(field: str, raw: Any) -> Fraction:
    """Read a number as JSON writes it, exactly as it is written."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise FactError(field, "must be a number")
    if not 0 <= raw <= MOST:
        raise FactError(field, f"must be from 0 to {MOST}")
    return Fraction(str(raw))


def _plain(value: Any) -> Any:
    """Return a figure as JSON has it, rounded half up to four places."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Fraction):
        value = decimal(value)
    if isinstance(value, Decimal):
        return float(value.quantize(PLACES, ROUND_HALF_UP))
    return value


DELPHI = {
    "ranks": list_of(list_of(_number, least=1), least=1),
    "ratings": list_of(_number, least=1),
    "scale": _number,
}
INDICATORS = dict.fromkeys(BANDS, _number)
RISK = {
    **INDICATORS,
    "weights": list_of(_number, least=len(BANDS)),
    "override": token("safety_case"),
}


def delphi(raw: Any) -> dict[str, Any]:
    """Return the statistics of a round. Raises FactError."""
    facts = read_facts(raw, DELPHI)
    if not facts.any("ranks", "ratings"):
        raise FactError("ratings", "are needed, or ranks")
    found: dict[str, Any] = {}
    if "ranks" in facts:
        try:
            found |= {name: _plain(one) for name, one in concordance(facts.need("ranks")).items()}
        except NotRanks as error:
            raise FactError("ranks", str(error)) from error
    if "ratings" in facts:
        ratings = facts.need("ratings")
        check("ratings", len(ratings) > 1, "need at least two")
        if "scale" in facts:
            most = facts.need("scale")
            check("ratings", all(1 <= one <= most for one in ratings), "are outside the scale")
        found |= {name: _plain(one) for name, one in spread(ratings).items()}
    return found


def risk(raw: Any) -> dict[str, Any]:
    """Return scores, total and level. Raises FactError."""
    facts = read_facts(raw, RISK)
    values = {name: decimal(facts.need(name)) for name in BANDS}
    weights = [decimal(one) for one in facts.get("weights", [])] or list(WEIGHTS)
    check("weights", len(weights) == len(BANDS), f"must be {len(BANDS)}")
    check("weights", sum(weights) == 1, "must make 1")
    scored = scores(values)
    whole = total(scored, weights)
    found = {
        "scores": [_plain(one) for one in scored],
        "total": _plain(whole),
        "level": level(whole, safety="override" in facts),
    }
    if "override" in facts:
        found["override_reason"] = facts.need("override")
    return found
