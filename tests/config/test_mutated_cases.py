"""Worked cases with one fact spoilt: an answer or the name of a fact, never a traceback."""

import json
from copy import deepcopy
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from config.management.commands.evaluate_cases import written
from config.worked_cases.parsing import parsed
from config.worked_cases.reading import OTHERS, answers

RULES = Path(__file__).parents[1] / "compensation" / "rules" / "vectors.json"
GOOD = [
    *json.loads(RULES.read_text(encoding="utf-8")),
    {"kind": "deadline", "facts": {"preset": "cn_reg_accept", "start": "2026-09-28"}},
    {
        "kind": "deadline",
        "facts": {
            "preset": "seed_ack",
            "start": "2026-11-20T17:30:00+08:00",
            "done": ["2026-11-21T17:30:01+08:00"],
        },
    },
    {"kind": "numeral", "facts": {"amount": "107000.53"}},
    {"kind": "agreement", "facts": {"clause": "final_interpretation", "document_type": "contract"}},
    {"kind": "agreement", "facts": {"amount": "9000.00", "instalments": 3, "hardship": True}},
    {"kind": "agreement", "facts": {"signatures": ["2026-11-18T10:00:00+08:00"]}},
    {"kind": "delphi", "facts": {"ranks": [[1, 2.5, 2.5, 4], [1, 2, 3, 4], [2, 1, 3, 4]]}},
    {"kind": "delphi", "facts": {"ratings": [3, 4, 4, 5], "scale": 5}},
    {
        "kind": "risk",
        "facts": {
            "complaints_per_10k_orders_30d": 3,
            "handling_time_ratio": 0.6,
            "csat": 4.2,
            "redress_cost_ratio": 0.003,
            "weights": [0.3, 0.25, 0.25, 0.2],
        },
    },
]
ODD = [
    *('"\\ud800"', '"\\udfff\\u0000"', "NaN", "Infinity", "-Infinity", "1e400", "-1e400"),
    *('"1e999999999"', '"NaN"', '"Infinity"', '"-0.00"', '"+1.00"', '" 1.00"', '"１.00"', '"1_0"'),
    *("true", "false", "null", "0", "-1", "1.5", "9" * 60, "9" * 5000, '""', '"x"', '"0.005"'),
    *("[]", "{}", "[[[[]]]]", "[null]", '{"a": {"a": []}}', '[true, "1.00"]', '"9999-12-31"'),
    *('"2026-02-30"', '"0001-01-01"', '"2026-11-02T24:00:00Z"', '"1" ', '"' + "9" * 300 + '"'),
    "[" * 60 + "]" * 60,
]


def spots(facts: object, path: tuple = ()) -> list[tuple]:
    """Every place in some facts."""
    if isinstance(facts, dict):
        parts = list(facts.items())
    elif isinstance(facts, list):
        parts = list(enumerate(facts))
    else:
        parts = []
    return [path, *(one for name, part in parts for one in spots(part, (*path, name)))]


def spoilt(facts: object, path: tuple, odd: str) -> object:
    """The facts with one place taken by something odd."""
    if not path:
        return parsed(odd)
    found = deepcopy(facts)
    place = found
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = parsed(odd)
    return found


def never(word: str) -> float:
    """Refuse what is written like a number and is none in JSON: NaN, Infinity."""
    raise AssertionError(word)


def answer(case: dict) -> dict:
    [found] = answers({"cases": [case]}, on=date(2026, 11, 20))
    text = written(found)
    assert json.loads(text, parse_constant=never).keys() == found.keys()
    return found


@settings(max_examples=1200, deadline=None)
@given(data=st.data())
def test_one_spoilt_fact_gives_an_answer_or_the_name_of_a_fact(data):
    case = data.draw(st.sampled_from(GOOD))
    path = data.draw(st.sampled_from(spots(case["facts"])))
    facts = spoilt(case["facts"], path, data.draw(st.sampled_from(ODD)))
    found = answer({"id": 1, "kind": case["kind"], "facts": facts})
    if "error" in found:
        field = found["error"].split(":")[0]
        assert field and " " not in field
    else:
        assert isinstance(found["result"], dict) and found["result"]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_fact_that_no_kind_knows_is_named(data):
    case = data.draw(st.sampled_from(GOOD))
    name = data.draw(st.sampled_from(["colour", "", "价格", "a b", "price_paid ", "__class__"]))
    facts = {**case["facts"], name: True}
    assert answer({"id": 1, "kind": case["kind"], "facts": facts})["error"].startswith(f"{name}:")


@pytest.mark.parametrize("kind", sorted(OTHERS))
@pytest.mark.parametrize("facts", [None, [], "", 0, True, {}])
def test_no_facts_at_all_are_asked_for(kind, facts):
    assert "needed" in answer({"id": 1, "kind": kind, "facts": facts})["error"] or facts != {}


@pytest.mark.parametrize("odd", ["null", "true", "1.5", "NaN", "1e400", '""', "[1]", "{}"])
def test_an_id_that_is_none_is_asked_for(odd):
    case = {"id": parsed(odd), "kind": "contract", "facts": {"loss": "1.00"}}
    assert answer(case) == {"id": None, "error": "id: is needed, as a text or a whole number"}


def evaluated(tmp_path, text: str) -> tuple[list, int]:
    path, out = tmp_path / "cases.json", StringIO()
    path.write_text(text, encoding="utf-8")
    try:
        call_command("evaluate_cases", str(path), stdout=out)
    except SystemExit as left:
        return json.loads(out.getvalue()), int(left.code or 0)
    return json.loads(out.getvalue()), 0


def test_what_is_told_twice_is_named(tmp_path):
    loss = '"kind": "contract", "facts": {"loss": "1.00"}'
    orders = '{"orders": [{"items": [{"price_paid": "1.00", "price_paid": "2.00"}]}]}'
    found, code = evaluated(
        tmp_path,
        '{"cases": ['
        f'{{"id": 1, {loss}}}, {{"id": 1, {loss}}}, {{"id": "1", {loss}}},'
        '{"id": 2, "kind": "contract", "facts": {"loss": "1.00", "loss": "2.00"}},'
        f'{{"id": 3, {loss}, "kind": "car"}}, {{"id": 4, {loss}, "facts": {{}}}},'
        f'{{"id": 5, "kind": "compensation", "facts": {orders}}},'
        f'{{"id": 6, "id": 7, {loss}}}, {{"id": 8, {loss}, "expected": {{"a": 1, "a": 2}}}}'
        "]}",
    )
    assert code == 1
    assert ["result" in one for one in found] == [True, False, True, *[False] * 5, True]
    assert [one["error"].split(":")[0] for one in found if "error" in one] == [
        *("id", "loss", "kind", "facts", "orders[0].items[0].price_paid", "id"),
    ]


def test_half_a_surrogate_pair_is_written_as_it_came(tmp_path):
    bad = '{"id": "A\\ud800", "kind": "compensation", "facts": {"\\udfff": 1}}'
    good = '{"id": "b", "kind": "contract", "facts": {"loss": "1.00"}}'
    found, code = evaluated(tmp_path, f'{{"cases": [{bad}, {good}]}}')
    assert code == 1
    assert found[0] == {"id": "A\ud800", "error": "\udfff: is not a fact of this kind"}
    assert found[1]["result"]["payable"] == "1.00"
