"""Timers that raise: tried again after a growing pause, then put aside for a person to see."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Timer
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.people import managers_of
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import NOBODYS_FAULT, ClockState, TimerStatus

logger = logging.getLogger(__name__)
BREACH = "breach"
MOST_ATTEMPTS = 5
MOST_LOST = 12
"""A timer during whose try a process ended may be innocent: somebody kills processes."""
LOST_PROCESS = "LostProcess"
"""What is kept of a try until its outcome is known."""


def mark_tried(timers: list[Timer]) -> list[Timer]:
    """Count a try before it is made, so that a timer that ends its process is counted too.

    Returns the timers to try, and puts aside those that may have ended a dozen processes. Where
    one of a case may have ended any, only the first is tried, so that each is blamed for itself.
    The caller holds the Case's lock, and commits before the try.
    """
    worn = [t for t in timers if t.last_error == LOST_PROCESS and t.lost >= MOST_LOST]
    for timer in worn:
        _put_aside(timer)
    left = [timer for timer in timers if timer not in worn]
    if any(timer.last_error == LOST_PROCESS for timer in left):
        left = left[:1]
    Timer.objects.filter(pk__in=[timer.pk for timer in left]).update(
        attempts=F("attempts") + 1, lost=F("lost") + 1, last_error=LOST_PROCESS
    )
    return left


def forget_tries(timers: list[Timer]) -> None:
    """Take the marks from timers that were carried out."""
    done = Timer.objects.filter(pk__in=[timer.pk for timer in timers], last_error=LOST_PROCESS)
    done.update(attempts=0, lost=0, last_error="")


def _put_aside(timer: Timer) -> None:
    Timer.objects.filter(pk=timer.pk).update(next_try_at=None, status=TimerStatus.QUARANTINED)
    logger.error("timer_ended_processes", extra={"timer": timer.pk, "quarantined": True})
    _tell_managers(timer)


def put_off(timer: Timer, error: Exception) -> None:
    """Try a timer again in 2, 4, 8, 16 seconds; at the fifth error put it aside and tell managers.

    The try is counted already (`mark_tried`); tries whose process was lost are no errors. The
    caller holds the Case's lock. The kind of the error is kept, never its text: that may hold what
    a consumer wrote.
    """
    lost = max(timer.lost - 1, 0)
    errors = timer.attempts - lost
    poisoned = errors >= MOST_ATTEMPTS
    Timer.objects.filter(pk=timer.pk).update(
        lost=lost,
        last_error=type(error).__name__,
        next_try_at=None if poisoned else now() + timedelta(seconds=2**errors),
        status=TimerStatus.QUARANTINED if poisoned else TimerStatus.ARMED,
    )
    logger.error("timer_failed", exc_info=error, extra={"timer": timer.pk, "quarantined": poisoned})
    if poisoned:
        _tell_managers(timer)


def _tell_managers(timer: Timer) -> None:
    """Record it in the case and tell its manager; what can't be recorded is told all the same."""
    case = Case.objects.select_related("team__manager").get(pk=timer.case_id)
    data = _data(timer)
    try:
        with transaction.atomic():
            touch(case, "timer_quarantined", by=Actor.system(), data=data)
    except DatabaseError:
        logger.exception("quarantine_not_recorded", extra={"timer": timer.pk})
    tell_staff(
        case,
        "timer_quarantined",
        users=managers_of(case),
        key=f"quarantine:{timer.pk}:{now():%Y%m%d%H%M%S}",
        data=data,
        by_mail=True,
    )


def _data(timer: Timer) -> dict[str, object]:
    return {"clock": timer.clock.kind, "rung": timer.rung, "timer": timer.pk}


def _is_owed(timer: Timer) -> bool:
    """Our breach stays one for ever; all else is of use only while its clock runs as it did."""
    clock = timer.clock
    as_before = clock.state == ClockState.RUNNING and clock.generation == timer.generation
    return as_before or (timer.rung == BREACH and clock.kind not in NOBODYS_FAULT)


@transaction.atomic
def rearm_timer(timer_id: int, *, by: Actor) -> Timer:
    """Let a timer that was put aside be tried again, from the next sweep on.

    A warning that has lost its meaning, because its clock stopped meanwhile, is cancelled instead.

    Raises StepForbidden for anybody but managers, CaseError when it is not put aside (any more).
    """
    if not has_permission(by, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("只有主管和管理员能重新启用提醒。"))
    timer = Timer.objects.select_related("case", "clock").filter(pk=timer_id).first()
    if timer is None:
        raise CaseError(_("没有这个提醒。"))
    case = locked_case(timer.case)
    aside = Timer.objects.filter(pk=timer_id, status=TimerStatus.QUARANTINED)
    status = TimerStatus.ARMED if _is_owed(timer) else TimerStatus.CANCELLED
    if not aside.update(status=status, attempts=0, lost=0, next_try_at=None, armed_at=now()):
        raise CaseError(_("这个提醒已经重新启用，不用再点。"))
    touch(case, "timer_rearmed", by=by, data=_data(timer))
    timer.refresh_from_db()
    return timer
