"""A file of worked cases, read and answered; what can't be answered names the fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from compensation.rules import KINDS, SHIPPED, FactError, RuleBook, evaluate
from config.worked_cases.agreements import RefusedAmount, agreement, numeral
from config.worked_cases.calendars import published_calendar
from config.worked_cases.deadlines import deadline
from config.worked_cases.parsing import Repeated, refuse_repeats
from config.worked_cases.studies import delphi, risk

OTHERS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "agreement": agreement,
    "deadline": deadline,
    "delphi": delphi,
    "numeral": numeral,
    "risk": risk,
}


class NotCases(ValueError):
    """The file holds no worked cases; the message says what is wrong."""


def answers(file: Any, *, on: date, book: RuleBook | None = None) -> list[dict[str, Any]]:
    """Return `{"id", "result"}` or `{"id", "error"}` for each case of a file, in its order.

    Raises NotCases for a file that is no list of cases.
    """
    cases = file.get("cases") if isinstance(file, dict) else None
    if not isinstance(cases, list):
        raise NotCases('the file must be {"cases": [{"id", "kind", "facts"}]}')
    rules, told = book or RuleBook(SHIPPED), set[str | int]()
    return [_answer(case, told=told, on=on, book=rules) for case in cases]


def _answer(case: Any, *, told: set[str | int], on: date, book: RuleBook) -> dict[str, Any]:
    if not isinstance(case, dict):
        return {"id": None, "error": "case: must be an object with id, kind and facts"}
    name = None
    try:
        name = _id(case.get("id"))
        if name in told:
            raise FactError("id", "was told before in this file")
        told.add(name)
        refuse_repeats(case)
        return {"id": name, "result": _result(case, on=on, book=book)}
    except RefusedAmount as error:
        return {"id": name, "error": str(error), "result": {"error": "ValueError"}}
    except FactError as error:
        return {"id": name, "error": str(error)}


def _id(raw: Any) -> str | int:
    if isinstance(raw, Repeated):
        raise FactError("id", "is told twice")
    if not isinstance(raw, str | int) or isinstance(raw, bool) or raw == "":
        raise FactError("id", "is needed, as a text or a whole number")
    return raw


def _result(case: Mapping[str, Any], *, on: date, book: RuleBook) -> dict[str, Any]:
    kind, facts = case.get("kind"), case.get("facts")
    if not isinstance(kind, str):
        raise FactError("kind", "is needed")
    if kind in OTHERS:
        return OTHERS[kind](facts)
    if kind not in KINDS:
        raise FactError("kind", f"{kind!r} is none of {', '.join([*KINDS, *OTHERS])}")
    sheet = evaluate(kind, facts, book=book, calendar=published_calendar(), on=on)
    return sheet.as_data()
