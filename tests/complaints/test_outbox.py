"""Notices: written with what they tell, delivered once, tried again, given up in the open."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.db import IntegrityError, connection, transaction
from kombu.exceptions import OperationalError

from accounts.states import Role
from complaints import notifications
from complaints.models import Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.services import queueing
from complaints.services.cases import move
from complaints.services.outbox import (
    LEASE,
    MOST_ATTEMPTS,
    deliver_due,
    tell_address,
    tell_consumer,
    tell_staff,
)
from complaints.states import OutboxChannel, OutboxStatus
from tests.complaints.imported import imported_case
from tests.complaints.walking import ANYONE
from tests.factories import ContactData, make_case, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(caplog):
    with caplog.at_level(logging.CRITICAL):
        yield


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Stands in for the way out; gives the keys that went out."""
    keys: list[str] = []
    monkeypatch.setattr(notifications, "send", lambda message: keys.append(message.key))
    return keys


def fail_with(monkeypatch, error: Exception) -> None:
    def send(message):
        raise error

    monkeypatch.setattr(notifications, "send", send)


def test_notice_is_written_with_the_step_and_lost_with_it():
    case = make_case()
    OutboxMessage.objects.all().delete()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        move(case, "accept", by=ANYONE)
        assert OutboxMessage.objects.count() == 1
        raise ZeroDivisionError
    assert not OutboxMessage.objects.exists()


def test_same_key_twice_is_refused():
    case = make_case()
    tell_consumer(case, "message", key="k")
    with pytest.raises(IntegrityError), transaction.atomic():
        tell_consumer(case, "message", key="k")


def test_imported_case_tells_nobody():
    move(imported_case(received_at=now() - timedelta(days=9)), "accept", by=ANYONE)
    assert not OutboxMessage.objects.exists()


def test_consumer_is_told_by_mail_else_by_sms_else_not_at_all():
    by_mail = make_case()
    by_sms = make_case(contact=ContactData(name="周", phone="13812345678"))
    neither = make_case(contact=ContactData(name="周"))
    channels = dict(OutboxMessage.objects.values_list("case_id", "channel"))
    assert channels == {by_mail.pk: OutboxChannel.EMAIL, by_sms.pk: OutboxChannel.SMS}
    assert tell_consumer(neither, "message", key="n") is None


def test_each_notice_goes_out_once(sent):
    make_case()
    make_case()
    assert deliver_due() == 2
    assert deliver_due() == 0
    assert len(set(sent)) == len(sent) == 2
    assert set(OutboxMessage.objects.values_list("status", flat=True)) == {OutboxStatus.SENT}


def test_secret_is_sealed_on_its_way_and_forgotten_after(sent):
    case = make_case()
    message = tell_consumer(case, "code", key="c", secret={"code": "123456"})
    assert b"123456" not in bytes(OutboxMessage.objects.get(pk=message.pk).sealed)
    deliver_due()
    assert bytes(OutboxMessage.objects.get(pk=message.pk).sealed) == b""


def test_outside_address_stands_only_sealed():
    message = tell_address(
        make_case(), "invited", key="a", address="m@example.test", data={}, secret={"link": "x"}
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT o::text FROM complaints_outboxmessage o WHERE id = %s", [message.pk])
        assert "m@example.test" not in cursor.fetchone()[0]


def test_failure_is_tried_again_later_and_later(monkeypatch, sent):
    make_case()
    fail_with(monkeypatch, SMTPServerDisconnected())
    waits = []
    for _attempt in range(3):
        assert deliver_due() == 0
        message = OutboxMessage.objects.get()
        assert (message.status, message.lease_until) == (OutboxStatus.PENDING, None)
        assert message.last_error == "SMTPServerDisconnected"
        waits.append(message.next_at - now())
        assert deliver_due() == 0
        shift_to(message.next_at + timedelta(seconds=1))
    assert waits == sorted(waits)
    monkeypatch.setattr(notifications, "send", lambda message: sent.append(message.key))
    assert deliver_due() == 1
    assert len(sent) == 1


def test_after_ten_tries_it_is_dead_and_says_so(monkeypatch):
    make_case()
    fail_with(monkeypatch, OSError("no route"))
    for _attempt in range(MOST_ATTEMPTS + 3):
        deliver_due()
        shift_to(now() + timedelta(hours=7))
    message = OutboxMessage.objects.get()
    assert (message.status, message.attempts) == (OutboxStatus.DEAD, MOST_ATTEMPTS)


def test_notice_without_an_address_is_dead_at_once(monkeypatch):
    make_case()
    fail_with(monkeypatch, notifications.Undeliverable("k"))
    deliver_due()
    assert OutboxMessage.objects.get().status == OutboxStatus.DEAD


def test_one_bad_notice_holds_up_no_other(monkeypatch, sent):
    bad, good = make_case(), make_case()

    def send(message):
        if message.case_id == bad.pk:
            raise OSError
        sent.append(message.key)

    monkeypatch.setattr(notifications, "send", send)
    assert deliver_due() == 1
    assert sent == [OutboxMessage.objects.get(case=good).key]


def test_notice_of_a_worker_that_died_is_sent_after_its_lease(sent):
    make_case()
    OutboxMessage.objects.update(lease_until=now() + LEASE, attempts=1)
    assert deliver_due() == 0
    shift_to(now() + LEASE + timedelta(seconds=1))
    assert deliver_due() == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_nothing_twice(sent):
    for _number in range(20):
        make_case()

    def race(_number: int) -> int:
        try:
            return deliver_due(limit=5)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        total = sum(pool.map(race, range(12)))
    while more := deliver_due():
        total += more
    assert total == len(sent) == len(set(sent)) == 20


@pytest.mark.django_db(transaction=True)
def test_broker_that_is_away_costs_no_complaint(monkeypatch):
    def send_task(name, **options):
        raise OperationalError("gone")

    monkeypatch.setattr(queueing.current_app, "send_task", send_task)
    case = make_case()
    assert OutboxMessage.objects.get(case=case).status == OutboxStatus.PENDING


def test_staff_are_told_on_the_desk_and_by_mail_only_when_asked():
    case, agent = make_case(), make_user(Role.AGENT)
    nameless = make_user(Role.AGENT, email="")
    OutboxMessage.objects.all().delete()
    tell_staff(case, "assigned", users=[agent], key="quiet")
    tell_staff(case, "clock_breached", users=[agent, nameless], key="loud", by_mail=True)
    assert Notification.objects.filter(user=agent).count() == 2
    assert [m.recipient for m in OutboxMessage.objects.all()] == [f"user:{agent.pk}"]


def test_mail_goes_out_under_one_message_id(mailoutbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    case = make_case()
    deliver_due()
    (mail,) = mailoutbox
    assert mail.to == ["zhou@example.test"]
    key = OutboxMessage.objects.get().key
    assert mail.extra_headers["Message-ID"].startswith(f"<{key.replace(':', '.')}.")
    assert case.reference in mail.subject + mail.body
