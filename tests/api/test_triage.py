"""Triage over the API: a proposal decided, and lowered by two tokens, never by one."""

import pytest

from complaints.models import Case
from tests.api.test_steps import take
from tests.factories import make_case

pytestmark = pytest.mark.django_db
BURNT = "热水壶漏电，孩子被烫伤了。"
LOWER = {"urgency": "normal", "severity": "minor", "reason": "电话里说是玩笑"}


def test_one_token_cannot_lower_a_safety_case(login):
    agent, case = login("agent"), make_case(description=BURNT)

    for step, facts in (("triage", LOWER), ("classify", {"severity": "minor"})):
        refused = take(agent, case, step, **facts)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "severity")
    assert take(agent, case, "request_lowering", **LOWER).status_code == 200
    own = take(agent, case, "decide_lowering", approve=True, reason="我自己批")

    assert own.status_code == 403
    assert Case.objects.get(pk=case.pk).urgency == "emergency"


def test_two_tokens_lower_it(login):
    case = make_case(description=BURNT)
    take(login("agent"), case, "request_lowering", **LOWER)

    done = take(login("manager"), case, "decide_lowering", approve=True, reason="已核实")

    assert done.status_code == 200, done.json()
    assert Case.objects.get(pk=case.pk).urgency == "normal"


def test_a_proposal_is_confirmed(login):
    case = make_case(description=BURNT)

    done = take(login("agent"), case, "triage", urgency="emergency", severity="severe")

    assert done.status_code == 200, done.json()
    assert Case.objects.get(pk=case.pk).severity == "severe"


def test_an_unknown_category_is_refused_in_words(login):
    refused = take(login("agent"), make_case(), "classify", category="NOTHING")

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "invalid_choice")


def test_a_case_carries_its_proposal_and_the_decision(login):
    agent, case = login("agent"), make_case(description=BURNT)

    shown = agent.get(f"/api/v1/cases/{case.reference}/").json()["triage"]

    assert (shown["urgency"], shown["severity"], shown["safety"]) == ("emergency", "severe", True)
    shock = next(reason for reason in shown["reasons"] if reason["code"] == "shock")
    assert (shock["kind"], shock["words"]) == ("harm", ["漏电"])
    assert (shown["decision"], shown["decided_by"], shown["decided_at"]) == ("", "", None)
    take(agent, case, "triage", urgency="emergency", severity="severe")
    decided = agent.get(f"/api/v1/cases/{case.reference}/").json()["triage"]
    assert decided["decision"] and decided["decided_by"] == agent.user.username


def test_reasons_are_named_in_the_language_of_the_request(login):
    agent, case = login("agent"), make_case(description=BURNT)
    path = f"/api/v1/cases/{case.reference}/"

    reasons = agent.get(path, headers={"Accept-Language": "en"}).json()["triage"]["reasons"]

    assert "Electric shock or leakage" in [reason["name"] for reason in reasons]
