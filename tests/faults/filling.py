"""Many cases with timers at chosen moments, written in bulk as intake would leave them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.states import Role
from complaints import sealing
from complaints.models import Case, Clock, ClockEntry, Consumer, Timer
from complaints.moments import now
from complaints.selectors.policies import policy_in_force, working_calendar
from complaints.states import Channel, ClockKind, LedgerAction, Severity, Stage
from tests.factories import make_team, make_user

Rungs = list[tuple[str, datetime]]
LADDER = ("warn_50", "warn_75", "breach", "escalation_1", "escalation_2")


@dataclass(frozen=True)
class People:
    """Who owns the cases, and who manages their team."""

    agent: User
    manager: User


def make_people() -> People:
    """Make an agent in a team, and its manager."""
    manager = make_user(Role.MANAGER)
    return People(make_user(Role.AGENT, team=make_team(manager=manager)), manager)


def ladder(first: datetime, step: timedelta) -> Rungs:
    """Give all five rungs, one after the other."""
    return [(rung, first + number * step) for number, rung in enumerate(LADDER)]


def make_cases(count: int, rungs: Callable[[int], Rungs], *, people: People) -> list[int]:
    """Make open cases, each with one clock whose timers stand where `rungs` says; give their ids.

    The clock is due at its breach, or at its last rung if it has none.
    """
    moment, calendar = now(), working_calendar()
    policy = policy_in_force(ClockKind.ACKNOWLEDGEMENT, on=calendar.local_date(moment))
    key = sealing.new_person_key()
    sealed = sealing.seal(key, {"name": "周小华", "phone": "", "email": "zhou@example.test"})
    planned = [rungs(number) for number in range(count)]
    with transaction.atomic():
        consumers = Consumer.objects.bulk_create(
            Consumer(key_sealed=key, contact_sealed=sealed, created_at=moment) for _ in planned
        )
        cases = Case.objects.bulk_create(
            _case(consumer, people, moment, due=_due(steps))
            for consumer, steps in zip(consumers, planned, strict=True)
        )
        clocks = Clock.objects.bulk_create(
            Clock(
                case=case,
                kind=ClockKind.ACKNOWLEDGEMENT,
                policy=policy,
                calendar_version=calendar.version,
                started_at=case.received_at,
                due_at=case.next_due_at,
            )
            for case in cases
        )
        ClockEntry.objects.bulk_create(
            ClockEntry(
                clock=clock,
                action=LedgerAction.START,
                at=clock.started_at,
                cause="received",
                policy=policy,
                calendar_version=calendar.version,
            )
            for clock in clocks
        )
        Timer.objects.bulk_create(
            Timer(clock=clock, case_id=clock.case_id, generation=1, rung=rung, due_at=at)
            for clock, steps in zip(clocks, planned, strict=True)
            for rung, at in steps
        )
    return [case.pk for case in cases]


def _due(steps: Rungs) -> datetime:
    return dict(steps).get("breach", steps[-1][1])


def _case(consumer: Consumer, people: People, moment: datetime, *, due: datetime) -> Case:
    return Case(
        consumer=consumer,
        title="电热水壶底座冒烟",
        description="水壶底座冒出白烟并有焦糊味。",
        channel=Channel.WEB_FORM,
        stage=Stage.RECEIVED,
        severity=Severity.MINOR,
        owner=people.agent,
        team=people.agent.team,
        received_at=due - timedelta(hours=24),
        created_at=moment,
        stage_since=moment,
        next_due_at=due,
        next_due_kind=ClockKind.ACKNOWLEDGEMENT,
    )
