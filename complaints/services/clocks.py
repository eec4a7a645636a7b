"""Starting, pausing, resuming and stopping clocks. The caller holds the Case's lock.

The Case's own next due moment is derived by `refresh_next_due`; whoever called saves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from complaints.actors import Actor
from complaints.clock_arithmetic import (
    LedgerEntry,
    WorkingCalendar,
    due_moment,
    rung_moments,
)
from complaints.models import Case, Clock, ClockEntry, ClockPolicy, Timer
from complaints.moments import now
from complaints.selectors.policies import (
    budget_of,
    calendar_at,
    calendar_for,
    ladder_of,
    policy_for,
)
from complaints.selectors.rules_now import changed_rules
from complaints.services.together import insert_together
from complaints.states import NOBODYS_FAULT, ClockState, LedgerAction, Rung, TimerStatus


def plan_clock(
    case: Case,
    kind: str,
    *,
    at: datetime | None = None,
    subject: str = "",
    until: datetime | None = None,
    policy: ClockPolicy | None = None,
) -> Clock:
    """Return an unsaved clock of a Case under the policy in force, with its due moment worked out.

    `until` is a moment agreed in the case (an offer's end, an obligation's date); it goes before
    the policy's amount, and a policy whose unit is FIXED needs one. `policy` is named only where
    several of a kind run side by side.
    """
    start = at or now()
    policy = policy or policy_for(case, kind, start=start)
    calendar = calendar_for(policy, team_id=case.team_id)
    ledger = [LedgerEntry(LedgerAction.START, start)]
    return Clock(
        case=case,
        kind=kind,
        subject=subject,
        policy=policy,
        calendar_version=calendar.version,
        fixed_due_at=until,
        started_at=start,
        due_at=due_moment(budget_of(policy, until=until), ledger, calendar),
    )


def open_clocks(
    planned: Sequence[Clock],
    *,
    by: Actor,
    cause: str,
    arm_from: datetime | None = None,
    beside: Iterable[Model] = (),
) -> None:
    """Save planned clocks of saved Cases with the start of their ledgers, and arm their rungs.

    Rungs that lie before `arm_from` are not armed: imported history tells nobody. Rows `beside`
    are saved in the same statement.
    """
    clocks = Clock.objects.bulk_create(planned)
    entries = _entries(clocks, LedgerAction.START, at=None, by=by, cause=cause)
    timers = [timer for clock in clocks for timer in _timers(clock, not_before=arm_from)]
    insert_together([*entries, *timers, *beside])


def start_clock(
    case: Case,
    kind: str,
    *,
    by: Actor,
    cause: str,
    subject: str = "",
    until: datetime | None = None,
    policy: ClockPolicy | None = None,
) -> Clock:
    """Start one clock now; see `plan_clock`."""
    clock = plan_clock(case, kind, subject=subject, until=until, policy=policy)
    open_clocks([clock], by=by, cause=cause)
    return clock


def ledger_of(clock: Clock) -> list[LedgerEntry]:
    """Return a saved clock's ledger as the arithmetic takes it."""
    lines = clock.ledger.order_by("id").values_list("action", "at")
    return [LedgerEntry(action, moment) for action, moment in lines]


def _timers(
    clock: Clock,
    *,
    ledger: Sequence[LedgerEntry] = (),
    fired: frozenset[str] = frozenset(),
    not_before: datetime | None = None,
) -> list[Timer]:
    moments = rung_moments(
        ladder_of(clock.policy),
        budget=budget_of(clock.policy, until=clock.fixed_due_at),
        ledger=ledger or [LedgerEntry(LedgerAction.START, clock.started_at)],
        calendar=calendar_at(clock.calendar_version),
    )
    armed_at = now()
    return [
        Timer(
            clock=clock,
            case_id=clock.case_id,
            generation=clock.generation,
            rung=rung,
            due_at=moment,
            armed_at=armed_at,
        )
        for rung, moment in moments
        if rung not in fired and (not_before is None or moment >= not_before)
    ]


def stop_clocks(case: Case, clocks: Iterable[Clock], *, by: Actor, cause: str) -> None:
    """Stop clocks for good and cancel what they had armed."""
    at, stopping = now(), list(clocks)
    if not stopping:
        return
    for clock in stopping:
        clock.state, clock.stopped_at, clock.stop_cause = ClockState.STOPPED, at, cause
    Clock.objects.bulk_update(stopping, ["state", "stopped_at", "stop_cause"])
    _write_all(stopping, LedgerAction.STOP, at=at, by=by, cause=cause)
    _cancel_timers(stopping, at=at)


