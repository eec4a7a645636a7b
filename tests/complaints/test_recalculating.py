"""New rules reach every open case: one that raises stands in nobody's way, and nothing is lost."""

from __future__ import annotations

import logging
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.states import Role
from complaints.actors import Actor
from complaints.management.commands.sweep_clocks import Command
from complaints.models import BusinessCalendar, Case, Clock, Timer
from complaints.moments import now, shift_to
from complaints.selectors.due_timers import longest_waiting
from complaints.selectors.policies import working_calendar
from complaints.services import recalculating
from complaints.services.calendars import put_calendar
from complaints.services.policies import put_in_force, save_draft
from complaints.services.quarantine import rearm_timer
from complaints.services.recalculating import recalculate_some, repair_recent
from complaints.states import TimerStatus
from complaints.tasks import recalculate_clocks
from tests.complaints.walking import ANYONE, take
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
CAUSE = "policy_published"


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)


@pytest.fixture
def cases(monkeypatch) -> list[Case]:
    """Three cases that wait for new rules; the first raises."""
    made = [make_case() for _number in range(3)]
    manager = staff(Role.MANAGER)
    values = {"amount": Decimal(12), "effective_from": now().date() - timedelta(days=1)}
    put_in_force(save_draft("acknowledgement", "acknowledgement", values, by=manager), by=manager)
    recalculate = recalculating.recalculate_clock

    def refuse(clock: Clock, **how) -> bool:
        if clock.case_id == made[0].pk:
            raise ZeroDivisionError("poison")
        return recalculate(clock, **how)

    monkeypatch.setattr(recalculating, "recalculate_clock", refuse)
    return made


def amounts(cases: list[Case]) -> list[int]:
    found = Clock.objects.filter(case__in=cases).order_by("case_id")
    return [int(amount) for amount in found.values_list("policy__amount", flat=True)]


def test_case_that_raises_is_passed_by(cases):
    run = recalculate_some(by=ANYONE, cause=CAUSE, most=None)
    assert (run.moved, run.failed, run.go_on_after) == (2, 1, None)
    assert amounts(cases) == [24, 12, 12]


def test_case_whose_rules_cannot_be_read_is_passed_by(cases, monkeypatch):
    change = recalculating._change

    def refuse(clock: Clock, *rest):
        if clock.case_id == cases[1].pk:
            raise LookupError("no policy")
        return change(clock, *rest)

    monkeypatch.setattr(recalculating, "_change", refuse)
    assert recalculate_some(by=ANYONE, cause=CAUSE, most=None).failed == 2
    assert amounts(cases) == [24, 24, 12]


def test_worker_goes_on_until_no_case_is_left(cases, monkeypatch):
    monkeypatch.setattr(recalculating, "MOST_CASES", 1)
    monkeypatch.setattr("complaints.tasks.MOST_CASES", 1)
    asked: list[dict] = []
    monkeypatch.setattr("complaints.tasks.recalculate_soon", lambda **task: asked.append(task))
    assert recalculate_clocks(kinds=None, cause=CAUSE) == 1
    assert asked[0]["after"] == cases[1].pk
    assert recalculate_clocks(kinds=None, cause=CAUSE, after=asked[0]["after"]) == 1
    assert len(asked) == 1
    assert amounts(cases) == [24, 12, 12]


def test_repair_is_not_held_up_by_cases_that_raise(cases, monkeypatch):
    monkeypatch.setattr(recalculating, "MOST_CASES", 1)
    assert [repair_recent(by=ANYONE) for _try in range(3)] == [1, 1, 0]
    assert amounts(cases) == [24, 12, 12]


def test_loop_outlives_a_repair_that_raises(monkeypatch):
    def refuse(**_how) -> int:
        raise ZeroDivisionError("poison")

    monkeypatch.setattr("complaints.management.commands.sweep_clocks.repair_recent", refuse)
    command = Command()
    command.repair()
    assert command.repaired_at > 0


def test_return_to_an_earlier_wording_is_a_change():
    earlier = working_calendar().as_data()
    other = {**earlier, "zone": "Asia/Tokyo"}
    put_calendar("default", other, by=ANYONE)
    shift_to(now() + recalculating.RECENT + timedelta(minutes=1))
    put_calendar("default", earlier, by=ANYONE)
    row = BusinessCalendar.objects.get(key="default")
    assert now() - row.changed_at < timedelta(minutes=1)
    assert row.current.created_at < now() - recalculating.RECENT


def test_giving_a_calendar_to_a_team_is_a_change():
    data, team = working_calendar().as_data(), make_team()
    manager = Actor.staff(make_user(Role.MANAGER))
    put_calendar("plant", data, by=manager)
    BusinessCalendar.objects.update(changed_at=None)
    put_calendar("plant", data, by=manager, teams=[team])
    assert BusinessCalendar.objects.get(key="plant").changed_at is not None
    BusinessCalendar.objects.update(changed_at=None)
    put_calendar("plant", data, by=manager, teams=[team])
    assert BusinessCalendar.objects.get(key="plant").changed_at is None


def test_timer_armed_in_the_past_waits_since_it_was_armed():
    case = make_case()
    shift_to(case.received_at + timedelta(hours=11))
    take(case, "withdraw")
    shift_to(now() + timedelta(days=3))
    take(Case.objects.get(pk=case.pk), "reopen")
    assert longest_waiting(now()) is None
    timer = Timer.objects.filter(case=case, status=TimerStatus.ARMED).earliest("due_at")
    Timer.objects.filter(pk=timer.pk).update(due_at=now() - timedelta(days=2))
    assert now() - longest_waiting(now()) < timedelta(seconds=30)
    Timer.objects.filter(pk=timer.pk).update(armed_at=None)
    assert now() - longest_waiting(now()) > timedelta(days=1)


def test_timer_that_a_person_rearms_waits_since_then():
    case = make_case()
    timer = Timer.objects.get(case=case, rung="breach")
    Timer.objects.exclude(pk=timer.pk).update(status=TimerStatus.CANCELLED)
    Timer.objects.filter(pk=timer.pk).update(status=TimerStatus.QUARANTINED)
    shift_to(now() + timedelta(days=3))
    rearm_timer(timer.pk, by=Actor.staff(make_user(Role.MANAGER)))
    assert now() - longest_waiting(now()) < timedelta(seconds=30)
