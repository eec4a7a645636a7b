"""Dead letters: seen in plain words, sent again under the same name, or given up for a reason."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints import notifications
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, NoticeAct, OutboxMessage, WebhookEndpoint
from complaints.moments import now, shift_to
from complaints.notifications import NotTaken, Undeliverable
from complaints.notifications.words import error_words
from complaints.services.dead_letters import give_up, replay, replay_all
from complaints.services.events import broken_link
from complaints.services.outbox import MOST_ATTEMPTS, deliver_due, tell_consumer, tell_staff
from complaints.services.webhooks import create_endpoint
from complaints.states import OutboxChannel, OutboxStatus
from config.desk.dead_letters import event_choices, notice_name
from config.presenters import EVENT_TEXTS
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db
LIST = "desk:dead_letters"


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.CRITICAL):
        yield


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every way out is closed."""

    def send(message: OutboxMessage) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(notifications, "send", send)
        yield
        patch.undo()


def die_out() -> None:
    """Let everything pending fail until it is dead."""
    while OutboxMessage.objects.filter(status=OutboxStatus.PENDING).exists():
        deliver_due(limit=200)
        shift_to(now() + timedelta(hours=7))


def dead_case(monkeypatch: pytest.MonkeyPatch) -> tuple[Case, OutboxMessage]:
    """A case whose receipt, with its secret link, did not arrive; the way is open again."""
    case = make_case()
    with monkeypatch.context() as patch:

        def send(message: OutboxMessage) -> None:
            raise ConnectionRefusedError

        patch.setattr(notifications, "send", send)
        die_out()
    return case, OutboxMessage.objects.get(case=case, kind="received")


# --- Sending again ---
def test_replay_keeps_key_message_id_and_secret_and_wipes_it_when_it_has_arrived(monkeypatch):
    case, message = dead_case(monkeypatch)
    assert (message.status, message.attempts) == (OutboxStatus.DEAD, MOST_ATTEMPTS)
    assert bytes(message.sealed)
    manager = staff(Role.MANAGER)
    again = replay(message, by=manager)
    assert (again.pk, again.key, again.attempts, again.replays) == (message.pk, message.key, 0, 1)
    assert deliver_due() == 1
    (sent,) = mail.outbox
    assert sent.extra_headers["Message-ID"].startswith(f"<{message.key.replace(':', '.')}.")
    assert "/t/" in sent.body
    message.refresh_from_db()
    assert (message.status, bytes(message.sealed)) == (OutboxStatus.SENT, b"")
    act = NoticeAct.objects.get(message=message)
    assert (act.kind, act.by, act.attempts) == ("replay", manager.user, MOST_ATTEMPTS)
    assert act.last_error == "ConnectionRefusedError"
    kinds = CaseEvent.objects.filter(case=case).values_list("kind", flat=True)
    assert {"notice_dead", "notice_replayed"} <= set(kinds)
    assert broken_link(Case.objects.get(pk=case.pk)) is None


def test_replay_that_fails_again_is_dead_again(monkeypatch):
    _case, message = dead_case(monkeypatch)
    replay(message, by=staff(Role.MANAGER))
    monkeypatch.setattr(notifications, "send", _undeliverable)
    deliver_due()
    message.refresh_from_db()
    assert (message.status, message.replays) == (OutboxStatus.DEAD, 1)
    assert bytes(message.sealed)
    assert replay(message, by=staff(Role.ADMINISTRATOR)).replays == 2


def _undeliverable(message: OutboxMessage) -> None:
    raise Undeliverable(message.key)


def test_second_replay_does_nothing(monkeypatch):
    _case, message = dead_case(monkeypatch)
    replay(message, by=staff(Role.MANAGER))
    with pytest.raises(CaseError, match="已经处理过"):
        replay(message, by=staff(Role.MANAGER))
    assert NoticeAct.objects.count() == 1
    assert deliver_due() == 1


def test_replay_of_a_kind_takes_all_of_it_and_nothing_else(broken):
    cases = [make_case() for _number in range(3)]
    tell_consumer(cases[0], "message", key="m")
    die_out()
    assert replay_all(by=staff(Role.MANAGER), channel=OutboxChannel.EMAIL, kind="received") == 3
    left = OutboxMessage.objects.filter(status=OutboxStatus.DEAD)
    assert list(left.values_list("kind", flat=True)) == ["message"]


