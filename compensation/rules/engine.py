"""The one door: facts of a kind in, its entitlement sheet out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import localcontext
from typing import Any

from compensation.rules import schemas
from compensation.rules.book import RuleBook
from compensation.rules.car import car
from compensation.rules.compensation import compensation
from compensation.rules.contract import contract
from compensation.rules.facts import FactError, read_facts
from compensation.rules.injury import injury
from compensation.rules.liability import liability
from compensation.rules.policy import policy
from compensation.rules.prepaid import prepaid
from compensation.rules.returns import returns
from compensation.rules.screening import screening
from compensation.rules.sheets import Case, Days, Sheet
from compensation.rules.warranty import warranty
from complaints.clock_arithmetic import WorkingCalendar

DIGITS = 60
"""So many digits that nothing is rounded before the end of a line."""

UNPUBLISHED = "calendar_not_published"
"""Warns that the holidays of a year that counts are not known yet: only weekends rest in it."""

KINDS: Mapping[str, tuple[schemas.Schema, Callable[[Case], None]]] = {
    "compensation": (schemas.COMPENSATION, compensation),
    "return": (schemas.RETURN, returns),
    "warranty": (schemas.WARRANTY, warranty),
    "car": (schemas.CAR, car),
    "injury": (schemas.INJURY, injury),
    "prepaid": (schemas.PREPAID, prepaid),
    "contract": (schemas.CONTRACT, contract),
    "liability": (schemas.LIABILITY, liability),
    "policy": (schemas.POLICY, policy),
    "screening": (schemas.SCREENING, screening),
}


def evaluate(
    kind: str, facts: Any, *, book: RuleBook, calendar: WorkingCalendar, on: date
) -> Sheet:
    """Return what the rules of `book` give for some facts.

    `on` is the day whose rules hold where the facts tell no date of their own. Raises FactError,
    naming the fact, for facts that are unknown, missing or can't be, and for an unknown kind.
    """
    if kind not in KINDS:
        raise FactError("kind", f"{kind} is none of {', '.join(KINDS)}")
    schema, reckon = KINDS[kind]
    sheet, days = Sheet(kind), Days(calendar)
    with localcontext() as context:
        context.prec = DIGITS
        reckon(Case(read_facts(facts, schema), book, days, on, sheet))
    if days.provisional:
        sheet.warn(UNPUBLISHED)
    return sheet
