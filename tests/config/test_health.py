"""Liveness and readiness."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError
from django.test import Client
from kombu.exceptions import OperationalError

from accounts.states import Role
from complaints.models import ClockIncident, SweepHeartbeat
from complaints.moments import now, shift_to
from config import health
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db
READY = "/healthz/ready"


def swept(*, ago: timedelta) -> None:
    moment = now() - ago
    SweepHeartbeat.objects.update_or_create(
        name="host:1", defaults={"started_at": moment, "seen_at": moment, "swept_at": moment}
    )


def parts(client: Client) -> dict[str, str]:
    return {name: state for name, state in client.get(READY).json().items() if name != "figures"}


def test_ready_when_every_part_works(client: Client) -> None:
    swept(ago=timedelta(seconds=5))

    answer = client.get(READY)

    assert answer.status_code == 200
    assert parts(client) == {"database": "ok", "broker": "ok", "clocks": "ok", "timers": "ok"}
    figures = answer.json()["figures"]
    assert 5 <= figures.pop("sweep_age_seconds") < 60
    assert figures == {"oldest_due_seconds": None, "backing_off": 0, "quarantined": 0}
    assert "no-store" in answer["Cache-Control"]


def test_not_ready_when_clocks_are_not_swept(client: Client) -> None:
    assert client.get(READY).json()["clocks"] == "down"
    swept(ago=timedelta(seconds=61))

    answer = client.get(READY)

    assert answer.status_code == 503
    assert parts(client) == {"database": "ok", "broker": "ok", "clocks": "down", "timers": "ok"}


def test_not_ready_when_a_timer_waits_for_a_minute(client: Client) -> None:
    case = make_case()
    shift_to(case.received_at + timedelta(hours=12, seconds=61))
    swept(ago=timedelta(seconds=5))

    answer = client.get(READY)

    assert (answer.status_code, answer.json()["timers"]) == (503, "down")
    assert answer.json()["figures"]["oldest_due_seconds"] in (61, 62)


def test_red_probe_tells_managers_once_and_delivers_it_itself(client: Client) -> None:
    make_user(Role.MANAGER)
    swept(ago=timedelta(minutes=5))
    for _probe in range(3):
        assert client.get(READY).status_code == 503
    assert len(mail.outbox) == 1
    swept(ago=timedelta(seconds=1))
    assert client.get(READY).status_code == 200
    assert ClockIncident.objects.get().healed_at is not None


def test_not_ready_without_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    swept(ago=timedelta(seconds=5))

    def refuse(**_options: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(health.app, "connection_for_write", refuse)

    assert parts(client) == {"database": "ok", "broker": "down", "clocks": "ok", "timers": "ok"}


def test_not_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_how: Any) -> None:
        raise DatabaseError("no database")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    monkeypatch.setattr(health, "watch", refuse)

    answer = client.get(READY)

    assert answer.status_code == 503
    assert parts(client) == {"database": "down", "broker": "ok", "clocks": "down", "timers": "down"}


def test_live_needs_nothing_behind_it(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz/live")

    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1:8000", "127.0.0.1"), ("10.3.0.4", "10.3.0.9"), ("_", "::1")]
)
def test_probes_are_answered_whatever_host_they_name(
    client: Client, settings: Any, host: str, address: str
) -> None:
    """As in production: a container asks itself, a balancer and Prometheus ask by address."""
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["redress.example"], True
    settings.BEHIND_PROXY, settings.METRICS_TOKEN = True, "secret-token"
    swept(ago=timedelta(seconds=5))
    how: Any = {"headers": {"Host": host}, "REMOTE_ADDR": address}

    for path in ("/healthz/live", READY):
        answer = client.get(path, **how)
        assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
        assert answer["X-Frame-Options"] == "DENY" and "Content-Security-Policy" in answer.headers
    assert client.get("/metrics", **how).status_code == 404
    how["headers"] |= {"Authorization": "Bearer secret-token"}
    assert client.get("/metrics", **how).status_code == 200
    assert client.post(READY, **how).status_code == 405
    settings.SECURE_SSL_REDIRECT = False
    assert client.get("/complain/", **how).status_code == 400