def test_code_that_has_run_out_is_not_sent_again(broken):
    case = make_case()
    message = tell_consumer(case, "code", key="code:1", secret={"code": "123456"})
    die_out()
    with pytest.raises(CaseError, match="已经过期"):
        replay(message, by=staff(Role.MANAGER))
    assert replay_all(by=staff(Role.MANAGER), channel="email", kind="code") == 0
    give_up(message, by=staff(Role.MANAGER), reason="过期了")
    assert bytes(OutboxMessage.objects.get(pk=message.pk).sealed) == b""


# --- Giving up ---
def test_giving_up_needs_a_reason_wipes_the_secret_and_is_recorded(monkeypatch):
    case, message = dead_case(monkeypatch)
    boss = staff(Role.MANAGER)
    with pytest.raises(CaseError) as refusal:
        give_up(message, by=boss, reason=" ")
    assert refusal.value.field == "reason"
    assert bytes(OutboxMessage.objects.get(pk=message.pk).sealed)
    message = give_up(message, by=boss, reason="已经打电话")
    assert (message.status, bytes(message.sealed)) == (OutboxStatus.GIVEN_UP, b"")
    assert NoticeAct.objects.get().reason == "已经打电话"
    assert CaseEvent.objects.filter(case=case, kind="notice_given_up").count() == 1
    with pytest.raises(CaseError):
        replay(message, by=boss)
    assert deliver_due() == 0


def test_what_was_done_is_never_changed(monkeypatch):
    _case, message = dead_case(monkeypatch)
    replay(message, by=staff(Role.MANAGER))
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        NoticeAct.objects.update(reason="x")
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        NoticeAct.objects.all().delete()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MANAGER, Role.ADMINISTRATOR}))
def test_others_do_nothing_about_dead_letters(monkeypatch, role: Role):
    _case, message = dead_case(monkeypatch)
    by = staff(role)
    for act in (
        lambda: replay(message, by=by),
        lambda: give_up(message, by=by, reason="x"),
        lambda: replay_all(by=by, channel="email", kind="received"),
    ):
        with pytest.raises(StepForbidden):
            act()
    assert not NoticeAct.objects.exists()


# --- The pages ---
def test_manager_sees_why_and_sends_again(client: Client, monkeypatch):
    case, message = dead_case(monkeypatch)
    client.force_login(make_user(Role.MANAGER))
    assert reverse(LIST) in client.get(reverse("desk")).content.decode()
    listed = client.get(reverse(LIST)).content.decode()
    assert case.reference in listed
    assert "服务器没有开启，连接不上。" in listed
    assert "收到投诉的回执" in listed
    one = reverse("desk:dead_letter", args=[message.pk])
    assert "重新发送" in client.get(one).content.decode()
    answer = client.post(reverse("desk:dead_letter_replay", args=[message.pk]))
    assert answer.status_code == 303
    assert case.reference not in client.get(reverse(LIST)).content.decode()
    assert "处理记录" in client.get(one).content.decode()
    assert client.post(reverse("desk:dead_letter_replay", args=[message.pk])).status_code == 409
    assert deliver_due() == 1


def test_manager_sends_all_of_a_kind_again(client: Client, broken):
    for _number in range(3):
        make_case()
    die_out()
    client.force_login(make_user(Role.MANAGER))
    page = client.get(reverse(LIST), {"channel": "email", "kind": "received"}).content.decode()
    assert "全部重发" in page
    said = {"channel": "email", "kind": "received"}
    answer = client.post(reverse("desk:dead_letters_replay"), said, follow=True)
    assert "已重新发送 3 条" in answer.content.decode()
    assert client.post(reverse("desk:dead_letters_replay"), {}).status_code == 303
    assert NoticeAct.objects.count() == 3


def test_manager_gives_up_with_a_reason(client: Client, monkeypatch):
    _case, message = dead_case(monkeypatch)
    client.force_login(make_user(Role.ADMINISTRATOR))
    address = reverse("desk:dead_letter_give_up", args=[message.pk])
    answer = client.post(address, {"reason": ""})
    assert answer.status_code == 422
    assert client.post(address, {"reason": "已经打电话"}).status_code == 303
    one = client.get(reverse("desk:dead_letter", args=[message.pk])).content.decode()
    assert "已经打电话" in one and "不再发送" in one


def test_case_log_tells_staff_what_did_not_arrive(client: Client, monkeypatch):
    case, _message = dead_case(monkeypatch)
    client.force_login(make_user(Role.AGENT))
    log = client.get(reverse("desk:case_tab", args=[case.reference, "log"])).content.decode()
    assert "有一条通知没有送达" in log
    assert not CaseEvent.objects.filter(kind="notice_dead", for_consumer=True).exists()


