"""Figures for Prometheus: who may read them, and whether they are right."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.states import Role
from complaints.models import Timer
from complaints.moments import now, shift_to
from complaints.services.heartbeats import sweeper_name
from complaints.services.sweeping import sweep
from complaints.services.watching import watch
from config.metrics import HELP, sample_line
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db
SAMPLE = re.compile(r'redress_[a-z_]+(\{([a-z]+="[^"\\\n]*",?)+\})? -?[0-9.e+-]+')


def samples(client: Client) -> dict[str, float]:
    """Give every sample of the page; fails on a line that the format does not know."""
    found: dict[str, float] = {}
    for line in client.get("/metrics").content.decode().splitlines():
        if not line.startswith("#"):
            assert SAMPLE.fullmatch(line), line
            name, _space, value = line.rpartition(" ")
            found[name] = float(value)
    return found


def test_figures_follow_the_rows(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    case, other = make_case(), make_case()
    armed = Timer.objects.filter(status="armed").count()
    assert samples(client)["redress_timers_armed"] == armed
    shift_to(case.received_at + timedelta(hours=12, seconds=70))
    Timer.objects.filter(case=other, rung="warn_50").update(status="quarantined", attempts=5)
    found = samples(client)
    assert 70 <= found["redress_oldest_due_seconds"] < 90
    assert "redress_last_sweep_age_seconds" not in found
    assert found["redress_timers_quarantined"] == 1

    sweep()

    found = samples(client)
    fired = f'redress_timers_fired_total{{sweeper="{sweeper_name()}",rung="warn_50"}}'
    assert found[fired] >= 1
    assert found[f'redress_sweeps_total{{sweeper="{sweeper_name()}"}}'] >= 1
    assert found["redress_timers_armed"] == armed - 2
    assert found["redress_oldest_due_seconds"] == 0
    assert found["redress_last_sweep_age_seconds"] < 5
    assert found['redress_open_cases{stage="received"}'] == 2
    assert found['redress_outbox_messages{status="pending"}'] == 2


def test_every_figure_is_explained(client: Client) -> None:
    sweep()
    text = client.get("/metrics").content.decode()
    assert {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")} == {
        f"redress_{name}" for name in HELP
    }


def test_notices_without_a_case_count_too(client: Client) -> None:
    make_user(Role.MANAGER)
    sweep()
    shift_to(now() + timedelta(minutes=5))
    watch(by="web")
    assert samples(client)['redress_outbox_messages{status="pending"}'] == 1


@pytest.mark.parametrize(
    "how",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_without_a_token_only_this_machine_may_read(client: Client, how: dict[str, str]) -> None:
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", **how).status_code == 404


def test_behind_a_proxy_nobody_reads_without_a_token(client: Client, settings: Any) -> None:
    settings.BEHIND_PROXY = True
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("word", ["", "Bearer ", "Bearer wrong", "secret-token", "Bearer 密"])
def test_token_opens_and_nothing_else(client: Client, settings: Any, word: str) -> None:
    settings.METRICS_TOKEN, settings.BEHIND_PROXY = "secret-token", True
    right = {"Authorization": "Bearer secret-token"}
    assert client.get("/metrics", headers=right, REMOTE_ADDR="10.0.0.7").status_code == 200
    assert client.get("/metrics", headers={"Authorization": word}).status_code == 404


def test_labels_are_escaped() -> None:
    line = sample_line("sweeps_total", ({"sweeper": 'a"b\\c\nd'}, 1))
    assert line == r'redress_sweeps_total{sweeper="a\"b\\c\nd"} 1'
