"""Liveness and readiness."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from kombu.exceptions import OperationalError

from complaints.models import SweepHeartbeat
from complaints.moments import now
from config import health

pytestmark = pytest.mark.django_db
READY = "/healthz/ready"


def swept(*, ago: timedelta) -> None:
    SweepHeartbeat.objects.update_or_create(id=1, defaults={"swept_at": now() - ago})


def test_ready_when_every_part_works(client: Client) -> None:
    swept(ago=timedelta(seconds=5))

    answer = client.get(READY)

    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "broker": "ok", "clocks": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_not_ready_when_clocks_are_not_swept(client: Client) -> None:
    assert client.get(READY).json()["clocks"] == "down"
    swept(ago=timedelta(seconds=61))

    answer = client.get(READY)

    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "broker": "ok", "clocks": "down"}


def test_not_ready_without_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    swept(ago=timedelta(seconds=5))

    def refuse(**_options: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(health.app, "connection_for_write", refuse)

    assert client.get(READY).json() == {"database": "ok", "broker": "down", "clocks": "ok"}


def test_not_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("no database")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    monkeypatch.setattr(health, "last_sweep", refuse)

    answer = client.get(READY)

    assert answer.status_code == 503
    assert answer.json() == {"database": "down", "broker": "ok", "clocks": "down"}


def test_live_needs_nothing_behind_it(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz/live")

    assert (answer.status_code, answer.content) == (200, b"ok")
