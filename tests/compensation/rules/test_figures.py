"""Figures of rules: those that ship are within their limits, and none of those breaks a sheet."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from compensation.forms.rules import FIGURE_WORDS
from compensation.rules import KINDS, SHIPPED, FactError, RuleBook
from compensation.rules.figures import LIMITS, FigureFault, faults_of
from tests.compensation.rules.generated import BOOK, reckoned

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))
CASES = [case for case in VECTORS if case["kind"] in KINDS]
EDGES = [
    (version, name, value)
    for version in SHIPPED
    for name in version.parameters
    for value in (LIMITS[name].least, LIMITS[name].most)
]


def test_what_ships_is_within_the_limits_and_has_words():
    assert not [fault for version in SHIPPED for fault in faults_of(version.parameters)]
    assert {name for version in SHIPPED for name in version.parameters} <= FIGURE_WORDS.keys()


@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        ({"days": "7.5"}, ("days", FigureFault.WHOLE)),
        ({"days": "3661"}, ("days", FigureFault.RANGE)),
        ({"days": "-1"}, ("days", FigureFault.RANGE)),
        ({"floor": "NaN"}, ("floor", FigureFault.RANGE)),
        ({"year_days": "0"}, ("year_days", FigureFault.RANGE)),
        ({"least": "3", "most": "1"}, ("most", FigureFault.ORDER)),
    ],
)
def test_each_fault_is_told(figures, fault):
    told = {name: Decimal(value) for name, value in figures.items()}
    assert list(faults_of(told)) == [fault]


@pytest.mark.parametrize(
    ("version", "name", "value"),
    EDGES,
    ids=[f"{version.rule}-{name}-{value}" for version, name, value in EDGES],
)
def test_no_figure_within_its_limits_breaks_a_sheet(version, name, value):
    changed = replace(version, parameters={**version.parameters, name: value})
    book = RuleBook([*(one for one in BOOK if one != version), changed])
    for case in CASES:
        try:
            sheet = reckoned(case["kind"], case["facts"], book)
        except FactError:
            continue
        assert sheet.total is None or sheet.total >= 0
        assert all((line.amount < 0) == (line.kind == "credit") for line in sheet.lines)
