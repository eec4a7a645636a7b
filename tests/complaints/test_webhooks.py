"""Events for programs outside: signed, codes only, never into private networks, none lost."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.states import Role
from complaints import notifications
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import CaseEvent, OutboxMessage, WebhookEndpoint
from complaints.moments import now, shift_to
from complaints.notifications import NotTaken
from complaints.notifications import webhooks as wire
from complaints.notifications.addresses import check_url, read_url, resolved
from complaints.notifications.webhooks import secret_of
from complaints.services.cases import move
from complaints.services.conversation import write_message
from complaints.services.outbox import LEASE, deliver_due
from complaints.services.sweeping import sweep
from complaints.services.webhooks import (
    change_endpoint,
    create_endpoint,
    payload_of,
    renew_secret,
    reveal_secret,
)
from complaints.states import OutboxChannel, OutboxStatus
from tests.complaints.walking import ANYONE
from tests.factories import make_case, staff
from tests.receivers import FakeReceiver

pytestmark = pytest.mark.django_db
HOOKS = {"channel": OutboxChannel.WEBHOOK}


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.CRITICAL):
        yield


@pytest.fixture
def receiver() -> Iterator[FakeReceiver]:
    with FakeReceiver() as server:
        yield server


def endpoint_at(url: str, *kinds: str) -> WebhookEndpoint:
    return create_endpoint(by=staff(Role.ADMINISTRATOR), name="ERP", url=url, kinds=kinds)


def hook() -> OutboxMessage:
    return OutboxMessage.objects.get(**HOOKS)


def deliver() -> int:
    return deliver_due(key_begins="hook:")


def later(span: timedelta = timedelta(hours=7)) -> None:
    shift_to(now() + span)


# --- What goes out ---
def test_event_goes_out_signed_and_with_codes_only(receiver: FakeReceiver):
    endpoint = endpoint_at(receiver.url, "received")
    case = make_case(description="CANARY 水壶冒烟")
    assert deliver() == 1
    ((headers, body),) = receiver.taken
    said = json.loads(body)
    assert said["event"] == headers["Redress-Event"] == "received"
    assert said["case"] == case.reference
    assert said["at"] == CaseEvent.objects.get(case=case, kind="received").at.isoformat()
    assert said["codes"] == {"channel": "web_form"}
    assert said["id"] == headers["Redress-Delivery"]
    assert headers["Content-Type"] == "application/json"
    assert "CANARY" not in body.decode() and "周" not in body.decode()
    signed = headers["Redress-Timestamp"].encode() + b"." + body
    expected = hmac.new(secret_of(endpoint).encode(), signed, hashlib.sha256).hexdigest()
    assert headers["Redress-Signature"] == f"v1={expected}"


def test_nothing_that_a_person_wrote_is_in_any_event():
    endpoint_at("https://erp.example/hook")
    case = make_case(description="CANARY 冒烟", order_number="CANARY-1")
    write_message(case, by=staff(Role.AGENT), body="CANARY 请寄回")
    case = move(case, "accept", by=ANYONE, data={"cause": "CANARY 不是代码", "kind": "ok"})
    told = [message.data for message in OutboxMessage.objects.filter(**HOOKS)]
    assert len(told) >= 3
    assert "CANARY" not in json.dumps(told, ensure_ascii=False)
    assert {"kind": "ok"} in [each["codes"] for each in told]


def test_breach_of_a_clock_is_told():
    endpoint_at("https://erp.example/hook", "clock_breached")
    make_case()
    later(timedelta(hours=25))
    sweep()
    codes = hook().data["codes"]
    assert (codes["clock"], codes["rung"]) == ("acknowledgement", "breach")
    assert codes["late_seconds"] >= 0


def test_receiver_gets_the_kinds_that_it_wants_and_none_when_switched_off():
    boss = staff(Role.ADMINISTRATOR)
    everything, some = (
        endpoint_at("https://a.example/"),
        endpoint_at("https://b.example/", "accept"),
    )
    off = endpoint_at("https://c.example/")
    change_endpoint(off, by=boss, name="C", url=off.url, kinds=[], is_active=False)
    case = move(make_case(), "accept", by=ANYONE)
    sent = OutboxMessage.objects.filter(**HOOKS).values_list("endpoint_id", "kind")
    assert set(sent) == {
        (everything.pk, "received"),
        (everything.pk, "accept"),
        (some.pk, "accept"),
    }
    assert case.outbox.filter(**HOOKS).count() == 3


def test_event_that_is_rolled_back_is_told_to_nobody():
    endpoint_at("https://erp.example/hook")
    case = make_case()
    before = OutboxMessage.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        move(case, "accept", by=ANYONE)
        raise ZeroDivisionError
    assert OutboxMessage.objects.count() == before


def test_payload_is_the_same_at_every_look():
    event = CaseEvent.objects.get(case=make_case(), kind="received")
    assert payload_of(event) == payload_of(CaseEvent.objects.get(pk=event.pk))


# --- Faults ---
@pytest.mark.parametrize("status", [302, 307, 400, 404, 429, 500, 503])
def test_answer_other_than_2xx_is_tried_again_under_the_same_name(
    receiver: FakeReceiver, status: int
):
    endpoint_at(receiver.url)
    make_case()
    receiver.status = status
    assert deliver() == 0
    message = hook()
    assert (message.status, message.last_error) == (OutboxStatus.PENDING, f"http_{status}")
    receiver.status = 200
    later()
    assert deliver() == 1
    assert len(receiver.deliveries) == 2
    assert len(set(receiver.deliveries)) == 1


def test_redirect_is_not_followed(receiver: FakeReceiver):
    endpoint_at(receiver.url)
    make_case()
    receiver.status = 301
    deliver()
    assert "followed" not in receiver.deliveries
    assert len(receiver.deliveries) == 1


def test_receiver_that_is_gone_is_not_tried_again(receiver: FakeReceiver):
    endpoint_at(receiver.url)
    make_case()
    receiver.status = 410
    deliver()
    assert hook().status == OutboxStatus.DEAD


@pytest.mark.parametrize("mood", ["hang", "drip"])
def test_receiver_that_never_ends_is_left(receiver: FakeReceiver, monkeypatch, mood: str):
    monkeypatch.setattr(wire, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(wire, "WHOLE_SECONDS", 0.6)
    endpoint_at(receiver.url)
    make_case()
    receiver.mood = mood
    assert deliver() == 0
    assert hook().last_error == "timeout"
    receiver.mood = "ok"
    monkeypatch.setattr(wire, "STEP_SECONDS", 5.0)
    monkeypatch.setattr(wire, "WHOLE_SECONDS", 10.0)
    later()
    assert deliver() == 1


def test_receiver_that_is_down_gets_everything_later():
    with FakeReceiver() as server:
        url = server.url
    endpoint = endpoint_at(url)
    make_case()
    assert deliver() == 0
    assert hook().last_error == "no_connection"
    with FakeReceiver() as back:
        by = staff(Role.ADMINISTRATOR)
        change_endpoint(endpoint, by=by, name="ERP", url=back.url, kinds=[], is_active=True)
        later()
        assert deliver() == 1
        assert len(back.taken) == 1


def test_one_receiver_that_is_down_holds_up_no_other(receiver: FakeReceiver):
    with FakeReceiver() as server:
        endpoint_at(server.url)
    endpoint_at(receiver.url, "received")
    for _number in range(6):
        make_case()
    assert deliver() == 6
    assert len(receiver.taken) == 6


def test_worker_killed_after_the_answer_repeats_under_the_same_name(
    receiver: FakeReceiver, monkeypatch
):
    class Killed(BaseException):
        pass

    true_send = notifications.send

    def send_and_die(message: OutboxMessage) -> None:
        true_send(message)
        raise Killed

    endpoint_at(receiver.url)
    make_case()
    monkeypatch.setattr(notifications, "send", send_and_die)
    with pytest.raises(Killed):
        deliver()
    monkeypatch.setattr(notifications, "send", true_send)
    assert deliver() == 0
    later(LEASE + timedelta(seconds=1))
    assert deliver() == 1
    assert len(receiver.deliveries) == 2
    assert len(set(receiver.deliveries)) == 1
    assert len({body for _headers, body in receiver.taken}) == 1


def test_receiver_switched_off_meanwhile_leaves_a_dead_letter(receiver: FakeReceiver):
    endpoint = endpoint_at(receiver.url)
    make_case()
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(is_active=False)
    deliver()
    assert (hook().status, hook().last_error) == (OutboxStatus.DEAD, "Undeliverable")
    assert receiver.taken == []


@pytest.mark.django_db(transaction=True)
def test_deliverers_at_once_send_each_event_once(receiver: FakeReceiver):
    endpoint_at(receiver.url, "received")
    for _number in range(20):
        make_case()

    def race(_number: int) -> int:
        try:
            return deliver_due(limit=10, key_begins="hook:")
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        total = sum(pool.map(race, range(6)))
    while more := deliver():
        total += more
    assert total == len(receiver.deliveries) == len(set(receiver.deliveries)) == 20


# --- Where nothing goes ---
PUBLIC = "93.184.216.34"
PRIVATE = [
    "10.0.0.1",
    "172.16.9.9",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
]


def answering(monkeypatch, *addresses: str) -> None:
    def getaddrinfo(host, port, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("address", [*PRIVATE, "127.0.0.1", "::1"])
def test_name_that_leads_inside_is_refused(monkeypatch, settings, address: str):
    settings.WEBHOOK_NETWORKS = []
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        answering(monkeypatch, *addresses)
        with pytest.raises(NotTaken, match="private_address"):
            resolved(read_url("https://erp.example/hook"))


@pytest.mark.parametrize("address", PRIVATE)
def test_address_inside_is_refused_when_it_is_entered(settings, address: str):
    settings.WEBHOOK_NETWORKS = []
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(CaseError) as refusal:
        endpoint_at(f"https://{host}/hook")
    assert refusal.value.field == "url"
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://erp.example/hook", "not_https"),
        ("http://93.184.216.34/", "not_https"),
        ("ftp://erp.example/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("https:///hook", "bad_url"),
        ("https://user:word@erp.example/", "bad_url"),
        ("https://erp.example:99999/", "bad_url"),
        ("https://erp.example/a b", "bad_url"),
        ("https://erp.example/\r\nX: y", "bad_url"),
        ("https://erp.example/#x", "bad_url"),
        ("https://例子.example/", "bad_url"),
        ("gopher", "bad_url"),
        ("", "bad_url"),
    ],
)
def test_odd_address_is_refused(url: str, code: str):
    with pytest.raises(NotTaken, match=code):
        check_url(url)


def test_private_network_that_the_operator_named_is_reached_over_https_only(monkeypatch, settings):
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("10.1.0.0/16")]
    answering(monkeypatch, "10.1.2.3")
    assert resolved(read_url("https://erp.internal/hook")) == "10.1.2.3"
    with pytest.raises(NotTaken, match="not_https"):
        resolved(read_url("http://erp.internal/hook"))
    answering(monkeypatch, "10.2.0.1")
    with pytest.raises(NotTaken, match="private_address"):
        resolved(read_url("https://erp.internal/hook"))


def test_production_sends_nothing_in_the_clear_even_to_itself(settings):
    settings.PRODUCTION = True
    with pytest.raises(NotTaken, match="not_https"):
        check_url("http://127.0.0.1:8000/hook")


def test_name_that_changes_its_mind_leads_nowhere_else(receiver: FakeReceiver, monkeypatch):
    """The address that was checked is the one that is connected to: the name is asked once."""
    asked: list[str] = []
    port = read_url(receiver.url).port

    def getaddrinfo(host, port, *_more, **_options):
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    endpoint = endpoint_at("https://erp.example/hook")
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(url=f"http://erp.example:{port}/hook")
    make_case()
    true_connect = socket.create_connection
    connected: list[str] = []

    def create_connection(address, *more):
        connected.append(address[0])
        with monkeypatch.context() as patch:
            patch.setattr(socket, "getaddrinfo", REAL_GETADDRINFO)
            return true_connect(address, *more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    assert deliver() == 1
    assert asked == ["erp.example"]
    assert connected == ["127.0.0.1"]
    assert receiver.taken[0][0]["Host"] == f"erp.example:{port}"


REAL_GETADDRINFO = socket.getaddrinfo


# --- Who keeps them ---
def test_secret_is_sealed_and_can_be_renewed(receiver: FakeReceiver):
    boss = staff(Role.ADMINISTRATOR)
    endpoint = endpoint_at(receiver.url)
    secret = reveal_secret(endpoint, by=boss)
    assert len(secret) >= 32
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM complaints_webhookendpoint e")
        assert secret not in cursor.fetchone()[0]
    renewed = reveal_secret(renew_secret(endpoint, by=boss), by=boss)
    assert renewed != secret


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR], ids=str)
def test_only_administrators_keep_receivers(role: Role):
    endpoint, by = endpoint_at("https://erp.example/"), staff(role)
    acts = [
        lambda: create_endpoint(by=by, name="x", url="https://x.example/", kinds=[]),
        lambda: renew_secret(endpoint, by=by),
        lambda: reveal_secret(endpoint, by=by),
        lambda: change_endpoint(
            endpoint, by=by, name="x", url="https://x.example/", kinds=[], is_active=False
        ),
    ]
    for act in acts:
        with pytest.raises(StepForbidden):
            act()
    assert WebhookEndpoint.objects.get().url == "https://erp.example/"
    with pytest.raises(StepForbidden):
        reveal_secret(endpoint, by=Actor.system())