def pause_clocks(
    case: Case,
    clocks: Iterable[Clock],
    *,
    by: Actor,
    cause: str,
    depth: int | None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Rest running clocks; what they have used is kept by the ledger.

    `depth` tells which step aside rested them, so that the step back finds them again; a person's
    pause has none. `detail` goes to the ledger: codes, ids and moments only. A clock that is late
    keeps the moment that it missed.
    """
    at, pausing = now(), [clock for clock in clocks if clock.state == ClockState.RUNNING]
    if not pausing:
        return
    for clock in pausing:
        if clock.late_at is None and clock.due_at is not None and clock.due_at < at:
            clock.late_at = clock.due_at
        clock.state, clock.due_at, clock.pause_depth = ClockState.PAUSED, None, depth
    Clock.objects.bulk_update(pausing, ["state", "due_at", "pause_depth", "late_at"])
    _write_all(pausing, LedgerAction.PAUSE, at=at, by=by, cause=cause, detail=detail)
    _cancel_timers(pausing, at=at)


def resume_clocks(
    case: Case, clocks: Iterable[Clock], *, by: Actor, cause: str, at: datetime | None = None
) -> None:
    """Let paused clocks run on, from now or from the moment `at` at which the rest was over.

    A rung that fired before does not fire again. Rules that were published meanwhile count from
    here on, unless the clock would be late by them.
    """
    at = at or now()
    for clock in clocks:
        if clock.state != ClockState.PAUSED:
            continue
        _write_all([clock], LedgerAction.RESUME, at=at, by=by, cause=cause)
        ledger = ledger_of(clock)
        budget = budget_of(clock.policy, until=clock.fixed_due_at)
        clock.due_at = due_moment(budget, ledger, calendar_at(clock.calendar_version))
        clock.state, clock.generation = ClockState.RUNNING, clock.generation + 1
        clock.pause_depth = None
        clock.save(update_fields=["due_at", "state", "generation", "pause_depth"])
        rearm(clock, ledger)
        _catch_up(case, clock, by=by)


def _catch_up(case: Case, clock: Clock, *, by: Actor) -> None:
    """Put a clock that runs on under the rules that were published while it rested."""
    rules = changed_rules(case, clock)
    if rules is None:
        return
    policy, calendar = rules
    budget = budget_of(policy, until=clock.fixed_due_at)
    if (
        policy.pk == clock.policy_id
        and due_moment(budget, ledger_of(clock), calendar) == clock.due_at
    ):
        return
    recalculate_clock(
        clock, policy=policy, calendar=calendar, by=by, cause="rules_changed_meanwhile"
    )


def rearm(clock: Clock, ledger: Sequence[LedgerEntry]) -> None:
    """Arm the rungs of a clock's new generation; what fired or is owed stays as it is.

    Our own breach that was put aside is owed too: a second one is not armed beside it.
    """
    kept = Q(status__in=(TimerStatus.FIRED, TimerStatus.ARMED))
    if clock.kind not in NOBODYS_FAULT:
        kept |= Q(status=TimerStatus.QUARANTINED, rung=Rung.BREACH)
    held = clock.timers.filter(kept).values_list("rung", flat=True)
    Timer.objects.bulk_create(_timers(clock, ledger=ledger, fired=frozenset(held)))


def recalculate_clock(
    clock: Clock, *, policy: ClockPolicy, calendar: WorkingCalendar, by: Actor, cause: str
) -> bool:
    """Put a running clock of a locked Case under another policy or calendar; say if it was done.

    A clock that is due already, or would be due in the past, stays as it is: what was late stays
    late, and nobody becomes late by a change of rules.
    """
    at, ledger = now(), ledger_of(clock)
    due = due_moment(budget_of(policy, until=clock.fixed_due_at), ledger, calendar)
    if clock.due_at is None or due is None or min(clock.due_at, due) <= at:
        return False
    clock.policy, clock.calendar_version, clock.due_at = policy, calendar.version, due
    clock.generation += 1
    clock.save(update_fields=["policy", "calendar_version", "due_at", "generation"])
    _write_all([clock], LedgerAction.RECALCULATE, at=at, by=by, cause=cause)
    _cancel_timers([clock], at=at)
    rearm(clock, ledger)
    return True


def _write_all(
    clocks: list[Clock],
    action: str,
    *,
    at: datetime | None,
    by: Actor,
    cause: str,
    detail: dict[str, Any] | None = None,
) -> None:
    entries = _entries(clocks, action, at=at, by=by, cause=cause, detail=detail)
    ClockEntry.objects.bulk_create(entries)


def _entries(
    clocks: list[Clock],
    action: str,
    *,
    at: datetime | None,
    by: Actor,
    cause: str,
    detail: dict[str, Any] | None = None,
) -> list[ClockEntry]:
    return [
        ClockEntry(
            clock=clock,
            action=action,
            at=at or clock.started_at,
            cause=cause,
            detail=detail or {},
            actor=by.user,
            policy_id=clock.policy_id,
            calendar_version=clock.calendar_version,
        )
        for clock in clocks
    ]


def _cancel_timers(clocks: list[Clock], *, at: datetime) -> None:
    """Cancel what is armed, but never our own breach that has come: late is late, swept or not."""
    ours = [clock.pk for clock in clocks if clock.kind not in NOBODYS_FAULT]
    armed = Timer.objects.filter(clock__in=clocks, status=TimerStatus.ARMED)
    armed.exclude(clock__in=ours, rung=Rung.BREACH, due_at__lte=at).update(
        status=TimerStatus.CANCELLED
    )


def refresh_next_due(case: Case) -> None:
    """Set the Case's next due moment from its running clocks (not saved)."""
    clocks = Clock.objects.filter(case=case, state=ClockState.RUNNING).order_by("due_at", "id")
    first = clocks.values_list("due_at", "kind").first()
    case.next_due_at, case.next_due_kind = first or (None, "")
    case.is_late = case.next_due_at is not None and case.next_due_at < now()


def live_clocks(case: Case) -> list[Clock]:
    """Return the clocks of a locked Case that are not stopped."""
    return list(
        Clock.objects.filter(case=case).exclude(state=ClockState.STOPPED).select_related("policy")
    )