def test_mail_to_staff_and_events_to_receivers_are_listed_too(client: Client, broken):
    agent, by = make_user(Role.AGENT, display_name="林专员"), staff(Role.ADMINISTRATOR)
    create_endpoint(by=by, name="客户系统", url="https://erp.example/", kinds=["received"])
    case = make_case()
    tell_staff(case, "assigned", users=[agent], key="a", by_mail=True)
    die_out()
    client.force_login(make_user(Role.MANAGER))
    page = client.get(reverse(LIST)).content.decode()
    assert "林专员" in page and "客户系统" in page and "系统推送" in page
    assert "客户系统" not in client.get(reverse(LIST), {"channel": "email"}).content.decode()


def test_others_are_refused_and_what_arrived_is_not_there(client: Client, monkeypatch):
    _case, message = dead_case(monkeypatch)
    client.force_login(make_user(Role.AGENT))
    assert client.get(reverse(LIST)).status_code == 403
    assert reverse(LIST) not in client.get(reverse("desk")).content.decode()
    client.force_login(make_user(Role.MANAGER))
    sent = OutboxMessage.objects.get(case=make_case())
    deliver_due()
    assert client.get(reverse("desk:dead_letter", args=[sent.pk])).status_code == 404
    assert client.get(reverse("desk:dead_letter", args=[message.pk + 999])).status_code == 404


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("smtp_450", "暂时不收（代码 450）"),
        ("smtp_550", "拒收（代码 550）"),
        ("http_302", "我们不跟随"),
        ("http_404", "对方系统不接受"),
        ("http_410", "已经取消"),
        ("http_503", "对方系统出错"),
        ("private_address", "内部网络"),
        ("worker_died", "不能确定"),
        ("KeyError", "发送时出错（KeyError）"),
        ("", ""),
    ],
)
def test_errors_are_said_in_words(code: str, words: str):
    assert words in error_words(code)


def test_every_refusal_of_an_address_has_words_of_its_own():
    for code in ("bad_url", "not_https", "private_address", "unknown_host", "bad_certificate"):
        assert code not in error_words(NotTaken(code).code)


def test_every_kind_of_event_has_a_name():
    assert all(notice_name(kind) != kind for kind in [*EVENT_TEXTS, "code", "your_turn"])


# --- Receivers ---
def test_administrator_keeps_receivers(client: Client):
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert "还没有推送地址" in client.get(reverse("desk:webhooks")).content.decode()
    new = reverse("desk:webhook_new")
    page = client.get(new).content.decode()
    assert all(f'value="{kind}"' in page for kind, _label in event_choices())
    said = {"name": "客户系统", "url": "https://erp.example/hook", "kinds": ["received", "close"]}
    answer = client.post(new, said)
    endpoint = WebhookEndpoint.objects.get()
    assert answer["Location"] == reverse("desk:webhook", args=[endpoint.pk])
    assert endpoint.kinds == ["close", "received"]
    assert "2 种事件" in client.get(reverse("desk:webhooks")).content.decode()
    changed = {"name": "新名称", "url": "https://erp.example/2"}
    assert client.post(answer["Location"], changed).status_code == 303
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.kinds, endpoint.is_active) == ("新名称", [], False)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://erp.example/", "https://"),
        ("https://10.0.0.1/", "内部网络"),
        ("https://[::ffff:169.254.169.254]/", "内部网络"),
        ("erp", "写得不对"),
        ("", "请填写这一项"),
    ],
)
def test_address_that_is_never_sent_to_is_refused_with_words(client: Client, url: str, words: str):
    client.force_login(make_user(Role.ADMINISTRATOR))
    answer = client.post(reverse("desk:webhook_new"), {"name": "x", "url": url})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_secret_is_shown_only_when_asked_and_renewed_when_wanted(client: Client):
    endpoint = create_endpoint(
        by=staff(Role.ADMINISTRATOR), name="x", url="https://erp.example/", kinds=[]
    )
    client.force_login(make_user(Role.ADMINISTRATOR))
    address = reverse("desk:webhook_secret", args=[endpoint.pk])
    assert client.get(address).status_code == 405
    first = client.post(address, {"act": "show"})
    assert "no-store" in first["Cache-Control"]
    secret = first.context["secret"]
    assert secret in first.content.decode()
    page = client.get(reverse("desk:webhook", args=[endpoint.pk])).content.decode()
    assert secret not in page
    assert client.post(address, {"act": "renew"}).context["secret"] != secret


def test_others_do_not_see_receivers(client: Client):
    client.force_login(make_user(Role.MANAGER))
    for name in ("desk:webhooks", "desk:webhook_new"):
        assert client.get(reverse(name)).status_code == 403
