"""A timer that raises holds up nobody: it waits longer each time, then for a person."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Notification, OutboxMessage, Timer
from complaints.moments import now, shift_to
from complaints.services import heartbeats, sweeping
from complaints.services.events import broken_link
from complaints.services.firing import Firing, Telling
from complaints.services.quarantine import LOST_PROCESS, MOST_ATTEMPTS, MOST_LOST, rearm_timer
from complaints.services.sweeping import sweep
from complaints.states import TimerStatus
from tests.complaints.walking import take
from tests.factories import make_case, make_team, make_user

pytestmark = pytest.mark.django_db
PAGE = "/desk/clock-health/"


def pass_time(**span: float) -> None:
    shift_to(now() + timedelta(**span))


def managed_case() -> tuple[Case, Any]:
    """A case in a team with a manager."""
    manager = make_user(Role.MANAGER)
    case = make_case()
    Case.objects.filter(pk=case.pk).update(team=make_team(manager=manager))
    return case, manager


def fired(case: Case) -> list[str]:
    events = CaseEvent.objects.filter(case=case, timer__isnull=False).order_by("sequence")
    return [event.data["rung"] for event in events]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Ids of timers that raise when they have already written everything."""
    sick: set[int] = set()
    write = Firing.write

    def write_and_raise(self: Firing) -> None:
        write(self)
        if sick & {timer.pk for timer in self.timers}:
            raise ZeroDivisionError("poison")

    monkeypatch.setattr(Firing, "write", write_and_raise)
    return sick


def test_sick_timer_is_put_aside_and_holds_up_nobody(poison):
    (sick, manager), well = managed_case(), make_case()
    timer = Timer.objects.get(case=sick, rung="warn_50")
    poison.add(timer.pk)
    pass_time(hours=19)

    assert (sweep().fired, sweep().fired) == (3, 0)
    assert (fired(sick), fired(well)) == (["warn_75"], ["warn_50", "warn_75"])
    for _try in range(MOST_ATTEMPTS + 2):
        pass_time(seconds=60)
        sweep()

    timer.refresh_from_db()
    assert (timer.status, timer.attempts) == (TimerStatus.QUARANTINED, MOST_ATTEMPTS)
    assert timer.last_error == "ZeroDivisionError"
    for case in (sick, well):
        assert broken_link(Case.objects.get(pk=case.pk)) is None
    assert Notification.objects.filter(user=manager, kind="timer_quarantined").count() == 1
    assert OutboxMessage.objects.filter(kind="timer_quarantined").count() == 1
    event = CaseEvent.objects.get(case=sick, kind="timer_quarantined")
    assert event.data["timer"] == timer.pk


def test_each_try_waits_longer(poison):
    timer = Timer.objects.get(case=make_case(), rung="warn_50")
    poison.add(timer.pk)
    pass_time(hours=13)
    waits = []
    for attempt in range(1, MOST_ATTEMPTS):
        sweep()
        assert sweep().errors == 0
        timer.refresh_from_db()
        assert timer.attempts == attempt
        waits.append(round((timer.next_try_at - now()).total_seconds()))
        pass_time(seconds=2**attempt + 1)
    assert waits == [2, 4, 8, 16]


def test_passing_error_is_forgotten(poison):
    case = make_case()
    timer = Timer.objects.get(case=case, rung="warn_50")
    poison.add(timer.pk)
    pass_time(hours=13)
    assert sweep().errors == 1
    poison.clear()
    pass_time(seconds=5)
    assert sweep().fired == 1
    assert fired(case) == ["warn_50"]


def test_next_lower_rung_is_told_when_the_highest_raises(poison):
    case, manager = managed_case()
    OutboxMessage.objects.all().delete()
    poison.add(Timer.objects.get(case=case, rung="escalation_2").pk)
    pass_time(hours=300)

    assert sweep().fired == 4

    assert fired(case)[-1] == "escalation_1"
    mails = OutboxMessage.objects.filter(case=case)
    assert [(mail.recipient, mail.data["rung"]) for mail in mails] == [
        (f"user:{manager.pk}", "escalation_1")
    ]


