"""Delivery under faults, with a real mail server and a real receiver on loopback: nothing is lost.

Exactly once in effect, at least once on the wire: every repeat has the name of the first.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.states import Role
from complaints import notifications
from complaints.models import CaseEvent, Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.services import outbox
from complaints.services.outbox import LEASE, MOST_ATTEMPTS, OUTAGE, deliver_due, tell_consumer
from complaints.services.triage import assign
from complaints.states import OutboxChannel, OutboxStatus
from tests.factories import ContactData, make_case, make_user, staff
from tests.receivers import FakeSmtp

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for SIGKILL: no handler of errors sees it."""


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.CRITICAL):
        yield


@pytest.fixture
def smtp(settings) -> Iterator[FakeSmtp]:
    with FakeSmtp() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.2
        yield server


def states() -> set[str]:
    return set(OutboxMessage.objects.values_list("status", flat=True))


def later(span: timedelta = timedelta(hours=7)) -> None:
    shift_to(now() + span)


def deliver_all() -> int:
    """Deliver until nothing is pending any more, whatever waits it takes."""
    total = 0
    while OutboxMessage.objects.filter(status=OutboxStatus.PENDING).exists():
        total += deliver_due(limit=200)
        later()
    return total


def test_mail_arrives_under_the_name_of_its_key(smtp: FakeSmtp):
    make_case()
    assert deliver_due() == 1
    (mail,) = smtp.taken
    key = OutboxMessage.objects.get().key
    assert mail["Message-ID"].startswith(f"<{key.replace(':', '.')}.")
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        ("busy", "smtp_450"),
        ("closed", "SMTPConnectError"),
        ("drop", "SMTPServerDisconnected"),
        ("hang", "TimeoutError"),
    ],
)
def test_mail_server_in_a_bad_mood_loses_nothing(smtp: FakeSmtp, mood: str, code: str):
    """A13: 4xx, closed, cut and silent for a while; every notice arrives in the end, once."""
    cases = [make_case() for _number in range(5)]
    smtp.mood = mood
    for _round in range(2):
        assert deliver_due() == 0
        later()
    tried = OutboxMessage.objects.filter(attempts__gt=0)
    assert set(tried.values_list("last_error", flat=True)) == {code}
    assert states() == {OutboxStatus.PENDING}
    smtp.mood = "ok"
    assert deliver_all() == len(cases)
    assert len(set(smtp.message_ids)) == len(smtp.message_ids) == len(cases)
    assert states() == {OutboxStatus.SENT}


def test_mail_server_that_is_down_loses_nothing(settings, smtp: FakeSmtp):
    make_case()
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 1
    assert deliver_due() == 0
    assert OutboxMessage.objects.get().last_error == "ConnectionRefusedError"
    settings.EMAIL_PORT = port
    assert deliver_all() == 1
    assert len(smtp.taken) == 1


def test_refused_recipient_is_dead_at_once_and_stands_in_the_case(smtp: FakeSmtp):
    agent = make_user(Role.AGENT, email="")
    case = assign(make_case(), owner=agent, by=staff(Role.MANAGER))
    smtp.mood = "no"
    deliver_due()
    message = OutboxMessage.objects.get(case=case, recipient="consumer")
    assert (message.status, message.last_error) == (OutboxStatus.DEAD, "smtp_550")
    assert message.attempts == 1
    event = CaseEvent.objects.get(case=case, kind="notice_dead")
    assert event.data["outbox"] == message.pk
    assert not event.for_consumer
    assert Notification.objects.filter(user=agent, kind="notice_dead").count() == 1


