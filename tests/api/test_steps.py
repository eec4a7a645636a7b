"""Taking steps through the API: the same services, the same refusals as on the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.models import Case, Message
from complaints.moments import now
from complaints.states import ClockKind, Urgency
from config.api.steps import ALL_STEPS
from tests.complaints.walking import case_in, traces
from tests.factories import make_case, make_product, make_user

pytestmark = pytest.mark.django_db


def url_of(case: Case) -> str:
    return f"/api/v1/cases/{case.reference}/steps/"


def take(client, case: Case, step: str, *, version: int | None = -1, **facts):
    seen = Case.objects.values_list("version", flat=True).get(pk=case.pk)
    body = {"step": step, **facts}
    if version is not None and step not in (
        "message",
        "note",
        "investigation_note",
        "record_statement",
    ):
        body["version"] = seen if version == -1 else version
    return client.post(url_of(case), body, format="json")


def soon(days: int = 7) -> str:
    return (now() + timedelta(days=days)).date().isoformat()


def accept(client, case: Case, **changes):
    facts = {
        "next_steps": "明天上门取件。",
        "expected_on": soon(),
        "category": "QUALITY",
        "issue": "DEFECT",
        "severity": "moderate",
    }
    return take(client, case, "accept", **{**facts, **changes})


def errors(response):
    return {(error["field"], error["code"]) for error in response.json()["errors"]}


def test_case_is_carried_from_receipt_to_an_offer(login):
    agent, investigator, manager = login("agent"), login("investigator"), login("manager")
    case = make_case()
    assert accept(agent, case).json()["stage"]["code"] == "accepted"
    opened = take(
        agent,
        case,
        "open_investigation",
        lead=investigator.user.username,
        questions="底座为什么冒烟？",
    )
    assert opened.json()["stage"]["code"] == "investigating"
    take(investigator, case, "investigation_note", text="拆检，焊点脱落。")
    heard = take(
        investigator,
        case,
        "record_statement",
        party="respondent",
        name="生产部门",
        text="承认焊接工序有问题。",
        heard_at=now().isoformat(),
    )
    assert heard.status_code == 200, heard.json()
    share = {
        "table": "outward",
        "party": "seller",
        "share": "100",
        "kind": "several",
        "ground": "x",
    }
    decided = take(
        investigator,
        case,
        "determine_liability",
        outcome="liable",
        reasons_consumer="焊点脱落，属于质量缺陷。",
        shares=[share],
    )
    assert decided.status_code == 200, decided.json()
    law = "《消费者权益保护法》第二十四条"
    line = {"kind": "refund", "description": "退还货款", "amount": "1299.00", "legal_basis": law}
    option = {"title": "退款", "arrival_text": "3 天内到账", "lines": [line]}
    repair = {"kind": "repair", "description": "免费维修", "amount": "200.00", "is_cash": False}
    repair |= {"legal_basis": law}
    other = {"title": "维修", "arrival_text": "7 天内修好", "kind": "repair", "lines": [repair]}
    for step in ("save_plan", "submit_plan"):
        facts = {"options": [option, other]} if step == "save_plan" else {}
        saved = take(manager, case, step, **facts)
        assert saved.status_code == 200, saved.json()
    if "send_offer" not in saved.json()["steps"]:
        take(login("approver"), case, "approve_plan")
    sent = take(agent, case, "send_offer")
    assert sent.status_code == 200, sent.json()
    assert sent.json()["stage"]["code"] == "negotiating"
    assert [clock["kind"] for clock in sent.json()["clocks"]] == ["offer_reply"]


def test_stale_version_is_refused_and_tells_the_present_one(login):
    agent, case = login("agent"), make_case()
    take(agent, case, "classify", severity="minor")
    before = traces(case)
    response = accept(agent, case, version=1)
    assert response.status_code == 409
    assert errors(response) == {("", "stale")}
    assert response.json()["version"] == 2
    assert traces(case) == before


def test_step_of_another_stage_is_refused(login):
    agent, case = login("agent"), case_in("agreed")
    before = traces(case)
    response = accept(agent, case)
    assert (response.status_code, errors(response)) == (409, {("", "step_not_allowed")})
    assert traces(case) == before


@pytest.mark.parametrize(
    ("role", "step"), [("investigator", "decline"), ("agent", "reopen"), ("reviewer", "assign")]
)
def test_step_of_another_role_is_refused(login, role, step):
    case = make_case()
    before = traces(case)
    response = take(login(role), case, step)
    assert (response.status_code, errors(response)) == (403, {("", "permission_denied")})
    assert traces(case) == before


def test_case_that_is_not_theirs_is_unknown_whatever_the_step(login):
    case = make_case()
    assert take(login("finance"), case, "note", body="x").status_code == 404
    assert take(login("finance"), case, "nonsense").status_code == 404


@pytest.mark.parametrize("step", ["", "fly", "__class__", None, 5, ["accept"], {"a": 1}])
def test_unknown_step_is_refused(login, step):
    response = login("agent").post(url_of(make_case()), {"step": step}, format="json")
    assert (response.status_code, errors(response)) == (400, {("step", "invalid_choice")})


@pytest.mark.parametrize("name", sorted(ALL_STEPS))
def test_no_step_takes_fields_that_it_does_not_name(login, name):
    case = make_case()
    client = login("agent", "manager", "investigator", "approver", "finance")
    response = client.post(
        url_of(case),
        {"step": name, "version": 1, "stage": "closed", "owner_id": 1, "is_late": False},
        format="json",
    )
    assert response.status_code == 400
    assert {("stage", "unknown"), ("owner_id", "unknown"), ("is_late", "unknown")} <= errors(
        response
    )
    assert Case.objects.get(pk=case.pk).version == 1


@pytest.mark.parametrize(
    ("step", "facts", "field"),
    [
        ("accept", {"expected_on": "2020-01-01"}, "next_steps"),
        ("accept", {"next_steps": "x", "expected_on": "2020-01-01"}, "expected_on"),
        ("accept", {"next_steps": "x", "expected_on": "2031-01-01"}, "severity"),
        ("accept", {"next_steps": "x", "expected_on": "2031-01-01", "issue": "DEFECT"}, "category"),
        ("decline", {"ground": "mood", "advice": "x", "review_until": "2031-01-01"}, "ground"),
        ("assign", {"owner": "nobody"}, "owner"),
        ("assign", {"owner": "a\x00b"}, "owner"),
        ("classify", {"category": "PRICE", "issue": "DEFECT"}, "issue"),
        ("classify", {"product": "none"}, "product"),
        ("classify", {"batch": "none"}, "batch"),
        ("merge", {"into": "RD-1999-000001", "cause": "same_event"}, "into"),
        ("merge", {"into": "RD-1999-000001"}, "cause"),
        ("message", {"body": "  "}, "body"),
        ("raise_emergency", {"reason": ""}, "reason"),
    ],
)
def test_refusal_names_the_field(login, step, facts, field):
    case = make_case()
    before = traces(case)
    response = take(login("agent"), case, step, **facts)
    assert response.status_code == 400
    assert field in {error["field"] for error in response.json()["errors"]}
    assert traces(case) == before


def test_steps_that_complaints_owns(login):
    agent, manager = login("agent"), login("manager")
    case, other = make_case(), make_case()
    product = make_product()
    shown = take(
        agent, case, "classify", product=product.model, scope="batch", category="SERVICE"
    ).json()
    assert (shown["product"], shown["scope"], shown["category"]) == (
        product.model,
        "batch",
        "SERVICE",
    )
    owner = make_user("agent")
    assert take(agent, case, "assign", owner=owner.username).json()["owner"] == owner.username
    merged = take(agent, case, "merge", into=other.reference, cause="same_complaint").json()
    assert merged["merged_into"] == other.reference
    assert take(agent, case, "unmerge").json()["stage"]["code"] == "received"
    raised = take(agent, case, "raise_emergency", reason="还在冒烟").json()
    assert raised["urgency"] == Urgency.EMERGENCY
    assert ClockKind.EMERGENCY in [clock["kind"] for clock in raised["clocks"]]
    safe = take(agent, case, "safety_action", action="请断电停用", consumer_reached=True).json()
    assert ClockKind.EMERGENCY not in [
        clock["kind"] for clock in safe["clocks"] if clock["state"] == "running"
    ]
    declined = take(
        agent, case, "decline", ground="out_of_remit", advice="找厂家", review_until=soon(15)
    ).json()
    assert (declined["stage"]["code"], declined["review_until"]) == ("declined", soon(15))
    assert take(manager, case, "reopen", reason="新证据").json()["stage"]["code"] == "received"
    gone = take(agent, case, "withdraw", reason="来电撤回").json()
    assert gone["stage"]["code"] == "withdrawn"


def test_safety_action_is_for_emergencies(login):
    response = take(login("agent"), make_case(), "safety_action", action="x", consumer_reached=True)
    assert response.status_code == 400


def test_message_sent_twice_with_one_nonce_is_one_message(login):
    agent, case, other = login("agent"), make_case(), make_case()
    for _attempt in range(2):
        assert take(agent, case, "message", body="明天到。", nonce="n-1").status_code == 200
    take(agent, other, "message", body="明天到。", nonce="n-1")
    take(agent, case, "note", body="记下", nonce="n-2")
    assert Message.objects.filter(case=case).count() == 2
    assert Message.objects.filter(case=other).count() == 1
