"""SMS by HTTP: what reaches a gateway, and what happens when it does not take a message."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from complaints.models import OutboxMessage
from complaints.notifications import NotTaken
from complaints.notifications import webhooks as wire
from complaints.services.intake import ContactData
from complaints.services.outbox import deliver_due
from config.sms import HttpBackend
from tests.factories import make_case
from tests.receivers import FakeReceiver

SMS = {"to": "+8613812345678", "text": "校验码 654321", "key": "code:1"}


@pytest.fixture
def gateway(settings: Any) -> Iterator[FakeReceiver]:
    with FakeReceiver() as server:
        settings.SMS_BACKEND = "config.sms.HttpBackend"
        settings.SMS_URL, settings.SMS_TOKEN = server.url, "gateway-word"
        settings.WEBHOOK_NETWORKS = []
        yield server


def test_gateway_gets_number_text_and_key(gateway: FakeReceiver) -> None:
    HttpBackend().send(**SMS)

    [(headers, body)] = gateway.taken
    assert json.loads(body) == SMS
    assert headers["Authorization"] == "Bearer gateway-word"
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [302, 307, 401, 429, 500])
def test_other_answers_are_refusals_and_lead_nowhere(gateway: FakeReceiver, status: int) -> None:
    gateway.status = status

    with pytest.raises(NotTaken, match=f"http_{status}"):
        HttpBackend().send(**SMS)

    assert len(gateway.taken) == 1


@pytest.mark.parametrize("mood", ["hang", "drip"])
def test_slow_gateway_is_given_up(
    gateway: FakeReceiver, monkeypatch: pytest.MonkeyPatch, mood: str
) -> None:
    monkeypatch.setattr(wire, "WHOLE_SECONDS", 0.3)
    gateway.mood = mood

    with pytest.raises(NotTaken, match="timeout"):
        HttpBackend().send(**SMS)


def test_missing_gateway_is_an_outage(settings: Any) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        settings.SMS_URL = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        settings.SMS_TOKEN = "gateway-word"
        with pytest.raises(NotTaken, match="no_connection"):
            HttpBackend().send(**SMS)


@pytest.mark.django_db
def test_notice_goes_out_by_the_gateway(gateway: FakeReceiver) -> None:
    make_case(contact=ContactData(name="周", phone="13812345678"))

    assert deliver_due() == 1

    sent = json.loads(gateway.taken[0][1])
    assert sent["key"] == OutboxMessage.objects.get().key
    assert sent["to"].endswith("13812345678") and "投诉" in sent["text"]
