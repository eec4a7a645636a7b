"""Pages on which staff do something with a case: done, refused by role, refused by rule, stale."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent, ContactReveal, Evidence, SafetyAction
from complaints.moments import now, shifted_to
from complaints.services import triage
from complaints.services.conversation import write_message
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, ClockState, Severity, Stage
from tests.factories import make_case, make_product, make_user, staff

pytestmark = pytest.mark.django_db

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99"
    b"=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT)
    client.force_login(user)
    return user


def url(name: str, case: Case) -> str:
    return reverse(f"complaints:{name}", args=[case.reference])


def post(client: Client, name: str, case: Case, **data: Any) -> HttpResponse:
    return client.post(url(name, case), data)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def in_days(days: int) -> str:
    return (now() + timedelta(days=days)).date().isoformat()


def acceptance(**other: Any) -> dict[str, Any]:
    return {
        "category": "QUALITY",
        "issue": "DEFECT",
        "severity": "moderate",
        "next_steps": "明天上门取件检测",
        "expected_on": in_days(7),
        **other,
    }


def refusal(**other: Any) -> dict[str, Any]:
    return {
        "ground": "out_of_remit",
        "advice": "这是别家的商品，请联系卖家或拨打 12315",
        "review_until": in_days(15),
        **other,
    }


# --- Every page: opens, and is closed to those without the right ---
PAGES = [
    "accept",
    "decline",
    "assign",
    "classify",
    "emergency",
    "merge",
    "withdraw",
    "contact",
    "evidence_add",
    "safety",
]


@pytest.mark.parametrize("name", PAGES)
def test_page_opens(client: Client, agent: User, name: str) -> None:
    answer = client.get(url(name, make_case(danger=name == "safety")))
    assert answer.status_code == 200
    assert 'name="csrfmiddlewaretoken"' in answer.content.decode()


@pytest.mark.parametrize("name", [n for n in PAGES if n not in ("evidence_add", "safety")])
def test_page_is_closed_to_reviewers_and_leaves_nothing(client: Client, name: str) -> None:
    client.force_login(make_user(Role.REVIEWER))
    case = make_case()
    assert client.get(url(name, case)).status_code == 403
    assert post(client, name, case, **acceptance(reason="x", into="y")).status_code == 403
    assert fresh(case).version == case.version


@pytest.mark.parametrize("name", PAGES)
def test_case_out_of_sight_is_not_found(client: Client, name: str) -> None:
    client.force_login(make_user(Role.FINANCE))
    assert client.get(url(name, make_case())).status_code in (403, 404)


@pytest.mark.parametrize("name", PAGES)
def test_empty_form_is_refused_and_leaves_nothing(client: Client, agent: User, name: str) -> None:
    case = make_case(danger=name == "safety")
    answer = post(client, name, case)
    assert answer.status_code == 422
    assert "处需要修改" in answer.content.decode()
    assert fresh(case).version == case.version


def test_page_of_a_wrong_stage_says_so(client: Client, agent: User) -> None:
    case = triage.withdraw(make_case(), by=Actor.staff(agent), reason="不追究了")
    page = client.get(url("accept", case)).content.decode()
    assert "案件现在的阶段是「已撤回」" in page
    assert post(client, "accept", case, **acceptance()).status_code == 422
    assert fresh(case).stage == Stage.WITHDRAWN


# --- Accept and decline ---
def test_accept_classifies_tells_and_takes_the_case(client: Client, agent: User) -> None:
    case = make_case()
    answer = post(client, "accept", case, **acceptance(seen=case.version))
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/cases/{case.reference}/")
    after = fresh(case)
    assert (after.stage, after.severity, after.owner) == (Stage.ACCEPTED, "moderate", agent)
    assert not after.clocks.filter(
        kind=ClockKind.ACKNOWLEDGEMENT, state=ClockState.RUNNING
    ).exists()
    assert after.outbox.filter(kind="accept").exists()


def test_accept_with_a_past_date_changes_nothing_at_all(client: Client, agent: User) -> None:
    case = make_case()
    answer = post(client, "accept", case, **acceptance(expected_on=in_days(-2)))
    assert answer.status_code == 422
    assert "不能早于今天" in answer.content.decode()
    after = fresh(case)
    assert (after.stage, after.severity, after.version) == (Stage.RECEIVED, "", case.version)


def test_issue_must_belong_to_its_category(client: Client, agent: User) -> None:
    answer = post(client, "accept", make_case(), **acceptance(category="PRICE"))
    assert answer.status_code == 422
    assert "不属于所选的类别" in answer.content.decode()


def test_yesterday_is_the_past_by_the_day_of_the_place() -> None:
    at_seven_in_shanghai = datetime(2027, 3, 2, 23, tzinfo=UTC)
    case = triage.classify(make_case(), by=staff(Role.AGENT), severity=Severity.MODERATE)
    by, yesterday = staff(Role.AGENT), date(2027, 3, 2)
    with shifted_to(at_seven_in_shanghai), pytest.raises(CaseError) as refused:
        triage.accept(case, by=by, next_steps="安排检测", expected_on=yesterday)
    assert refused.value.field == "expected_on"


def test_accept_of_a_case_that_changed_meanwhile_keeps_what_was_typed(
    client: Client, agent: User
) -> None:
    case = make_case()
    write_message(case, by=Actor.consumer(), body="又冒烟了")
    answer = post(client, "accept", case, **acceptance(seen=case.version))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "你填写的时候，案件有变化" in page and "消费者：消息" in page
    assert "明天上门取件检测" in page
    current = fresh(case)
    assert current.stage == Stage.RECEIVED
    assert answer.context["seen"] == current.version
    again = post(client, "accept", case, **acceptance(seen=answer.context["seen"]))
    assert again.status_code == 303


def test_decline_tells_the_ground_and_the_way_out(client: Client, agent: User) -> None:
    case = make_case()
    assert post(client, "decline", case, **refusal()).status_code == 303
    after = fresh(case)
    assert (after.stage, after.decline_ground) == (Stage.DECLINED, "out_of_remit")
    assert after.review_until is not None


def test_decline_leaves_time_to_ask_for_a_review(client: Client, agent: User) -> None:
    case = make_case()
    answer = post(client, "decline", case, **refusal(review_until=in_days(-1)))
    assert answer.status_code == 422
    assert "申请复议的最后一天不能早于今天。" in answer.content.decode()
    assert fresh(case).stage == Stage.RECEIVED


def test_emergency_is_not_declined_before_the_safety_action(client: Client, agent: User) -> None:
    case = make_case(danger=True)
    page = client.get(url("decline", case)).content.decode()
    assert "先登记安全处置" in page
    assert post(client, "decline", case, **refusal()).status_code == 422
    assert fresh(case).stage == Stage.RECEIVED


# --- Ownership and classification ---
def test_assign_tells_the_new_owner(client: Client, agent: User) -> None:
    case, colleague = make_case(), make_user(Role.AGENT)
    assert post(client, "assign", case, owner=colleague.pk).status_code == 303
    assert fresh(case).owner == colleague
    assert colleague.notifications.get().kind == "assigned"


def test_people_who_left_are_not_offered(client: Client, agent: User) -> None:
    gone = make_user(Role.AGENT, is_active=False)
    assert post(client, "assign", make_case(), owner=gone.pk).status_code == 422


def test_take_over_is_one_press_and_harmless_twice(client: Client, agent: User) -> None:
    case = make_case()
    for _ in range(2):
        assert client.post(url("take_over", case)).status_code == 303
    assert fresh(case).owner == agent
    assert CaseEvent.objects.filter(case=case, kind="claimed").count() == 1


def test_take_over_is_not_for_reviewers(client: Client) -> None:
    client.force_login(make_user(Role.REVIEWER))
    case = make_case()
    assert client.post(url("take_over", case)).status_code == 403
    assert fresh(case).owner is None


def test_classify_sets_product_and_batch(client: Client, agent: User) -> None:
    case, product = make_case(), make_product()
    batch = product.batches.create(code="2609B")
    data = {
        "category": "QUALITY",
        "issue": "SAFETY",
        "severity": Severity.SEVERE,
        "scope": "batch",
        "product": product.pk,
        "batch": batch.pk,
    }
    assert post(client, "classify", case, **data).status_code == 303
    after = fresh(case)
    assert (after.product, after.batch, after.scope) == (product, batch, "batch")


def test_batch_of_another_product_is_refused(client: Client, agent: User) -> None:
    batch = make_product().batches.create(code="2609B")
    data = {
        "category": "QUALITY",
        "issue": "SAFETY",
        "severity": "minor",
        "scope": "single",
        "product": make_product().pk,
        "batch": batch.pk,
    }
    case = make_case()
    assert post(client, "classify", case, **data).status_code == 422
    assert fresh(case).batch is None


# --- Danger ---
def test_raising_an_emergency_adds_the_two_hour_clock(client: Client, agent: User) -> None:
    case = make_case()
    assert post(client, "emergency", case, reason="插头发烫").status_code == 303
    assert fresh(case).clocks.filter(kind=ClockKind.EMERGENCY).exists()
    assert post(client, "emergency", case, reason="再来一次").status_code == 422


def test_safety_action_stops_the_clock_under_ones_own_name(client: Client, agent: User) -> None:
    case = make_case(danger=True)
    answer = post(client, "safety", case, action="电话请消费者断电", consumer_reached="on")
    assert answer.status_code == 303
    action = SafetyAction.objects.get()
    assert (action.responder, action.consumer_reached) == (agent, True)
    assert fresh(case).clocks.get(kind=ClockKind.EMERGENCY).state == ClockState.STOPPED


def test_safety_action_needs_an_emergency(client: Client, agent: User) -> None:
    assert post(client, "safety", make_case(), action="电话").status_code == 422
    assert not SafetyAction.objects.exists()


# --- Aside and back ---
def test_merge_and_unmerge(client: Client, agent: User) -> None:
    case, other = make_case(), make_case()
    answer = post(client, "merge", case, into=other.reference.lower(), cause="same_complaint")
    assert answer.status_code == 303
    assert case.events.get(kind="merge").data["cause"] == "same_complaint"
    assert (fresh(case).stage, fresh(case).merged_into) == (Stage.MERGED, other)
    assert other.reference in client.get(f"/desk/cases/{case.reference}/").content.decode()
    assert client.get(url("unmerge", case)).status_code == 200
    assert client.post(url("unmerge", case)).status_code == 303
    assert fresh(case).stage == Stage.RECEIVED


@pytest.mark.parametrize("into", ["RD-2000-000000", "itself"])
def test_merge_into_nothing_or_itself_is_refused(client: Client, agent: User, into: str) -> None:
    case = make_case()
    target = case.reference if into == "itself" else into
    assert post(client, "merge", case, into=target, cause="same_event").status_code == 422
    assert fresh(case).stage == Stage.RECEIVED


@pytest.mark.parametrize("cause", [{}, {"cause": "mood"}])
def test_merge_asks_why(client: Client, agent: User, cause: dict[str, str]) -> None:
    case, other = make_case(), make_case()
    answer = post(client, "merge", case, into=other.reference, **cause)
    assert answer.status_code == 422
    assert "为什么并案" in answer.content.decode()
    assert fresh(case).stage == Stage.RECEIVED
    with pytest.raises(CaseError) as refusal:
        triage.merge(case, into=other, cause="mood", by=Actor.staff(agent))
    assert refusal.value.field == "cause"


def test_withdrawal_is_written_down_with_its_reason(client: Client, agent: User) -> None:
    case = make_case()
    assert post(client, "withdraw", case, reason="来电说已自行解决").status_code == 303
    assert fresh(case).stage == Stage.WITHDRAWN
    log = client.get(f"/desk/cases/{case.reference}/tab/log/").content.decode()
    assert "来电说已自行解决" in log


def test_reopening_is_the_managers(client: Client, agent: User) -> None:
    case = triage.withdraw(make_case(), by=Actor.staff(agent), reason="不追究了")
    assert post(client, "reopen", case, reason="又坏了").status_code == 403
    client.force_login(make_user(Role.MANAGER))
    assert client.get(url("reopen", case)).status_code == 200
    assert post(client, "reopen", case, reason="又坏了").status_code == 303
    assert fresh(case).stage == Stage.RECEIVED


# --- Contact and evidence ---
def test_contact_is_shown_with_a_reason_and_recorded(client: Client, agent: User) -> None:
    case = make_case()
    assert "13812345678" not in client.get(url("contact", case)).content.decode()
    answer = post(client, "contact", case, reason="回电确认断电")
    assert "+8613812345678" in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert ContactReveal.objects.get().reason == "回电确认断电"
    assert CaseEvent.objects.filter(case=case, kind="contact_revealed").exists()


def test_contact_without_a_reason_stays_hidden(client: Client, agent: User) -> None:
    answer = post(client, "contact", make_case(), reason=" ")
    assert answer.status_code == 422
    assert "13812345678" not in answer.content.decode()
    assert not ContactReveal.objects.exists()


def upload(client: Client, case: Case, name: str, data: bytes, **other: Any) -> HttpResponse:
    return post(client, "evidence_add", case, files=SimpleUploadedFile(name, data), **other)


def test_evidence_is_kept_shown_and_handed_out(client: Client, agent: User) -> None:
    case = make_case()
    answer = upload(client, case, "底座.png", PNG, caption="底座熔化", for_consumer="on")
    assert answer["Location"] == f"/desk/cases/{case.reference}/tab/evidence/"
    evidence = Evidence.objects.get()
    assert (evidence.uploaded_by, evidence.for_consumer) == (agent, True)
    args = [case.reference, evidence.pk]
    page = client.get(reverse("complaints:evidence", args=args)).content.decode()
    assert evidence.file.sha256 in page and "底座熔化" in page
    for name in ("evidence_picture", "evidence_thumb"):
        picture = client.get(reverse(f"complaints:{name}", args=args))
        assert picture["Content-Type"].startswith("image/")
        assert b"".join(picture)
    address = reverse("complaints:evidence_original", args=args)
    original = client.post(address, {"purpose": "handling"})
    assert b"".join(original) == PNG
    assert original["Content-Disposition"].startswith("attachment")


def test_file_that_is_refused_is_named_and_not_kept(client: Client, agent: User) -> None:
    answer = upload(client, make_case(), "病毒.exe", b"MZ\x90\x00" + b"\x00" * 99)
    assert answer.status_code == 422
    assert "病毒.exe" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_evidence_of_another_case_is_not_found(client: Client, agent: User) -> None:
    case, other = make_case(), make_case()
    upload(client, case, "底座.png", PNG)
    args = [other.reference, Evidence.objects.get().pk]
    for name in ("evidence", "evidence_picture", "evidence_thumb", "evidence_original"):
        assert client.get(reverse(f"complaints:{name}", args=args)).status_code == 404


# --- A complaint by phone ---
def call(**other: Any) -> dict[str, Any]:
    return {
        "channel": "phone",
        "name": "李雷",
        "phone": "13900001111",
        "description": "空调安装后外机漏水到楼下。",
        "key": "k1",
        **other,
    }


def test_complaint_by_phone_is_taken_down_once(client: Client, agent: User) -> None:
    for _ in range(2):
        answer = client.post(reverse("complaints:new"), call())
        assert answer.status_code == 303
    case = Case.objects.get()
    assert (case.channel, case.consumer.name) == ("phone", "李雷")
    event = CaseEvent.objects.get(case=case, kind="received")
    assert event.actor == agent


def test_same_form_with_other_words_is_refused(client: Client, agent: User) -> None:
    client.post(reverse("complaints:new"), call())
    answer = client.post(reverse("complaints:new"), call(description="另外一件事"))
    assert answer.status_code == 422
    assert Case.objects.count() == 1


def test_complaint_needs_a_way_to_answer(client: Client, agent: User) -> None:
    answer = client.post(reverse("complaints:new"), call(phone=""))
    assert answer.status_code == 422
    assert "至少填一个" in answer.content.decode()
    assert not Case.objects.exists()


def test_danger_by_phone_starts_the_two_hour_clock(client: Client, agent: User) -> None:
    client.post(reverse("complaints:new"), call(danger="on"))
    assert Case.objects.get().clocks.filter(kind=ClockKind.EMERGENCY).exists()


# --- Missed promises ---
def breached(owner: User) -> Case:
    case = triage.assign(make_case(), owner=owner, by=staff(Role.MANAGER))
    with shifted_to(now() + timedelta(hours=25)):
        sweep()
    return case


def test_owner_explains_and_a_manager_decides(client: Client, agent: User) -> None:
    case = breached(agent)
    item = case.accountability_items.get()
    address = reverse("complaints:accountability_item", args=[item.pk])
    assert case.reference in client.get(reverse("complaints:accountability")).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"reply": "当天系统停机", "cause": "system"}).status_code == 303
    client.force_login(make_user(Role.MANAGER))
    assert "当天系统停机" in client.get(address).content.decode()
    decision = {"outcome": "excused", "decision": "系统原因，不追究", "cause": "system"}
    assert client.post(address, decision).status_code == 303
    item.refresh_from_db()
    assert (item.status, item.decision) == ("decided", "系统原因，不追究")
    assert case.reference not in client.get(reverse("complaints:accountability")).content.decode()
    ended = client.get(reverse("complaints:accountability"), {"state": "decided"})
    assert case.reference in ended.content.decode()
    assert "「受理答复」" in client.get(address).content.decode()


def test_others_see_no_items(client: Client, agent: User) -> None:
    item = breached(make_user(Role.AGENT)).accountability_items.get()
    address = reverse("complaints:accountability_item", args=[item.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"decision": "算了"}).status_code == 404


def test_managers_do_not_decide_about_themselves(client: Client) -> None:
    manager = make_user(Role.MANAGER)
    client.force_login(manager)
    item = breached(manager).accountability_items.get()
    address = reverse("complaints:accountability_item", args=[item.pk])
    client.post(address, {"outcome": "excused", "decision": "没事", "cause": "system"})
    item.refresh_from_db()
    assert item.status == "open"


def test_empty_explanation_is_refused(client: Client, agent: User) -> None:
    item = breached(agent).accountability_items.get()
    address = reverse("complaints:accountability_item", args=[item.pk])
    assert client.post(address, {"reply": " ", "cause": "system"}).status_code == 422
