"""Putting open cases under new rules: who would be due when, and doing it.

What is late already stays late under the rules that it was late by, and no case becomes late by a
change of rules: such a clock keeps its old version, and the preview says so.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from complaints.actors import Actor
from complaints.clock_arithmetic import LedgerEntry, WorkingCalendar, due_moment
from complaints.models import CalendarVersion, Case, Clock, ClockPolicy
from complaints.moments import now
from complaints.selectors.policies import (
    budget_of,
    calendar_for,
    forget_policies,
    newest_fitting,
    policy_for,
    published_policies,
    working_calendar,
    working_calendar_named,
)
from complaints.services.clocks import recalculate_clock
from complaints.services.events import append_event
from complaints.services.stage_clocks import save_next_due
from complaints.states import EVENT_CLOCKS, ClockState

logger = logging.getLogger(__name__)
CHUNK = 500
RECENT = timedelta(minutes=10)
"""How long after a change of rules clocks are looked for that started under the old ones."""
MOST_CASES = 2000
"""How many cases one task puts under new rules before it makes way for others."""
RECALCULATION_TASK = "complaints.tasks.recalculate_clocks"


@dataclass(frozen=True)
class Change:
    """What new rules would do to one running clock."""

    clock: Clock
    policy: ClockPolicy
    calendar: WorkingCalendar
    due_at: datetime
    stays: bool
    """True where the new due moment has passed already, so that the old rules go on."""


@dataclass(frozen=True)
class Instead:
    """Rules that stand in for the published ones, to see what they would do."""

    policies: Sequence[ClockPolicy] | None = None
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)

    def calendar(self, policy: ClockPolicy, *, team_id: int | None) -> WorkingCalendar:
        """Return the calendar that a policy's clocks of a team would run by."""
        if policy.calendar is None and team_id is not None and team_id in self.teams:
            key = self.teams[team_id]
            return self.calendars[key] if key in self.calendars else working_calendar_named(key)
        calendar = calendar_for(policy, team_id=team_id)
        return self.calendars.get(calendar.key, calendar)


def changes(
    *,
    instead: Instead | None = None,
    case_id: int | None = None,
    kinds: Collection[str] | None = None,
) -> Iterator[Change]:
    """Yield every running clock in time that published rules, or others instead, would change."""
    moment = now()
    clocks = (
        Clock.objects.filter(state=ClockState.RUNNING, due_at__gt=moment)
        .select_related("policy__calendar", "case__consumer", "case__product")
        .prefetch_related("ledger")
        .order_by("pk")
    )
    if case_id is not None:
        clocks = clocks.filter(case_id=case_id)
    if kinds is not None:
        clocks = clocks.filter(kind__in=kinds)
    for clock in clocks.iterator(chunk_size=CHUNK):
        change = _change(clock, moment, instead or Instead())
        if change is not None:
            yield change


def _change(clock: Clock, moment: datetime, instead: Instead) -> Change | None:
    policy = _policy_now(clock, instead.policies)
    calendar = instead.calendar(policy, team_id=clock.case.team_id)
    if policy.pk == clock.policy_id and calendar.version == clock.calendar_version:
        return None
    lines = sorted(clock.ledger.all(), key=lambda line: line.pk)
    ledger = [LedgerEntry(line.action, line.at) for line in lines]
    due = due_moment(budget_of(policy, until=clock.fixed_due_at), ledger, calendar)
    if due is None or clock.due_at is None:
        return None
    if policy.pk == clock.policy_id and due == clock.due_at:
        return None
    return Change(clock, policy, calendar, due, stays=due <= moment)


def _policy_now(clock: Clock, among: Sequence[ClockPolicy] | None) -> ClockPolicy:
    if clock.kind not in EVENT_CLOCKS:
        return policy_for(clock.case, clock.kind, start=clock.started_at, among=among)
    calendar = working_calendar()
    found = newest_fitting(
        [p for p in (published_policies() if among is None else among) if p.code == clock.subject],
        clock.case,
        started_on=calendar.local_date(clock.started_at),
        received_on=calendar.local_date(clock.case.received_at),
    )
    return found[0] if found else clock.policy


def recalculate_open(
    *,
    by: Actor,
    cause: str,
    kinds: Collection[str] | None = None,
    most: int | None = None,
) -> int:
    """Put open cases' clocks under the published rules; return how many changed.

    Each case is a transaction of its own, so that nobody waits for all of them; a second run finds
    nothing to do. `kinds` narrows it to some clocks, `most` to so many cases.
    """
    forget_policies()
    moving = (change.clock.case_id for change in changes(kinds=kinds) if not change.stays)
    case_ids = sorted(set(moving if most is None else islice(moving, most)))
    return sum(recalculate_case(case_id, by=by, cause=cause, kinds=kinds) for case_id in case_ids)


def recalculate_soon(*, by: Actor, cause: str, kinds: Collection[str] | None = None) -> None:
    """Let a worker do the same once this is committed; without a broker, the beat does it."""
    task = {
        "kinds": None if kinds is None else sorted(kinds),
        "cause": cause,
        "user_id": by.user.pk if by.user else None,
    }
    transaction.on_commit(partial(_ask_a_worker, task))


def _ask_a_worker(task: Mapping[str, object]) -> None:
    try:
        current_app.send_task(RECALCULATION_TASK, kwargs=dict(task), retry=False)
    except OperationalError:
        logger.warning("broker_unreachable", extra={"task": RECALCULATION_TASK})


def repair_recent(*, by: Actor) -> int:
    """Put clocks right that were started under old rules just after new ones were published.

    A process may hold the old rules in memory for a minute. Returns how many clocks changed.
    """
    since = now() - RECENT
    if CalendarVersion.objects.filter(created_at__gte=since).exists():
        return recalculate_open(by=by, cause="calendar_published", most=MOST_CASES)
    published = ClockPolicy.objects.filter(published_at__gte=since)
    kinds = set(published.values_list("kind", flat=True))
    if not kinds:
        return 0
    return recalculate_open(by=by, cause="policy_published", kinds=kinds, most=MOST_CASES)


@transaction.atomic
def recalculate_case(
    case_id: int, *, by: Actor, cause: str, kinds: Collection[str] | None = None
) -> int:
    """Put one case's clocks under the published rules; return how many changed."""
    locked = Case.objects.select_for_update(of=("self",), no_key=True)
    case = locked.select_related("consumer", "product").get(pk=case_id)
    changed = 0
    for change in changes(case_id=case_id, kinds=kinds):
        before = change.clock.due_at
        done = recalculate_clock(
            change.clock, policy=change.policy, calendar=change.calendar, by=by, cause=cause
        )
        if done and before is not None:
            changed += 1
            append_event(
                case,
                "clock_recalculated",
                by=by,
                data={
                    "clock": change.clock.kind,
                    "cause": cause,
                    "before": before.isoformat(),
                    "due_at": change.due_at.isoformat(),
                },
            )
    if changed:
        save_next_due(case)
    return changed