def test_dead_mail_server_holds_up_no_sms(smtp: FakeSmtp, settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path
    for _number in range(OUTAGE + 3):
        make_case()
    make_case(contact=ContactData(name="周", phone="13812345678"))
    smtp.mood = "hang"
    assert deliver_due() == 1
    assert len(list(tmp_path.glob("*.sms.txt"))) == 1
    assert OutboxMessage.objects.filter(attempts=1, status=OutboxStatus.PENDING).count() == OUTAGE
    assert OutboxMessage.objects.filter(attempts=0).count() == 3


def test_worker_killed_between_sending_and_marking_repeats_under_the_same_name(
    smtp: FakeSmtp, monkeypatch
):
    for _number in range(3):
        make_case()
    true_send = notifications.send

    def send_and_die(message: OutboxMessage) -> None:
        true_send(message)
        raise Killed

    monkeypatch.setattr(notifications, "send", send_and_die)
    for _worker in range(3):
        with pytest.raises(Killed):
            deliver_due()
    assert states() == {OutboxStatus.PENDING}
    monkeypatch.setattr(notifications, "send", true_send)
    assert deliver_due() == 0
    later(LEASE + timedelta(seconds=1))
    assert deliver_due() == 3
    assert states() == {OutboxStatus.SENT}
    assert set(Counter(smtp.message_ids).values()) == {2}
    assert len(set(smtp.message_ids)) == 3


def test_notice_that_kills_every_worker_ends_as_a_dead_letter(monkeypatch):
    make_case()

    def die(message: OutboxMessage) -> None:
        raise Killed

    monkeypatch.setattr(notifications, "send", die)
    for _worker in range(MOST_ATTEMPTS):
        with pytest.raises(Killed):
            deliver_due()
        later(LEASE + timedelta(seconds=1))
    assert deliver_due() == 0
    message = OutboxMessage.objects.get()
    assert (message.status, message.last_error) == (OutboxStatus.DEAD, "worker_died")


def test_slow_worker_does_not_undo_what_another_has_done(monkeypatch):
    """Its lease ran out while it waited, another sent the notice: its failure counts nothing."""
    make_case()
    true_send, calls = notifications.send, []

    def slow(message: OutboxMessage) -> None:
        calls.append(message.pk)
        if len(calls) == 1:
            later(LEASE + timedelta(seconds=1))
            assert deliver_due() == 1
            raise TimeoutError

    monkeypatch.setattr(notifications, "send", slow)
    assert deliver_due() == 0
    assert true_send is not notifications.send
    message = OutboxMessage.objects.get()
    assert (message.status, message.attempts, message.last_error) == (OutboxStatus.SENT, 2, "")


def test_call_ends_after_its_time(monkeypatch):
    for _number in range(4):
        make_case()
    monkeypatch.setattr(notifications, "send", lambda message: None)
    monkeypatch.setattr(outbox, "MOST_SECONDS", -1.0)
    assert [deliver_due() for _call in range(5)] == [1, 1, 1, 1, 0]


def test_only_notices_of_a_beginning_are_sent_when_asked(monkeypatch):
    case = make_case()
    sent: list[str] = []
    monkeypatch.setattr(notifications, "send", lambda message: sent.append(message.key))
    tell_consumer(case, "message", key="watch:1")
    assert deliver_due(key_begins="watch:") == 1
    assert sent == ["watch:1"]


@pytest.mark.django_db(transaction=True)
def test_deliverers_at_once_send_each_mail_once(smtp: FakeSmtp):
    count = 24
    smtp_timeout = 10
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.EMAIL_TIMEOUT", smtp_timeout)
        for _number in range(count):
            make_case()

        def race(_number: int) -> int:
            try:
                return deliver_due(limit=10)
            finally:
                connection.close()

        with ThreadPoolExecutor(max_workers=4) as pool:
            total = sum(pool.map(race, range(6)))
        while more := deliver_due():
            total += more
    assert total == count
    assert len(set(smtp.message_ids)) == len(smtp.message_ids) == count


def test_sms_gateway_is_given_the_same_key_at_every_try(settings):
    Gateway.calls.clear()
    settings.SMS_BACKEND = "tests.complaints.test_delivery.Gateway"
    make_case(contact=ContactData(name="周", phone="13812345678"))
    assert deliver_due() == 0
    later()
    assert deliver_due() == 1
    message = OutboxMessage.objects.get()
    assert message.channel == OutboxChannel.SMS
    assert Gateway.calls == [message.key] * 2


class Gateway:
    """An SMS gateway whose first answer gets lost."""

    calls: list[str] = []

    def send(self, *, to: str, text: str, key: str) -> None:
        self.calls.append(key)
        if len(self.calls) == 1:
            raise ConnectionResetError
