"""Putting open cases under new rules: who would be due when, and doing it.

What is late already stays late under the rules that it was late by, and no case becomes late by a
change of rules: such a clock keeps its old version, and the preview says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from complaints.actors import Actor
from complaints.clock_arithmetic import WorkingCalendar, due_moment
from complaints.models import Case, Clock, ClockPolicy
from complaints.moments import now
from complaints.selectors.policies import (
    budget_of,
    calendar_for,
    forget_policies,
    newest_fitting,
    policy_for,
    published_policies,
    working_calendar,
)
from complaints.services.clocks import ledger_of, recalculate_clock
from complaints.services.events import append_event
from complaints.services.stage_clocks import save_next_due
from complaints.states import EVENT_CLOCKS, ClockState

CHUNK = 500


@dataclass(frozen=True)
class Change:
    """What new rules would do to one running clock."""

    clock: Clock
    policy: ClockPolicy
    calendar: WorkingCalendar
    due_at: datetime
    stays: bool
    """True where the new due moment has passed already, so that the old rules go on."""


def changes(
    *,
    among: Sequence[ClockPolicy] | None = None,
    calendars: Mapping[str, WorkingCalendar] | None = None,
    case_id: int | None = None,
) -> Iterator[Change]:
    """Yield every running clock in time that published rules, or these instead, would change."""
    moment = now()
    clocks = (
        Clock.objects.filter(state=ClockState.RUNNING, due_at__gt=moment)
        .select_related("policy__calendar", "case__consumer", "case__product")
        .prefetch_related("ledger")
        .order_by("pk")
    )
    if case_id is not None:
        clocks = clocks.filter(case_id=case_id)
    for clock in clocks.iterator(chunk_size=CHUNK):
        change = _change(clock, moment, among=among, calendars=calendars or {})
        if change is not None:
            yield change


def _change(
    clock: Clock,
    moment: datetime,
    *,
    among: Sequence[ClockPolicy] | None,
    calendars: Mapping[str, WorkingCalendar],
) -> Change | None:
    policy = _policy_now(clock, among)
    calendar = calendar_for(policy, team_id=clock.case.team_id)
    calendar = calendars.get(calendar.key, calendar)
    if policy.pk == clock.policy_id and calendar.version == clock.calendar_version:
        return None
    due = due_moment(budget_of(policy, until=clock.fixed_due_at), ledger_of(clock), calendar)
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


def recalculate_open(*, by: Actor, cause: str) -> int:
    """Put every open case's clocks under the published rules; return how many changed.

    Each case is a transaction of its own, so that nobody waits for all of them; a second run finds
    nothing to do.
    """
    forget_policies()
    case_ids = sorted({change.clock.case_id for change in changes() if not change.stays})
    return sum(recalculate_case(case_id, by=by, cause=cause) for case_id in case_ids)


@transaction.atomic
def recalculate_case(case_id: int, *, by: Actor, cause: str) -> int:
    """Put one case's clocks under the published rules; return how many changed."""
    locked = Case.objects.select_for_update(of=("self",), no_key=True)
    case = locked.select_related("consumer", "product").get(pk=case_id)
    changed = 0
    for change in changes(case_id=case_id):
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
