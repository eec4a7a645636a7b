"""The watchdog: managers hear once that the clocks are not kept, and once that they are again."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection

from accounts.states import Role
from complaints.models import Case, ClockIncident, Notification, OutboxMessage, SweepHeartbeat
from complaints.moments import measured_skew, now, shift_to
from complaints.selectors.heartbeat import clock_health, last_sweep
from complaints.services import heartbeats, sweeping
from complaints.services.heartbeats import sweeper_name
from complaints.services.outbox import deliver_due
from complaints.services.sweeping import sweep
from complaints.services.watching import deliver_alarms, watch
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db
Kind = ClockIncident.Kind


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


def pass_time(**span: float) -> None:
    shift_to(now() + timedelta(**span))


def open_kinds() -> set[str]:
    return set(ClockIncident.objects.filter(healed_at=None).values_list("kind", flat=True))


def set_host_clock(monkeypatch: pytest.MonkeyPatch, *, ahead: float) -> None:
    true_time = time.time
    monkeypatch.setattr("complaints.moments.time.time", lambda: true_time() + ahead)


def test_every_sweeper_has_a_row_of_its_own(monkeypatch):
    assert last_sweep() is None
    sweep()
    sweep()
    row = SweepHeartbeat.objects.get()
    assert row.pk == sweeper_name()
    assert now() - last_sweep() < timedelta(seconds=5)
    monkeypatch.setattr(heartbeats.socket, "gethostname", lambda: "other")
    sweep()
    assert SweepHeartbeat.objects.count() == 2


def test_rows_of_the_departed_go_after_a_day(monkeypatch):
    sweep()
    pass_time(hours=25)
    monkeypatch.setattr(heartbeats.socket, "gethostname", lambda: "other")
    sweep()
    assert [row.pk.partition(":")[0] for row in SweepHeartbeat.objects.all()] == ["other"]


def test_long_catch_up_shows_life_on_its_way(monkeypatch):
    for _number in range(3):
        make_case()
    pass_time(hours=13)
    monkeypatch.setattr(sweeping, "FEWEST_TOGETHER", 1)
    monkeypatch.setattr(sweeping._Sweep, "pace", lambda self, took: None)
    monkeypatch.setattr(sweeping, "HEARTBEAT_SECONDS", -1)
    written: list[bool] = []
    write = sweeping.write_heartbeat

    def count(**how) -> None:
        written.append(True)
        write(**how)

    monkeypatch.setattr(sweeping, "write_heartbeat", count)
    assert sweep().fired == 3
    assert len(written) == 3 + 1


def test_heartbeat_counts_what_was_done():
    make_case()
    pass_time(hours=19)
    before = sweep() and SweepHeartbeat.objects.get()
    pass_time(hours=6)
    sweep()
    after = SweepHeartbeat.objects.get()
    assert after.sweeps == before.sweeps + 1
    assert after.fired["breach"] == before.fired.get("breach", 0) + 1


def test_managers_are_told_once_that_nobody_sweeps_and_once_that_somebody_does():
    manager, _agent = make_user(Role.MANAGER), make_user(Role.AGENT)
    sweep()
    watch(by="loop")
    assert open_kinds() == set()
    pass_time(seconds=61)

    for by in ("web", "beat", "web"):
        assert not watch(by=by).is_swept

    incident = ClockIncident.objects.get()
    assert (incident.kind, incident.noticed_by) == (Kind.SWEEP_STOPPED, "web")
    assert [notice.user for notice in Notification.objects.filter(kind="clocks_unkept")] == [
        manager
    ]
    deliver_due()
    assert "没有正常运行" in mail.outbox[-1].subject
    assert "没有进程在巡检时限" in mail.outbox[-1].body
    assert "/desk/clock-health/" in mail.outbox[-1].body

    sweep()
    watch(by="loop")
    watch(by="beat")
    deliver_due()
    assert open_kinds() == set()
    assert "恢复" in mail.outbox[-1].subject
    assert len(mail.outbox) == 2


def test_timer_that_waits_for_a_minute_is_an_incident():
    case = make_case()
    shift_to(case.received_at + timedelta(hours=12, seconds=30))
    assert watch(by="beat").is_in_time
    pass_time(seconds=60)

    health = watch(by="beat")

    assert not health.is_in_time
    assert open_kinds() == {Kind.TIMERS_WAITING}
    assert ClockIncident.objects.get().began_at == health.waiting_since
    sweep()
    assert watch(by="beat").is_in_time
    assert open_kinds() == set()


def test_timer_that_backs_off_is_not_an_incident():
    case = make_case()
    pass_time(hours=13)
    case.timers.filter(rung="warn_50").update(attempts=1, next_try_at=now())
    assert clock_health().waiting_since is None


def test_alarm_reaches_managers_without_anybody_else(caplog):
    make_user(Role.MANAGER)
    case = make_case()
    sweep()
    pass_time(minutes=5)
    watch(by="web")
    assert deliver_alarms() == 1
    assert deliver_alarms() == 0
    assert OutboxMessage.objects.get(case=case).status == "pending"


@pytest.mark.django_db(transaction=True)
def test_two_watchdogs_at_once_tell_once():
    make_user(Role.MANAGER)
    sweep()
    pass_time(minutes=5)

    def look(_number: int) -> None:
        try:
            watch(by="web")
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(look, range(8)))
    assert ClockIncident.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="clocks_unkept").count() == 1


@pytest.mark.parametrize(("ahead", "told"), [(0.0, False), (-30.0, True), (30.0, True)])
def test_skewed_host_sweeps_by_the_database_and_says_so(monkeypatch, ahead, told):
    case = make_case()
    shift_to(case.received_at + timedelta(hours=12, seconds=-20))
    set_host_clock(monkeypatch, ahead=ahead)
    assert abs(measured_skew().total_seconds() - ahead) < 1
    assert sweep().fired == 0
    pass_time(seconds=22)
    assert sweep().fired == 1
    watch(by="loop")
    assert (open_kinds() == {Kind.CLOCK_SKEWED}) is told


@pytest.mark.parametrize("ahead", [-7200.0, 7200.0])
def test_host_that_is_hours_off_does_not_sweep(monkeypatch, ahead):
    case = make_case()
    pass_time(hours=13)
    set_host_clock(monkeypatch, ahead=ahead)
    result = sweep()
    assert (result.refused, result.fired) == (True, 0)
    assert last_sweep() is None
    watch(by="loop")
    assert Kind.CLOCK_SKEWED in open_kinds()
    monkeypatch.undo()
    assert sweep().fired == 1
    assert Case.objects.get(pk=case.pk).event_count == case.event_count + 2 - 1


def test_jump_of_the_host_clock_changes_no_moment(monkeypatch):
    before = now()
    set_host_clock(monkeypatch, ahead=86_400)
    assert now() - before < timedelta(seconds=5)


def test_rung_waits_half_a_second_so_that_no_answer_in_time_is_overtaken():
    case = make_case()
    timer = case.timers.get(rung="breach")
    for ago, fired in ((0.2, 0), (0.7, 1)):
        case.timers.filter(pk=timer.pk).update(due_at=now() - timedelta(seconds=ago))
        assert sweep().fired == fired