def test_rung_that_cannot_be_told_has_not_fired(monkeypatch):
    case, _manager = managed_case()
    tell = Telling.tell

    def refuse(self: Telling, timer: Timer) -> None:
        if timer.rung == "breach":
            raise IntegrityError("key exists")
        tell(self, timer)

    monkeypatch.setattr(Telling, "tell", refuse)
    pass_time(hours=25)

    assert sweep().errors == 1

    assert fired(case) == ["warn_50", "warn_75"]
    assert Timer.objects.get(case=case, rung="breach").status == TimerStatus.ARMED


class Ended(BaseException):
    """What ends a process: nothing of it is caught."""


@pytest.fixture
def killer(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Ids of timers that end the process when they have written everything."""
    deadly: set[int] = set()
    write = Firing.write

    def write_and_end(self: Firing) -> None:
        write(self)
        if deadly & {timer.pk for timer in self.timers}:
            raise Ended

    monkeypatch.setattr(Firing, "write", write_and_end)
    return deadly


def start_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go on as a process that has swept nothing yet."""
    monkeypatch.setattr(heartbeats, "_kept", threading.local())


def test_timer_that_ends_its_process_is_put_aside(killer, monkeypatch):
    (sick, manager), well = managed_case(), make_case()
    timer = Timer.objects.get(case=sick, rung="warn_75")
    killer.add(timer.pk)
    pass_time(hours=25)
    for attempt in range(1, MOST_LOST + 1):
        start_anew(monkeypatch)
        with pytest.raises(Ended):
            sweep()
        timer.refresh_from_db()
        assert (timer.attempts, timer.status) == (attempt, TimerStatus.ARMED)

    start_anew(monkeypatch)
    assert sweep().errors == 0

    timer.refresh_from_db()
    assert (timer.status, timer.last_error) == (TimerStatus.QUARANTINED, LOST_PROCESS)
    assert fired(sick) == ["warn_50", "breach"]
    assert fired(well) == ["warn_50", "warn_75", "breach"]
    assert Notification.objects.filter(user=manager, kind="timer_quarantined").count() == 1
    left = Timer.objects.filter(case__in=[sick, well], attempts__gt=0).exclude(pk=timer.pk)
    assert not left.exists()


def test_lost_processes_are_no_errors_of_the_timer(poison, monkeypatch):
    """Whoever kills processes spends none of the tries that an error has."""
    case, _manager = managed_case()
    timer = Timer.objects.get(case=case, rung="warn_75")
    Timer.objects.filter(pk=timer.pk).update(attempts=7, lost=7, last_error=LOST_PROCESS)
    poison.add(timer.pk)
    pass_time(hours=25)
    for errors in range(1, MOST_ATTEMPTS):
        start_anew(monkeypatch)
        assert sweep().errors == 1
        timer.refresh_from_db()
        assert (timer.attempts - timer.lost, timer.lost) == (errors, 7)
        assert timer.status == TimerStatus.ARMED
        pass_time(minutes=1)
    assert sweep().errors == 1
    timer.refresh_from_db()
    assert timer.status == TimerStatus.QUARANTINED


def is_claimed(connection: Any, case: Case) -> bool:
    """Say whether a sweep holds the case; if none does, the asking connection now holds it."""
    with connection.cursor() as cursor:
        name = [f"sweep:{case.pk}"]
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name)
        return cursor.fetchone() == (False,)


