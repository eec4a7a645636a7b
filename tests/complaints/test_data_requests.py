"""Requests about personal data: a term that also runs in an ended case, an answer with reasons."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import (
    AccountabilityItem,
    Case,
    CaseEvent,
    Clock,
    Consumer,
    DataRequest,
    Notification,
    OutboxMessage,
)
from complaints.moments import now, shift_to
from complaints.services import triage
from complaints.services.conversation import write_message, write_note
from complaints.services.data_requests import answer_data_request, ask_about_data
from complaints.services.events import broken_link
from complaints.services.outbox import deliver_due
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, ClockState, Stage
from tests.complaints.walking import ANYONE, case_in, check_at_commit, traces
from tests.config.consumer import browser_of
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db


def ask(case: Case, kind: str = "copy", text: str = "") -> DataRequest:
    return ask_about_data(case, by=Actor.consumer(), kind=kind, text=text)


def term(case: Case) -> Clock:
    return Clock.objects.filter(case=case, kind=ClockKind.DATA_REQUEST).latest("id")


def logged_in(*roles: Role) -> Client:
    client = Client()
    client.force_login(make_user(*roles))
    return client


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.CLOSED, Stage.WITHDRAWN])
def test_request_starts_a_term_in_any_case_and_the_answer_ends_it(stage: Stage) -> None:
    case = case_in(stage)
    agent = make_user(Role.AGENT)
    case = triage.assign(case, owner=agent, by=ANYONE)

    request = ask(case)

    assert term(case).state == ClockState.RUNNING
    assert timedelta(days=15) < term(case).due_at - now() < timedelta(days=40)
    assert Notification.objects.filter(user=agent, kind="data_requested").count() == 1
    case = answer_data_request(request, by=Actor.staff(agent), outcome="granted", answer="可以下载")
    assert term(case).state == ClockState.STOPPED
    kinds = ["data_requested", "data_request_answered"]
    assert CaseEvent.objects.filter(case=case, kind__in=kinds, for_consumer=True).count() == 2
    assert OutboxMessage.objects.filter(kind="data_request_answered", recipient="consumer").exists()
    assert broken_link(Case.objects.get(pk=case.pk)) is None
    check_at_commit()
    while deliver_due():
        pass
    assert not OutboxMessage.objects.exclude(status="sent").exists()


@pytest.mark.parametrize("kind", ["transfer", "consent", "explain"])
def test_every_right_that_the_privacy_page_names_can_be_asked_for(kind: str) -> None:
    case = make_case()
    browser, url = browser_of(case), reverse("mine:data", args=[case.reference])

    assert f'value="{kind}"' in browser.get(url).content.decode()
    assert browser.post(url, {"kind": kind, "text": "请办理"}).status_code == 303

    request = DataRequest.objects.get(case=case)
    answer_data_request(request, by=staff(Role.AGENT), outcome="granted", answer="已经办好")
    copy = browser.get(reverse("mine:data_copy", args=[case.reference, request.pk]))
    assert copy.status_code == (200 if kind == "transfer" else 404)


def test_words_are_sealed_under_the_consumers_key() -> None:
    request = ask(make_case(), "correction", "电话是 13900001111")

    fresh = DataRequest.objects.get(pk=request.pk)

    assert fresh.asked == "电话是 13900001111"
    assert b"13900001111" not in bytes(fresh.asked_sealed)
    assert "13900001111" not in str(CaseEvent.objects.get(kind="data_requested").data)
    Consumer.objects.update(key_sealed=b"")
    assert DataRequest.objects.get(pk=request.pk).asked == ""


def test_late_answer_in_a_closed_case_is_a_breach_of_ours() -> None:
    case = case_in(Stage.CLOSED)
    ask(case, "erasure")
    shift_to(term(case).due_at + timedelta(minutes=1))

    sweep()

    assert AccountabilityItem.objects.get().clock == term(case)


def test_second_request_waits_for_the_first_answer() -> None:
    case = make_case()
    request = ask(case)
    before = traces(case)
    with pytest.raises(CaseError):
        ask(case, "erasure")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataRequest.objects.create(case=case, kind="copy", asked_at=now())
    assert traces(case) == before

    answer_data_request(request, by=staff(Role.AGENT), outcome="refused", answer="不是本人")
    ask(case, "erasure")

    assert term(case).state == ClockState.RUNNING


@pytest.mark.parametrize(
    ("kind", "text", "field"), [("sale", "", "kind"), ("correction", " ", "text")]
)
def test_refused_request_names_the_field_and_leaves_nothing(
    kind: str, text: str, field: str
) -> None:
    case = make_case()
    before = traces(case)
    with pytest.raises(CaseError) as refusal:
        ask(case, kind, text)
    with pytest.raises(StepForbidden):
        ask_about_data(case, by=staff(Role.AGENT), kind="copy")
    assert refusal.value.field == field
    assert traces(case) == before
    assert not DataRequest.objects.exists()


def test_answer_needs_a_right_an_outcome_a_reason_and_is_given_once() -> None:
    case = make_case()
    request = ask(case)
    before = traces(case)
    with pytest.raises(StepForbidden):
        answer_data_request(request, by=staff(Role.FINANCE), outcome="granted", answer="好")
    for said in ({"outcome": "maybe", "answer": "好"}, {"outcome": "granted", "answer": " "}):
        with pytest.raises(CaseError):
            answer_data_request(request, by=staff(Role.AGENT), **said)
    assert traces(case) == before

    answer_data_request(request, by=staff(Role.AGENT), outcome="granted", answer="好")
    with pytest.raises(CaseError):
        answer_data_request(request, by=staff(Role.AGENT), outcome="refused", answer="不")


def test_granted_correction_changes_the_contact_and_how_it_is_found() -> None:
    case = make_case()
    request = ask(case, "correction", "邮箱写错了")
    contact = {"email": " New@Example.test ", "phone": ""}

    case = answer_data_request(
        request, by=staff(Role.AGENT), outcome="granted", answer="已更正", contact=contact
    )

    consumer = Consumer.objects.get(pk=case.consumer_id)
    assert (consumer.email, consumer.phone) == ("new@example.test", "+8613812345678")
    assert consumer.email_index == sealing.blind_index("email", "new@example.test")
    event = CaseEvent.objects.get(case=case, kind="contact_corrected")
    assert event.data == {"fields": ["email"]}
    assert not event.for_consumer


def test_refused_correction_changes_nothing() -> None:
    case = make_case()
    request = ask(case, "correction", "邮箱写错了")
    answer_data_request(
        request,
        by=staff(Role.AGENT),
        outcome="refused",
        answer="没有证明",
        contact={"email": "x@example.test"},
    )
    assert Consumer.objects.get(pk=case.consumer_id).email == "zhou@example.test"


# --- The pages ----------------------------------------------------------------------------------


def test_consumer_asks_reads_the_answer_and_downloads_the_copy() -> None:
    case = write_message(make_case(), by=Actor.consumer(), body="我的消息")
    case = write_note(case, by=staff(Role.AGENT), body="CANARY 内部")
    client, url = browser_of(case), reverse("mine:data", args=[case.reference])

    refused = client.post(url, {"kind": "correction", "text": ""})
    assert refused.status_code == 422 and "请写明哪里不对" in refused.content.decode()
    assert client.post(url, {"kind": "copy"}).status_code == 303
    assert "等我们答复" in client.get(url).content.decode()
    request = DataRequest.objects.get()
    copy = reverse("mine:data_copy", args=[case.reference, request.pk])
    assert client.get(copy).status_code == 404
    tracking = client.get(reverse("track:case", args=[case.reference])).content.decode()
    assert "你的个人信息请求" in tracking and url in tracking

    desk = logged_in(Role.AGENT)
    page = reverse("complaints:data_requests", args=[case.reference])
    said = {"outcome": "granted", "answer": "可以下载了", "seen": Case.objects.get().version}
    assert page in desk.get(reverse("desk:case", args=[case.reference])).content.decode()
    assert desk.post(page, {**said, "answer": ""}).status_code == 422
    assert desk.post(page, said).status_code == 303

    text = client.get(url).content.decode()
    assert "可以下载了" in text and copy in text
    answer = client.get(copy)
    assert "attachment" in answer["Content-Disposition"]
    data = json.loads(answer.content)
    assert data["contact"]["email"] == "zhou@example.test"
    assert [message["text"] for message in data["messages"]] == ["我的消息"]
    assert "CANARY" not in answer.content.decode()
    assert Client().get(copy).status_code == 404


def test_erasure_is_said_to_come_after_the_time_to_keep() -> None:
    case = make_case()
    request = ask(case, "erasure", "请删掉我的照片")
    answer_data_request(request, by=staff(Role.AGENT), outcome="partly", answer="照片可以")

    text = browser_of(case).get(reverse("mine:data", args=[case.reference])).content.decode()

    assert "保存期满后删除" in text
    assert "可以向个人信息保护部门投诉" in text


def test_desk_page_refuses_who_may_not_and_says_when_there_is_nothing() -> None:
    case = make_case()
    page = reverse("complaints:data_requests", args=[case.reference])
    assert logged_in(Role.REVIEWER).get(page).status_code == 403
    agent = logged_in(Role.AGENT)
    assert "还没有请求" in agent.get(page).content.decode()
    assert agent.post(page, {"outcome": "granted", "answer": "x"}).status_code == 422
