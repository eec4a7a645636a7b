"""Taking a complaint down: who calls, what is read back, who is called again, who handed it on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.services import issue_token
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, IntakeConflict, StepForbidden
from complaints.models import AccessLog, Callback, Case, CaseEvent, Clock, Message, Notification
from complaints.moments import now, shifted_to
from complaints.services import entering
from complaints.services.callbacks import ask_callback, finish_callback
from complaints.services.intake import ContactData
from complaints.services.outside import (
    OutsideBody,
    answer_outside,
    receive_outside,
    set_outside_deadline,
    source_of,
)
from complaints.services.sweeping import sweep
from complaints.services.triage import withdraw
from complaints.states import Channel, ClockKind, ClockState, Stage
from tests.factories import complaint, make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
PAGE = "/desk/new/"


@pytest.fixture
def agent(client):
    team = make_team(manager=make_user(Role.MANAGER), is_default=True)
    user = make_user(Role.AGENT, team=team)
    client.force_login(user)
    return user


def local(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def typed(**other):
    return {
        "channel": "phone",
        "name": "李雷",
        "phone": "13900001111",
        "description": "空调安装后外机滴水到楼下。",
        "key": "k1",
        **other,
    }


def told(**other):
    day = timezone.localtime(now()).date() + timedelta(days=5)
    return typed(
        read_back="on",
        category="QUALITY",
        issue="DEFECT",
        severity="minor",
        next_steps="明天上门查看。",
        expected_on=day.isoformat(),
        **other,
    )


def handed_on(**other):
    return typed(
        channel="ecommerce_platform",
        external_body="淘宝",
        external_reference="TB-7",
        external_deadline=local(now() + timedelta(days=3)),
        **other,
    )


def clock(case, kind):
    return Clock.objects.filter(case=case, kind=kind).latest("id")


# --- By telephone and in the shop ---------------------------------------------------------------


def test_everything_said_is_kept_in_one_go(client, agent):
    at = now() + timedelta(hours=3)
    sent = typed(notes="客户在外地", callback_at=local(at), callback_language="en", read_back="on")
    for _twice in range(2):
        assert client.post(PAGE, sent).status_code == 303
    case = Case.objects.get()
    assert Message.objects.get(case=case).body == "客户在外地"
    assert CaseEvent.objects.filter(case=case, kind="read_back").count() == 1
    callback = Callback.objects.get(case=case)
    assert (callback.language, callback.asked_by) == ("en", agent)
    assert clock(case, ClockKind.CALLBACK).due_at == callback.wanted_at
    assert clock(case, ClockKind.ACKNOWLEDGEMENT).state == ClockState.RUNNING


def test_what_is_told_in_person_with_steps_and_date_stops_the_24_hours(client, agent):
    assert client.post(PAGE, told()).status_code == 303
    case = Case.objects.get()
    assert (case.stage, case.acknowledged_at is not None) == (Stage.ACCEPTED, True)
    assert clock(case, ClockKind.ACKNOWLEDGEMENT).state == ClockState.STOPPED
    assert CaseEvent.objects.filter(case=case, kind="told_in_person").exists()


@pytest.mark.parametrize("missing", ["read_back", "expected_on", "severity", "category"])
def test_half_an_acceptance_is_none_and_keeps_nothing(client, agent, missing):
    sent = told()
    del sent[missing]
    answer = client.post(PAGE, sent)
    assert answer.status_code == 422 and "空调安装后" in answer.content.decode()
    assert not Case.objects.exists()


def test_an_acceptance_that_is_refused_leaves_no_case(client, agent):
    answer = client.post(PAGE, told() | {"expected_on": "2020-01-01"})
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_crash_in_between_leaves_nothing_and_the_next_try_is_whole(client, agent, monkeypatch):
    def dies(*_args, **_kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(entering, "ask_callback", dies)
    sent = typed(callback_at=local(now() + timedelta(hours=3)))
    with pytest.raises(RuntimeError):
        client.post(PAGE, sent)
    assert not Case.objects.exists()
    monkeypatch.undo()
    assert client.post(PAGE, sent).status_code == 303
    assert Case.objects.count() == 1


def test_the_summary_is_read_in_the_consumers_language_and_keeps_nothing(client, agent):
    page = client.post(reverse("complaints:read_back"), typed()).content.decode()
    assert "李雷" in page and "外机滴水" in page and "<html" not in page
    whole = client.post(PAGE, typed(summary="1"))
    assert whole.status_code == 200 and "我把记下的念一遍" in whole.content.decode()
    assert not Case.objects.exists()


def test_markup_and_hidden_characters_stay_text(client, agent):
    sent = typed(description="<b>坏\u200b了\u202e</b>", name="李%(x)s雷")
    page = client.post(reverse("complaints:read_back"), sent).content.decode()
    assert "&lt;b&gt;" in page
    client.post(PAGE, sent)
    assert Case.objects.get().description == "<b>坏了</b>"


def test_who_calls_is_recognised_and_the_look_is_logged(client, agent):
    case = make_case(contact=ContactData(name="周小华", phone="13812345678"))
    sent = {"phone": "138 1234 5678"}
    page = client.post(reverse("complaints:caller"), sent).content.decode()
    assert case.reference in page
    assert AccessLog.objects.filter(user=agent, customer=case.consumer.customer).count() == 1
    stranger = client.post(reverse("complaints:caller"), {"phone": "1381234"}).content.decode()
    assert case.reference not in stranger


def test_overlong_and_future_answers_are_refused(client, agent):
    for wrong in (
        {"description": "长" * 1_000_000},
        {"purchased_on": "2999-01-01"},
        {"callback_at": "2020-01-01T10:00"},
        {"callback_at": "gestern"},
        {"phone": "1"},
        {"amount_paid": "-1"},
    ):
        assert client.post(PAGE, typed(**wrong)).status_code == 422, wrong
    assert not Case.objects.exists()


# --- Calling back -------------------------------------------------------------------------------


def test_a_call_that_was_forgotten_reaches_its_owner_and_counts_as_late(agent):
    case, by = make_case(), Actor.staff(agent)
    at = now() + timedelta(hours=4)
    ask_callback(case, wanted_at=at, language="zh-hans", by=by)
    with shifted_to(at + timedelta(minutes=1)):
        sweep()
        assert Case.objects.get(pk=case.pk).is_late
    assert Notification.objects.filter(case=case, kind__startswith="clock").exists()


def test_a_new_promise_takes_the_place_of_the_old_and_not_reached_needs_another(agent):
    case, by = make_case(), Actor.staff(agent)
    for hours in (4, 6):
        at = now() + timedelta(hours=hours)
        ask_callback(case, wanted_at=at, language="en", by=by)
    assert (
        Clock.objects.filter(case=case, kind=ClockKind.CALLBACK, state=ClockState.RUNNING).count()
        == 1
    )
    with pytest.raises(CaseError):
        finish_callback(case, outcome="not_reached", note="忙音", by=by)
    again = now() + timedelta(hours=9)
    finish_callback(case, outcome="not_reached", note="忙音", again_at=again, by=by)
    assert Callback.objects.get(case=case, done_at=None).wanted_at == again
    finish_callback(case, outcome="reached", note="说清楚了", by=by)
    assert clock(case, ClockKind.CALLBACK).state == ClockState.STOPPED
    with pytest.raises(CaseError):
        finish_callback(case, outcome="reached", note="再来", by=by)
    with pytest.raises(StepForbidden):
        ask_callback(case, wanted_at=again, language="en", by=staff(Role.FINANCE))


def test_the_pages_of_a_call_work(client, agent):
    case = make_case()
    page = reverse("complaints:callback_new", args=[case.reference])
    assert client.get(page).status_code == 200
    sent = {"callback_at": local(now() + timedelta(hours=2)), "callback_language": "en"}
    assert client.post(page, sent).status_code == 303
    shown = client.get(reverse("desk:case", args=[case.reference])).content.decode()
    done = reverse("complaints:callback", args=[case.reference])
    assert "按约定给消费者回电" in shown and done in shown
    assert client.post(done, {"outcome": "reached", "note": "说清楚了"}).status_code == 303
    assert not Callback.objects.filter(done_at=None).exists()


# --- Handed on by another body ------------------------------------------------------------------


def test_the_same_number_of_the_same_body_is_one_case(client, agent):
    first = client.post(PAGE, handed_on())
    again = client.post(PAGE, handed_on() | {"key": "k2", "description": "又说还在滴水。"})
    assert again.status_code == 303 and again["Location"] == first["Location"]
    case = Case.objects.get()
    assert (case.external_body, case.external_ref) == ("淘宝", "TB-7")
    assert "又说还在滴水" in Message.objects.get(case=case).body
    client.post(PAGE, handed_on() | {"key": "k3", "external_body": "京东"})
    assert Case.objects.count() == 2


def test_the_bodys_deadline_runs_a_clock_of_its_own_until_it_is_answered(client, agent):
    client.post(PAGE, handed_on())
    case = Case.objects.get()
    running = clock(case, ClockKind.REGULATOR)
    assert running.state == ClockState.RUNNING and running.fixed_due_at == running.due_at
    shown = client.get(reverse("desk:case", args=[case.reference])).content.decode()
    assert "淘宝 TB-7" in shown
    assert "淘宝" in client.get("/desk/?view=all").content.decode()
    page = reverse("complaints:outside", args=[case.reference])
    assert client.post(page, {"note": "已在平台后台回复"}).status_code == 303
    assert clock(case, ClockKind.REGULATOR).state == ClockState.STOPPED


def test_a_new_deadline_takes_the_place_of_the_old(agent):
    by, data = staff(Role.AGENT), complaint(channel=Channel.CONSUMER_ASSOCIATION)
    outside = OutsideBody(name="市消协", reference="X-1", deadline=now() + timedelta(days=9))
    case = receive_outside(data, outside, by=by).case
    sooner = now() + timedelta(days=2)
    case = set_outside_deadline(case, deadline=sooner, by=by)
    live = Clock.objects.filter(case=case, kind=ClockKind.REGULATOR, state=ClockState.RUNNING)
    assert live.get(subject="external_deadline").due_at == sooner
    with pytest.raises(CaseError):
        set_outside_deadline(case, deadline=now() - timedelta(days=1), by=by)
    with pytest.raises(CaseError):
        answer_outside(make_case(), note="没人转来", by=by)


@pytest.mark.parametrize(
    "wrong",
    [
        {"external_reference": ""},
        {"external_body": ""},
        {"external_deadline": "2020-01-01T10:00"},
        {"external_deadline": "2999-01-01T10:00"},
        {"external_body": "长" * 81},
    ],
)
def test_half_a_body_is_refused(client, agent, wrong):
    assert client.post(PAGE, handed_on() | wrong).status_code == 422
    assert not Case.objects.exists()


def test_a_body_may_keep_the_contact_to_itself(client, agent):
    sent = handed_on() | {"phone": ""}
    assert client.post(PAGE, sent).status_code == 303
    assert Case.objects.get().consumer.phone == ""


def test_a_number_is_the_same_however_its_body_is_written():
    assert source_of("social_media", " 小红书 ") == source_of("social_media", "小红书")
    assert source_of("social_media", "小红书") != source_of("consumer_forum", "小红书")
    assert len(source_of("consumer_association", "长" * 80)) <= 20


def test_a_call_about_a_known_number_loses_nothing_that_was_said(client, agent):
    client.post(PAGE, handed_on(amount_paid="199"))
    at = now() + timedelta(hours=3)
    more = handed_on(
        key="k2", name="韩梅", phone="13800002222", amount_paid="1299.50", description="没" * 4990,
        danger="on", notes="客户在外地", callback_at=local(at), callback_language="en",
        read_back="on",
    )  # fmt: skip
    for _twice in range(2):
        answer = client.post(PAGE, more)
        assert answer.status_code == 303
    case = Case.objects.get()
    said = "".join(Message.objects.filter(case=case).order_by("pk").values_list("body", flat=True))
    for words in ("没" * 4990, "韩梅", "13800002222", "1299.50 CNY", "客户在外地"):
        assert said.count(words) == 1, words
    assert "199.00" not in said
    assert Callback.objects.get(case=case).language == "en"
    assert CaseEvent.objects.filter(case=case, kind="read_back").count() == 1
    assert (case.urgency, case.danger_reported) == ("emergency", True)
    assert clock(case, ClockKind.EMERGENCY).state == ClockState.RUNNING
    assert "都记在里面了" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("sent", [typed, handed_on])
@pytest.mark.parametrize(
    "change", [{"notes": "又说了一句"}, {"description": "别的"}, {"danger": "on"}]
)
def test_a_form_that_was_changed_after_it_was_sent_is_refused_and_kept(client, agent, sent, change):
    client.post(PAGE, sent())
    answer = client.post(PAGE, sent(**change))
    assert answer.status_code == 422 and "已经提交过" in answer.content.decode()
    client.post(PAGE, handed_on(key="k2", name="韩梅"))
    again = client.post(PAGE, handed_on(key="k2", name="韩梅", **change))
    assert again.status_code == 422


def test_danger_about_a_case_that_has_ended_is_not_swallowed(client, agent):
    client.post(PAGE, handed_on())
    withdraw(Case.objects.get(), by=Actor.consumer(), reason="不想投诉了")
    answer = client.post(PAGE, handed_on(key="k2", danger="on"))
    assert answer.status_code == 422 and "已经结束" in answer.content.decode()


@pytest.fixture
def hand_on(client, agent):
    """Sends a complaint by the API, as a program with the agent's token unless told otherwise."""
    token = issue_token(agent, label="platform")
    client.logout()
    body = {
        "description": "空调滴水",
        "contact": {"name": "李雷", "phone": "13900001111"},
        "channel": "consumer_forum",
        "external": {"body": "黑猫", "reference": "HM-1", "deadline": None},
    }

    def send(*, by=token, key="", **changes):
        headers = {"Authorization": f"Bearer {by}"} if by else {}
        headers |= {"Idempotency-Key": key} if key else {}
        return client.post(
            "/api/v1/complaints/", {**body, **changes}, "application/json", headers=headers
        )

    return send


