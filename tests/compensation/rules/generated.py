"""Facts made up for a kind: every fact of its schema, each with values that its reader takes."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from compensation.rules import KINDS, SHIPPED, FactError, RuleBook, Sheet, evaluate
from config.worked_cases.calendars import published_calendar

ON = date(2026, 11, 20)
BOOK = RuleBook(SHIPPED)
AMOUNTS = ["0.00", "0.01", "10.00", "166.66", "166.67", "333.34", "999.99", "138000.00"]
DAYS = ["2007-02-28", "2014-03-14", "2014-03-15", "2024-02-29", "2026-09-25", "2026-11-01"]
WORDS = [
    *("online", "in_store", "steering", "engine_main_part", "seller", "producer", "carrier"),
    *("household", "business", "second_hand_professional", "second_hand_private", "quality"),
    *("no_reason", "refrigerator", "food", "custom_made", "font_size", "restore_original"),
]
CHOICES = [
    *("return", "refund", "repair", "replace", "perform", "operator", "agent", "consumer"),
    *("neither", "CN-1995", "CN-ZJ", "art22", "art23", "art24", "payer", "payee", "minor"),
    *("moderate", "severe", "cash", "points", "CNY", "USD", "food148", "cpl55_1", "drug144"),
]
ITEMS = [{"price_paid": "10.00"}, {"price_paid": "200.00", "fraud": True, "qty": 3}]
LISTS: list[Any] = [
    [{"items": ITEMS}, {"items": [{"price_paid": "800.00", "fraud": False}]}],
    [{"items": ITEMS[1:], "contract_date": "2013-05-01"}, {"items": ITEMS}],
    [{"items": ITEMS, "contract_date": "1990-01-01"}],
    [{"kind": "surface_wiring", "cost": "5000.00"}, {"kind": "restore_all", "cost": "9000.00"}],
    [{"age": 10, "supporters": 2}, {"age": 17}, {"age": 59, "supporters": 3}, {"age": 130}],
    [{"fact": "meal_rate", "region": "全国", "source": "办法", "checked": False}],
    [["maker", 1], ["carrier", 1], ["shop", 1]],
    [["maker", "33.3"], ["shop", "66.7"]],
    [["maker", 0], ["shop", 0]],
    ["2026-11-02", "2026-12-01"],
    ["producer_name"],
    ["partial_refund", "free_repair"],
    ["shared_payee", "shared_device", "evidence_forged_confirmed"],
    [4, 5],
    [0, 24, 25],
    [],
]
FIGURES = [0, 1, 2, 3, 5, 7, 8, 15, 16, 24, 25, 30, 31, 36, 59, 60, 61, 74, 75, 90, 91, 400]
RATIOS = ["0", "0.005", "0.008", "0.03", "0.20", "0.60", "1", "1.0", "2", "3.5"]
VALUES = [*AMOUNTS, *DAYS, *WORDS, *CHOICES, *LISTS, *FIGURES, *RATIOS, True, False, None]


@cache
def values_of(kind: str) -> dict[str, list[Any]]:
    """Return, for every fact of a kind, those of our values that it takes."""
    found = {}
    for name, reader in KINDS[kind][0].items():
        taken = []
        for value in VALUES:
            try:
                reader(name, value)
            except FactError:
                continue
            taken.append(value)
        found[name] = taken
    return found


@st.composite
def facts_of(draw: Any, kind: str) -> dict[str, Any]:
    """Draw some facts of a kind, each of a type that fits."""
    values = values_of(kind)
    names = draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=14))
    return {name: draw(st.sampled_from(values[name])) for name in names}


def reckoned(kind: str, facts: dict[str, Any], book: RuleBook = BOOK) -> Sheet:
    """Return the sheet of some facts."""
    return evaluate(kind, facts, book=book, calendar=published_calendar(), on=ON)