def test_a_try_that_is_being_made_is_not_taken_for_one_that_was_lost(monkeypatch):
    case, manager = managed_case()
    pass_time(hours=30)
    start_anew(monkeypatch)
    elsewhere, mark_tried = connection.copy(), sweeping.mark_tried

    def mark_and_be_overtaken(timers: list[Timer]) -> list[Timer]:
        tried = mark_tried(timers)
        assert is_claimed(elsewhere, case)
        return tried

    monkeypatch.setattr(sweeping, "mark_tried", mark_and_be_overtaken)
    try:
        assert sweep().fired > 3
        assert not is_claimed(elsewhere, case)
    finally:
        elsewhere.close()
    mails = OutboxMessage.objects.filter(case=case, recipient=f"user:{manager.pk}")
    assert mails.count() == 1


def test_a_case_that_another_sweep_has_claimed_is_passed_by(monkeypatch):
    case, _manager = managed_case()
    pass_time(hours=30)
    elsewhere = connection.copy()
    try:
        assert not is_claimed(elsewhere, case)
        start_anew(monkeypatch)
        assert sweep().fired == 0
    finally:
        elsewhere.close()
    start_anew(monkeypatch)
    assert sweep().fired > 3


def put_aside(case: Case, rung: str = "warn_50") -> Timer:
    """A timer that was put aside, as if it had raised five times."""
    timer = Timer.objects.get(case=case, rung=rung)
    Timer.objects.filter(pk=timer.pk).update(
        status=TimerStatus.QUARANTINED, attempts=MOST_ATTEMPTS, last_error="ZeroDivisionError"
    )
    return timer


def test_manager_lets_it_be_tried_again_and_that_is_recorded(client: Client):
    case, manager = managed_case()
    timer = put_aside(case)
    pass_time(hours=13)
    assert sweep().fired == 0
    client.force_login(manager)
    page = client.get(PAGE).content.decode()
    assert case.reference in page
    assert "ZeroDivisionError" in page

    answer = client.post(f"{PAGE}timers/{timer.pk}/rearm/", follow=True)

    assert "已重新启用" in answer.content.decode()
    assert sweep().fired == 1
    event = CaseEvent.objects.get(case=case, kind="timer_rearmed")
    assert (event.actor, event.data["timer"]) == (manager, timer.pk)
    assert case.reference not in client.get(PAGE).content.decode()


def test_second_click_changes_nothing():
    case, manager = managed_case()
    timer = put_aside(case)
    rearm_timer(timer.pk, by=Actor.staff(manager))
    with pytest.raises(CaseError, match="已经重新启用"):
        rearm_timer(timer.pk, by=Actor.staff(manager))
    with pytest.raises(CaseError, match="没有这个提醒"):
        rearm_timer(0, by=Actor.staff(manager))
    assert CaseEvent.objects.filter(kind="timer_rearmed").count() == 1


def test_warning_of_a_stopped_clock_is_cancelled_instead():
    case, manager = managed_case()
    timer, breach = put_aside(case), put_aside(case, "breach")
    pass_time(hours=25)
    take(case, "accept")
    statuses = [rearm_timer(each.pk, by=Actor.staff(manager)).status for each in (timer, breach)]
    assert statuses == [TimerStatus.CANCELLED, TimerStatus.ARMED]


def test_breach_put_aside_is_not_armed_a_second_time_by_a_return():
    case, manager = managed_case()
    breach = put_aside(case, "breach")
    pass_time(hours=25)
    take(take(case, "withdraw"), "reopen")

    assert list(breach.clock.timers.filter(rung="breach")) == [breach]
    assert rearm_timer(breach.pk, by=Actor.staff(manager)).status == TimerStatus.ARMED
    sweep()
    assert fired(case).count("breach") == 1


def test_only_managers_and_administrators_look_after_the_clocks(client: Client):
    timer = put_aside(make_case())
    agent = make_user(Role.AGENT)
    with pytest.raises(StepForbidden):
        rearm_timer(timer.pk, by=Actor.staff(agent))
    client.force_login(agent)
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}timers/{timer.pk}/rearm/").status_code == 403
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert client.get(PAGE).status_code == 200