def numbered(reference):
    return {"body": "黑猫", "reference": reference, "deadline": None}


def test_programs_hand_on_by_the_api_and_never_overwrite(hand_on, agent):
    first, again = hand_on(), hand_on()
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["reference"] == first.json()["reference"] and not again.json()["secret"]
    assert hand_on(description="别的事").status_code == 422
    assert hand_on(channel="api").status_code == 400
    assert Case.objects.count() == 1
    with pytest.raises(IntakeConflict):
        data = complaint(channel=Channel.CONSUMER_FORUM)
        by = Actor.staff(agent)
        receive_outside(data, OutsideBody("黑猫", "HM-1"), by=by, is_program=True)


def test_a_stranger_takes_no_number_and_learns_of_none(hand_on):
    answer = hand_on(by="")
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["field"] == "external"
    finance = issue_token(make_user(Role.FINANCE), label="other")
    assert hand_on(by=finance).status_code == 403
    assert not Case.objects.exists()
    assert hand_on(danger=True).status_code == 201
    assert hand_on(by="").json() == answer.json()
    assert hand_on(by="", external=None).status_code == 201


def test_a_key_that_came_with_another_number_is_refused(hand_on):
    assert hand_on(key="key-of-mine").status_code == 201
    assert hand_on(key="key-of-mine").status_code == 200
    for other in (numbered("HM-2"), numbered("HM-1") | {"body": "消费保"}):
        assert hand_on(key="key-of-mine", external=other).status_code == 422
    assert hand_on(key="another-key", external=numbered("HM-2")).status_code == 201
    assert hand_on(key="key-of-mine", external=numbered("HM-2")).status_code == 422
    assert Case.objects.count() == 2
