"""`manage.py evaluate_cases`: worked cases in, answers out, no database asked."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.shared_data import FOLDER

SHARED = FOLDER / "legal_rules_cases.json"

CALM = {
    "complaints_per_10k_orders_30d": 3,
    "handling_time_ratio": 0.6,
    "csat": 4.5,
    "redress_cost_ratio": 0.003,
}


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


@pytest.mark.parametrize(
    ("preset", "start", "warnings"),
    [
        ("cn_mediation_old", "2026-04-14", []),
        ("cn_mediation_old", "2026-04-15", ["preset_not_in_force"]),
        ("cn_mediation", "2026-04-14", ["preset_not_in_force"]),
        ("cn_mediation", "2026-04-15", []),
        ("cn_reg_accept", "2026-12-18", []),
        ("cn_reg_accept", "2026-12-28", ["calendar_not_published"]),
        ("cn_product_limitation", "2024-03-18", ["civil_code_gives_3_years"]),
        ("uk_final", "2026-12-28", []),
        ("uk_psd", "2026-12-28", ["calendar_not_published"]),
    ],
)
def test_deadlines_warn_of_other_law_and_of_days_nobody_published(file_of, preset, start, warnings):
    facts = {"preset": preset, "start": start}
    found, code = evaluated(file_of({"id": 1, "kind": "deadline", "facts": facts}))
    assert code == 0
    assert found[0]["result"].get("warnings", []) == warnings


@pytest.mark.parametrize(
    ("document", "allowed"),
    [
        *(("marriage_agreement", False), ("divorce", False), ("will", False), ("adoption", False)),
        *(("heating_stop", False), ("utility_suspension", False), ("gas", False)),
        *(("heating_contract", True), ("power_of_attorney", True), ("settlement", True)),
    ],
)
def test_what_may_be_signed_electronically(file_of, document, allowed):
    tests = ("exclusive_data", "sole_control", "signature_change_detectable")
    facts = dict.fromkeys((*tests, "content_change_detectable"), True)
    case = {"id": 1, "kind": "agreement", "facts": {**facts, "document_type": document}}
    found, _code = evaluated(file_of(case))
    assert found[0]["result"]["allowed"] is allowed
    assert ("effect" in found[0]["result"]) is allowed


def test_a_document_of_no_known_kind_is_an_error(file_of):
    case = {"id": 1, "kind": "agreement", "facts": {"document_type": "zzz"}}
    found, code = evaluated(file_of(case))
    assert code == 1 and found[0]["error"].startswith("document_type:")


def test_experts_who_call_everything_equal_leave_agreement_open(file_of):
    ranks = [[1.5, 1.5], [1.5, 1.5]]
    found, _code = evaluated(file_of({"id": 1, "kind": "delphi", "facts": {"ranks": ranks}}))
    assert found[0]["result"]["W"] is None
    assert found[0]["result"]["warning"] == "all_items_tied"


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


@pytest.mark.parametrize(
    ("kind", "facts", "field"),
    [
        ("delphi", {}, "ranks"),
        ("delphi", {"ranks": [[1, 2], [1, 1]]}, "ranks"),
        ("delphi", {"ranks": [[1, "2"], [1, 2]]}, "ranks[0][1]"),
        ("delphi", {"ranks": [[1, 2], [2, 1]], "scale": 5}, "scale"),
        ("delphi", {"ratings": [1, 6]}, "ratings"),
        ("delphi", {"ratings": [1, 2.5]}, "ratings[1]"),
        ("risk", {}, "complaints_per_10k_orders_30d"),
        ("risk", {**CALM, "csat": 6}, "csat"),
        ("risk", {**CALM, "csat": float("nan")}, "csat"),
        ("risk", {**CALM, "weights": [1, 1, 1, 1]}, "weights"),
        ("risk", {**CALM, "override": "mood"}, "override"),
    ],
)
def test_studies_name_the_fact_that_is_wrong(file_of, kind, facts, field):
    found, code = evaluated(file_of({"id": 1, "kind": kind, "facts": facts}))
    assert code == 1
    assert found[0]["error"].startswith(f"{field}:")


def test_studies_answer_with_what_they_found(file_of):
    ranks = [[1, 2.5, 2.5, 4], [1, 2, 3, 4], [2, 1, 3, 4]]
    cases = [
        {"id": 1, "kind": "delphi", "facts": {"ranks": ranks}},
        {"id": 2, "kind": "delphi", "facts": {"ratings": [7, 8, 8, 9], "scale": 9}},
        {"id": 3, "kind": "risk", "facts": {**CALM, "override": "safety_case"}},
    ]
    found, code = evaluated(file_of(*cases))
    assert code == 0
    assert (found[0]["result"]["W"], found[0]["result"]["R"]) == (0.8621, [4, 5.5, 8.5, 12])
    assert (found[1]["result"]["iqr"], found[1]["result"]["consensus"]) == (0.5, True)
    assert (found[2]["result"]["level"], found[2]["result"]["total"]) == ("high", 0.0)


@pytest.mark.shared_data
def test_shared_worked_cases_of_every_kind_we_have():
    cases = {case["id"]: case for case in json.loads(SHARED.read_text("utf-8"))["cases"]}
    found, _code = evaluated(SHARED)
    assert len(found) == len(cases)
    for one in found:
        expected = cases[one["id"]]["expected"]
        assert {name: one["result"].get(name) for name in expected} == expected
