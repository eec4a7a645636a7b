"""Studies of worked cases: agreement among experts (Delphi method) and the risk grade."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compensation.rules.facts import FactError, Facts, count, list_of, read_facts, token
from insights.consensus import concordance, spread
from insights.risk import INDICATORS, WEIGHTS, grade

PLACES = 4


def number(field: str, raw: Any) -> Decimal:
    """Read a number from 0, as JSON writes numbers."""
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not math.isfinite(raw):
        raise FactError(field, "must be a number")
    if not 0 <= raw <= 1_000_000:
        raise FactError(field, "must be from 0 to 1,000,000")
    return Decimal(str(raw))


def delphi(raw: Any) -> dict[str, Any]:
    """Return how far experts agree, in their ranks or in the ratings of one item."""
    schema = {
        "ranks": list_of(list_of(number), least=2),
        "ratings": list_of(count(1, 100), least=2),
        "scale": count(2, 100),
    }
    facts = read_facts(raw, schema)
    if ("ranks" in facts) == ("ratings" in facts):
        raise FactError("ranks", "either ranks or ratings are needed")
    return _ranked(facts) if "ranks" in facts else _rated(facts)


def _ranked(facts: Facts) -> dict[str, Any]:
    if "scale" in facts:
        raise FactError("scale", "belongs to ratings")
    rows = [[Fraction(rank) for rank in row] for row in facts.need("ranks")]
    try:
        found = concordance(rows)
    except ValueError as error:
        raise FactError("ranks", str(error)) from error
    told = {
        "R": [_plain(total) for total in found.rank_sums],
        "S": float(found.squares),
        "sum_T": _plain(found.ties),
        "W": _rounded(found.w),
        "chi2": _rounded(found.chi2),
        "df": found.degrees,
        "p": _rounded(found.p),
        "consensus": found.agreed,
    }
    return told | ({"warning": "all_items_tied"} if found.w is None else {})


def _rated(facts: Facts) -> dict[str, Any]:
    try:
        found = spread(facts.need("ratings"), scale=facts.get("scale", 5))
    except ValueError as error:
        raise FactError("ratings", str(error)) from error
    figures = ("mean", "median", "q1", "q3", "sd", "cv")
    told = {name: _rounded(getattr(found, name)) for name in figures}
    return {**told, "iqr": _rounded(found.q3 - found.q1), "consensus": found.agreed}


def risk(raw: Any) -> dict[str, Any]:
    """Return the risk grade of a period's four indicators."""
    schema = {
        **dict.fromkeys(INDICATORS, number),
        "weights": list_of(number),
        "override": token("safety_case"),
    }
    facts = read_facts(raw, schema)
    values = {name: facts.need(name) for name in INDICATORS}
    if not 1 <= values["csat"] <= 5:
        raise FactError("csat", "must be from 1 to 5")
    try:
        found = grade(
            values,
            weights=facts.get("weights", WEIGHTS),
            override=facts.get("override", ""),
        )
    except ValueError as error:
        raise FactError("weights", str(error)) from error
    told: dict[str, Any] = {
        "scores": [_rounded(score) for score in found.scores],
        "total": _rounded(found.total),
        "level": found.level,
    }
    return told | ({"override_reason": found.override} if found.override else {})


def _rounded(value: Fraction | Decimal | float | None) -> float | None:
    return None if value is None else round(float(value), PLACES) + 0.0


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
