"""The clock of what the consumer promised: it runs beside ours, and its end blames nobody."""

from __future__ import annotations

from datetime import datetime

from agreements.models import Obligation
from agreements.states import AgreementStatus, Debtor, ObligationStatus
from complaints.actors import Actor
from complaints.models import Case
from complaints.services.clocks import live_clocks, start_clock
from complaints.services.stage_clocks import save_next_due, stop_kind
from complaints.states import ClockKind

KIND = ClockKind.CONSUMERS_DUTY


def start_consumers_clocks(case: Case, *, by: Actor, cause: str) -> Case:
    """Start a clock for each thing that the consumer still has to do; what runs already runs on.

    The caller holds the case's lock.
    """
    running = {clock.subject for clock in live_clocks(case) if clock.kind == KIND}
    pending = Obligation.objects.filter(
        agreement__case=case,
        agreement__status=AgreementStatus.SIGNED,
        debtor=Debtor.CONSUMER,
        status=ObligationStatus.PENDING,
    ).order_by("position")
    starting = [duty for duty in pending if duty.subject not in running]
    for duty in starting:
        start_clock(case, KIND, by=by, cause=cause, subject=duty.subject, until=duty.due_at)
    if starting:
        save_next_due(case)
    return case


def stop_consumers_clock(case: Case, duty: Obligation, *, by: Actor, cause: str) -> Case:
    """Stop the clock of one thing that the consumer had to do, if it runs."""
    return stop_kind(case, KIND, by=by, cause=cause, subject=duty.subject)


def restart_consumers_clock(
    case: Case, duty: Obligation, *, by: Actor, cause: str, until: datetime
) -> Case:
    """Let the clock of a duty run to another moment."""
    case = stop_consumers_clock(case, duty, by=by, cause=cause)
    if case.is_open:
        start_clock(case, KIND, by=by, cause=cause, subject=duty.subject, until=until)
        save_next_due(case)
    return case


def stop_all_consumers_clocks(case: Case, *, by: Actor, cause: str) -> Case:
    """Stop the clocks of everything that the consumer had to do under an agreement that ended."""
    for clock in live_clocks(case):
        if clock.kind == KIND:
            case = stop_kind(case, KIND, by=by, cause=cause, subject=clock.subject)
    return case
