"""Worked examples: what the rules make of facts, to the fen."""

import json
from pathlib import Path

import pytest

from compensation.rules import KINDS
from tests.compensation.rules.generated import reckoned
from tests.shared_data import FOLDER

OWN = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", OWN, ids=[case["name"] for case in OWN])
def test_example(case):
    found = reckoned(case["kind"], case["facts"]).as_data()
    assert {name: found.get(name) for name in case["expected"]} == case["expected"]


@pytest.mark.shared_data
def test_every_shared_worked_case():
    cases = json.loads((FOLDER / "legal_rules_cases.json").read_text(encoding="utf-8"))["cases"]
    ours = [case for case in cases if case["kind"] in KINDS]
    assert len(ours) > 100
    for case in ours:
        found = reckoned(case["kind"], case["facts"]).as_data()
        shown = {name: found.get(name) for name in case["expected"]}
        assert (case["id"], shown) == (case["id"], case["expected"])
