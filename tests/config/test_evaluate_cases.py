"""`manage.py evaluate_cases`: worked cases in, answers out, no database asked."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.shared_data import FOLDER

SHARED = FOLDER / "legal_rules_cases.json"


def evaluated(path) -> tuple[list[dict], int]:
    out = StringIO()
    try:
        call_command("evaluate_cases", str(path), stdout=out)
    except SystemExit as left:
        return json.loads(out.getvalue()), int(left.code or 0)
    return json.loads(out.getvalue()), 0


@pytest.fixture
def file_of(tmp_path):
    def write(*cases: object):
        path = tmp_path / "cases.json"
        path.write_text(json.dumps({"cases": cases}), encoding="utf-8")
        return path

    return write


def test_answers_come_in_the_order_of_the_file_and_expected_is_not_read(file_of):
    fraud = {"price_paid": "10.00", "fraud_found": True, "consumer_requests_extra": True}
    cases = [
        {"id": "b", "kind": "compensation", "facts": fraud, "expected": {"payable": "1.00"}},
        {"id": "a", "kind": "screening", "facts": {"signals": []}},
    ]
    found, code = evaluated(file_of(*cases))
    assert code == 0
    assert [one["id"] for one in found] == ["b", "a"]
    assert found[0]["result"]["payable"] == "510.00"
    assert found[0]["result"]["lines"][0]["article"]


def test_bad_facts_are_answered_by_name_beside_the_good_ones(file_of):
    cases = [
        {"id": 1, "kind": "contract", "facts": {"penalty": "-3.00", "loss": "1.00"}},
        {"id": 2, "kind": "contract", "facts": {"penalty": "3.00", "loss": "1.00"}},
        {"id": 3, "kind": "astrology", "facts": {}},
        {"id": 4, "kind": "contract"},
        {"kind": "contract", "facts": {}},
        "no case",
    ]
    found, code = evaluated(file_of(*cases))
    assert code == 1
    assert found[0] == {"id": 1, "error": "penalty: must not be negative"}
    assert found[1]["result"]["excessive"] is True
    assert [one["error"].split(":")[0] for one in found[2:]] == ["kind", "facts", "id", "case"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cases": 3}', "null", "[" * 100_000])
def test_a_file_of_something_else_is_refused_in_words(tmp_path, text):
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("evaluate_cases", str(path))


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(CommandError):
        call_command("evaluate_cases", str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"preset": "cn_reg_accept", "start": "2026-09-29"}, "2026-10-14"),
        ({"preset": "cn_mediation", "start": "2026-09-16"}, "2026-11-16"),
        ({"preset": "uk_final", "start": "2026-11-01"}, "2026-12-27"),
        ({"preset": "cn_limitation", "start": "2020-01-06"}, "2023-01-06"),
        (
            {"preset": "cn_limitation", "start": "2020-01-06", "interrupted_on": "2023-02-01"},
            "2023-01-06",
        ),
        (
            {"preset": "seed_emergency", "start": "2026-11-20T23:10:00Z"},
            "2026-11-21T01:10:00+00:00",
        ),
    ],
)
def test_deadlines_are_those_of_the_clocks(file_of, facts, due):
    found, _code = evaluated(file_of({"id": 1, "kind": "deadline", "facts": facts}))
    assert found[0]["result"]["due"] == due


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"preset": "seed_ack", "start": "2026-11-20"}, "start"),
        ({"preset": "seed_ack", "start": "2026-11-20T25:00:00+08:00"}, "start"),
        ({"preset": "none", "start": "2026-11-20"}, "preset"),
        ({"preset": "cn_reg_accept"}, "start"),
        ({"preset": "cn_reg_accept", "start": "2026-11-20", "excluded_to": "2026-11-21"}, "exclud"),
    ],
)
def test_bad_deadlines_name_the_fact(file_of, facts, field):
    found, code = evaluated(file_of({"id": 1, "kind": "deadline", "facts": facts}))
    assert code == 1
    assert found[0]["error"].startswith(field)


def test_numerals_and_agreements_are_judged_by_their_own_modules(file_of):
    found, code = evaluated(
        file_of(
            {"id": 1, "kind": "numeral", "facts": {"amount": "10010.10"}},
            {"id": 2, "kind": "numeral", "facts": {"amount": "0.001"}},
            {"id": 3, "kind": "agreement", "facts": {"clause": "本公司保留最终解释权"}},
            {"id": 4, "kind": "agreement", "facts": {"clause": "三日内付款"}},
            {
                "id": 5,
                "kind": "agreement",
                "facts": {"amount": "100.00", "instalments": 3, "hardship": False},
            },
        )
    )
    assert code == 1
    assert found[0]["result"]["canonical"] == "壹万零壹拾元零壹角整"
    assert found[1]["error"].startswith("amount")
    assert [one["result"]["block"] for one in found[2:4]] == [True, False]
    assert found[4]["result"] == {
        "allowed": False,
        "security_required": False,
        "schedule": ["100.00"],
    }


@pytest.mark.shared_data
def test_shared_worked_cases_of_every_kind_we_have():
    cases = {case["id"]: case for case in json.loads(SHARED.read_text("utf-8"))["cases"]}
    found, _code = evaluated(SHARED)
    assert len(found) == len(cases)
    for one in found:
        expected = cases[one["id"]]["expected"]
        assert {name: one["result"].get(name) for name in expected} == expected
