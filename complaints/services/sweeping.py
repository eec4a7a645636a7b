"""Carrying out due timers: each rung has its effect exactly once, whoever sweeps and however often.

Due cases are found without a lock; then the Case is locked first and its timers are read again (the
other order deadlocks with a step that cancels them). Each timer runs in a savepoint of its own, so
that one that raises holds up nobody; after five tries it is put aside.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from complaints.actors import Actor
from complaints.models import Case, SweepHeartbeat, Timer
from complaints.moments import now
from complaints.services.accountability import item_told, open_item
from complaints.services.events import append_event
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.services.rung_effects import (
    blames_us,
    carry_out_effect,
    ends_pause,
    people_to_tell,
)
from complaints.states import CONSUMERS_TURN, ClockState, Rung, TimerStatus

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
EVENT_OF_RUNG = {
    Rung.WARN_HALF: "clock_warned",
    Rung.WARN_LATE: "clock_warned",
    Rung.BREACH: "clock_breached",
    Rung.ESCALATION_1: "clock_escalated",
    Rung.ESCALATION_2: "clock_escalated",
}


@dataclass
class SweepResult:
    """What one sweep did."""

    cases: int = 0
    fired: int = 0
    errors: int = 0


def sweep(*, limit: int = 500) -> SweepResult:
    """Carry out the timers that are due, case by case, the longest overdue first."""
    moment, result = now(), SweepResult()
    due = (
        Timer.objects.filter(status=TimerStatus.ARMED, due_at__lte=moment)
        .values("case_id")
        .annotate(first=Min("due_at"))
        .order_by("first")[:limit]
    )
    for case_id in [row["case_id"] for row in due]:
        _sweep_case(case_id, moment, result)
    SweepHeartbeat.objects.update_or_create(id=1, defaults={"swept_at": now()})
    return result


def _sweep_case(case_id: int, moment: datetime, result: SweepResult) -> None:
    with transaction.atomic():
        case = (
            Case.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .select_related("consumer", "owner", "team__manager")
            .filter(pk=case_id)
            .first()
        )
        if case is None:
            return
        timers = list(
            Timer.objects.filter(case=case, status=TimerStatus.ARMED, due_at__lte=moment)
            .select_related("clock__policy")
            .order_by("due_at", "id")
        )
        for timer in timers:
            _try(case, timer, loud=timer is timers[-1], result=result)
        result.cases += bool(timers)


def _try(case: Case, timer: Timer, *, loud: bool, result: SweepResult) -> None:
    before = (case.event_count, case.last_event_hash, case.version, case.is_late)
    try:
        with transaction.atomic():
            fire(case, timer, loud=loud)
        result.fired += 1
    except Exception as error:
        # A poisoned timer may raise anything; the sweep must outlive it and say so.
        case.event_count, case.last_event_hash, case.version, case.is_late = before
        attempts = timer.attempts + 1
        poisoned = attempts >= MOST_ATTEMPTS
        Timer.objects.filter(pk=timer.pk).update(
            attempts=attempts,
            last_error=type(error).__name__,
            status=TimerStatus.QUARANTINED if poisoned else TimerStatus.ARMED,
        )
        logger.exception("timer_failed", extra={"timer": timer.pk, "quarantined": poisoned})
        result.errors += 1


def fire(case: Case, timer: Timer, *, loud: bool) -> None:
    """Carry out one rung of a locked Case: status, event, and whom to tell (if `loud`).

    A breach counts, and opens its item, even if the clock was stopped before anybody swept.
    """
    moment, clock = now(), timer.clock
    timer.status, timer.fired_at = TimerStatus.FIRED, moment
    timer.save(update_fields=["status", "fired_at"])
    breached = timer.rung == Rung.BREACH
    event = append_event(
        case,
        "pause_ended" if ends_pause(timer) else EVENT_OF_RUNG[Rung(timer.rung)],
        by=Actor.system(),
        timer=timer,
        for_consumer=breached and blames_us(clock),
        data={
            "clock": clock.kind,
            "rung": timer.rung,
            "due_at": clock.due_at.isoformat() if clock.due_at else None,
            "late_seconds": int(((clock.stopped_at or moment) - timer.due_at).total_seconds()),
        },
    )
    if breached and not ends_pause(timer):
        if clock.state == ClockState.RUNNING:
            Case.objects.filter(pk=case.pk).update(is_late=True)
            case.is_late = True
        if blames_us(clock):
            open_item(case, clock)
    carry_out_effect(case, timer)
    if loud and not ends_pause(timer):
        _tell(case, timer, event.pk)


def _tell(case: Case, timer: Timer, event_id: int) -> None:
    key = f"timer:{timer.pk}"
    data: dict[str, object] = {"clock": timer.clock.kind, "rung": timer.rung}
    if timer.clock.kind in CONSUMERS_TURN and timer.rung != Rung.BREACH:
        tell_consumer(case, "your_turn", key=key, data=data)
        return
    if timer.rung not in (Rung.WARN_HALF, Rung.WARN_LATE):
        data |= item_told(timer.clock)
    by_mail = timer.rung in (Rung.BREACH, Rung.ESCALATION_1, Rung.ESCALATION_2)
    kind = EVENT_OF_RUNG[Rung(timer.rung)]
    people = people_to_tell(case, clock=timer.clock, rung=timer.rung)
    tell_staff(case, kind, users=people, key=key, data=data, by_mail=by_mail)
