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

from celery import current_app
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from complaints.actors import Actor
from complaints.clock_arithmetic import LedgerEntry, WorkingCalendar, due_moment
from complaints.models import BusinessCalendar, Case, Clock, ClockPolicy
from complaints.moments import now
from complaints.selectors.policies import (
    budget_of,
    calendar_for,
    forget_policies,
    working_calendar_named,
)
from complaints.selectors.rules_now import policy_now
from complaints.services.clocks import recalculate_clock
from complaints.services.events import append_event
from complaints.services.stage_clocks import save_next_due
from complaints.states import ClockState

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

    def rules(self, clock: Clock) -> tuple[ClockPolicy, WorkingCalendar]:
        """Return what a clock would run by."""
        policy = policy_now(clock.case, clock, among=self.policies)
        return policy, self.calendar(policy, team_id=clock.case.team_id)


def changes(
    *,
    instead: Instead | None = None,
    case_id: int | None = None,
    kinds: Collection[str] | None = None,
) -> Iterator[Change]:
    """Yield every running clock in time that published rules, or others instead, would change."""
    moment = now()
    clocks = _in_time(moment, kinds).order_by("pk")
    if case_id is not None:
        clocks = clocks.filter(case_id=case_id)
    for clock in clocks.iterator(chunk_size=CHUNK):
        change = _change(clock, moment, instead or Instead())
        if change is not None:
            yield change


def resting(*, instead: Instead, kinds: Collection[str] | None = None) -> int:
    """Return how many paused clocks would run on under other rules than they rested by."""
    clocks = Clock.objects.filter(state=ClockState.PAUSED).select_related(
        "policy__calendar", "case__consumer", "case__product"
    )
    if kinds is not None:
        clocks = clocks.filter(kind__in=kinds)
    count = 0
    for clock in clocks.iterator(chunk_size=CHUNK):
        policy, calendar = instead.rules(clock)
        held = clock.policy_id, clock.calendar_version
        count += (policy.pk, calendar.version) != held
    return count


def _in_time(moment: datetime, kinds: Collection[str] | None) -> QuerySet[Clock]:
    clocks = Clock.objects.filter(state=ClockState.RUNNING, due_at__gt=moment)
    if kinds is not None:
        clocks = clocks.filter(kind__in=kinds)
    with_case = clocks.select_related("policy__calendar", "case__consumer", "case__product")
    return with_case.prefetch_related("ledger")


def _change(clock: Clock, moment: datetime, instead: Instead) -> Change | None:
    policy, calendar = instead.rules(clock)
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


@dataclass
class Recalculation:
    """What a run has done: clocks moved, cases that raised, and where the next run goes on."""

    moved: int = 0
    failed: int = 0
    go_on_after: int | None = None


def recalculate_open(*, by: Actor, cause: str, kinds: Collection[str] | None = None) -> int:
    """Put open cases' clocks under the published rules; return how many changed.

    Each case is a transaction of its own, so that nobody waits for all of them; a case that raises
    is logged and left as it is. A second run finds nothing to do. `kinds` narrows it to some
    clocks.
    """
    return recalculate_some(by=by, cause=cause, kinds=kinds, most=None).moved


def recalculate_some(
    *,
    by: Actor,
    cause: str,
    most: int | None,
    kinds: Collection[str] | None = None,
    after: int = 0,
) -> Recalculation:
    """Do the same for `most` cases whose id is higher than `after`, in the order of their ids.

    Cases that raise count for nothing, so that they never stand in the way of later ones.
    """
    forget_policies()
    run, done, last = Recalculation(), 0, after
    for case_id in _moving_cases(run, kinds=kinds, after=after):
        if most is not None and done >= most:
            run.go_on_after = last
            break
        try:
            run.moved += recalculate_case(case_id, by=by, cause=cause, kinds=kinds)
        except Exception as error:
            _pass_by(run, case_id, error)
        else:
            done += 1
        last = case_id
    return run


def _moving_cases(
    run: Recalculation, *, kinds: Collection[str] | None, after: int
) -> Iterator[int]:
    """Yield each case of which a clock would move, once, in the order of their ids."""
    moment, last = now(), after
    clocks = _in_time(moment, kinds).filter(case_id__gt=after).order_by("case_id", "pk")
    for clock in clocks.iterator(chunk_size=CHUNK):
        try:
            change = _change(clock, moment, Instead())
        except Exception as error:
            _pass_by(run, clock.case_id, error)
            continue
        if change is not None and not change.stays and clock.case_id != last:
            last = clock.case_id
            yield last


def _pass_by(run: Recalculation, case_id: int, error: Exception) -> None:
    """Leave one case as it is; a lost database is lost for all."""
    if isinstance(error, DatabaseError | InterfaceError) and not connection.is_usable():
        raise error
    run.failed += 1
    logger.error("recalculation_failed", exc_info=error, extra={"case": case_id})


def recalculate_soon(
    *, by: Actor, cause: str, kinds: Collection[str] | None = None, after: int = 0
) -> None:
    """Let a worker do the same once this is committed; without a broker, the beat does it."""
    task = {
        "kinds": None if kinds is None else sorted(kinds),
        "cause": cause,
        "user_id": by.user.pk if by.user else None,
        "after": after,
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
    if BusinessCalendar.objects.filter(changed_at__gte=since).exists():
        return recalculate_some(by=by, cause="calendar_published", most=MOST_CASES).moved
    published = ClockPolicy.objects.filter(published_at__gte=since)
    kinds = set(published.values_list("kind", flat=True))
    if not kinds:
        return 0
    run = recalculate_some(by=by, cause="policy_published", kinds=kinds, most=MOST_CASES)
    return run.moved


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
