"""Pauses of clocks by people: what is known of those of a case, and a manager's list of all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.dateparse import parse_datetime

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case, Clock, ClockEntry
from complaints.states import NOBODYS_FAULT, ClockState, LedgerAction, PauseCause


@dataclass(frozen=True)
class PauseFacts:
    """What is known of a pause: why, until when, by whom, and if the consumer had just written."""

    cause: str
    until: datetime | None
    by: str
    after_reply: bool

    @property
    def awaits_consumer(self) -> bool:
        """Whether it is the consumer's turn until the clock runs on."""
        return self.cause == PauseCause.CONSUMERS_EVIDENCE


def with_pauses(clocks: QuerySet[Clock]) -> QuerySet[Clock]:
    """Return clocks with what `pause_of` needs, in the same statement."""
    last = ClockEntry.objects.filter(clock=OuterRef("pk"), action=LedgerAction.PAUSE)
    newest = last.order_by("-id")
    return clocks.annotate(
        pause_detail=Subquery(newest.values("detail")[:1]),
        pause_by=Subquery(newest.values("actor__display_name")[:1]),
    )


def pause_of(clock: Clock) -> PauseFacts | None:
    """Return the pause by a person that a clock of `with_pauses` is in; None for any other."""
    detail = getattr(clock, "pause_detail", None) or {}
    if clock.state != ClockState.PAUSED or clock.pause_depth is not None or "pause" not in detail:
        return None
    return PauseFacts(
        cause=str(detail["pause"]),
        until=parse_datetime(detail.get("until") or ""),
        by=getattr(clock, "pause_by", None) or "",
        after_reply=bool(detail.get("after_reply")),
    )


def awaits_consumer(case: Case, ending: Clock) -> bool:
    """Say whether the pause that a clock ends waits for the consumer."""
    clock_id = int(ending.subject.partition(":")[2])
    paused = with_pauses(Clock.objects.filter(case=case, pk=clock_id)).first()
    pause = pause_of(paused) if paused is not None else None
    return pause is not None and pause.awaits_consumer


def may_be_paused(clock: Clock, moment: datetime) -> bool:
    """Say whether a person may pause a clock: it runs, is ours, not late, and has causes."""
    if clock.state != ClockState.RUNNING or clock.kind in NOBODYS_FAULT:
        return False
    return bool(clock.policy.pause_rules) and clock.due_at is not None and clock.due_at > moment


def clock_of(case: Case, clock_id: int) -> Clock:
    """Return one clock of a case with its policy and pause; 404 for another's."""
    found = with_pauses(Clock.objects.filter(case=case, pk=clock_id)).select_related("policy")
    clock = found.first()
    if clock is None:
        raise Http404("no such clock")
    return clock


def pauses_listed(
    actor: Actor, *, after_reply: bool = False, cause: str = "", team_id: int | None = None
) -> QuerySet[ClockEntry]:
    """Return the pauses by people in the cases that may be seen, the newest first.

    Each carries `ended_at`, the moment at which the clock ran on or stopped, if it has.
    """
    after = ClockEntry.objects.filter(
        clock=OuterRef("clock"), id__gt=OuterRef("id"), action__in=("resume", "stop")
    )
    pauses = ClockEntry.objects.filter(
        Q(clock__case__in=visible_cases(actor)), cause="paused", action=LedgerAction.PAUSE
    )
    if after_reply:
        pauses = pauses.filter(detail__after_reply=True)
    if cause:
        pauses = pauses.filter(detail__pause=cause)
    if team_id is not None:
        pauses = pauses.filter(clock__case__team_id=team_id)
    return (
        pauses.select_related("clock__case__team", "clock__policy", "actor")
        .annotate(ended_at=Subquery(after.order_by("id").values("at")[:1]))
        .order_by(F("id").desc())
    )
