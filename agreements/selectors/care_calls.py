"""Caring calls: which closed cases ask for one, whom to call now, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from agreements.days import today
from agreements.models import CareCall, CareCallRule, CareTry
from agreements.periods import CARE_AHEAD, CARE_LOOKS_BACK
from agreements.states import CallOutcome, CareCause, CareState
from compensation.selectors.care import BURNT, HURT
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.states import Severity, Stage


def rules() -> QuerySet[CareCallRule]:
    """Return the rules, those in use first."""
    return CareCallRule.objects.select_related("changed_by").order_by(
        "-is_active", "after_days", "pk"
    )


def closed_without_call(rule: CareCallRule) -> QuerySet[Case]:
    """Return lately closed cases that a rule asks a call for and that have none planned."""
    cases = Case.objects.filter(
        ~Exists(CareCall.objects.filter(case=OuterRef("pk"))),
        stage=Stage.CLOSED,
        imported_at=None,
        closed_at__gte=now() - CARE_LOOKS_BACK,
    )
    if rule.category:
        cases = cases.filter(category=rule.category)
    if rule.cause == CareCause.HURT:
        cases = cases.filter(_hurt())
    return cases.select_related("consumer").order_by("closed_at", "pk")


def _hurt() -> Q:
    told = Q(severity=Severity.SEVERE)
    for reason in sorted(HURT | BURNT):
        told |= Q(triage_proposal__findings__contains=[{"reason": reason}])
    return told


def care_calls_waiting(actor: Actor, *, own: bool = False) -> QuerySet[CareCall]:
    """Return the planned calls of these days, the next due first."""
    rows = CareCall.objects.filter(
        state=CareState.PLANNED,
        due_on__lte=today() + CARE_AHEAD,
        case__in=visible_cases(actor),
    )
    if own and actor.user is not None:
        rows = rows.filter(case__owner=actor.user)
    return (
        rows.select_related("case__consumer", "case__owner", "rule")
        .prefetch_related("tries")
        .order_by("due_on", "pk")
    )


def tries_of(call: CareCall) -> list[CareTry]:
    """Return what was tried, the oldest first."""
    return list(call.tries.select_related("tried_by").order_by("tried_at", "pk"))


def in_vain(call: CareCall) -> QuerySet[CareTry]:
    """Return the tries that count towards giving up: nobody there, or somebody else."""
    counted = [CallOutcome.NO_ANSWER, CallOutcome.WRONG_NUMBER]
    return call.tries.filter(outcome__in=counted).order_by("tried_at", "pk")


def again_at(call: CareCall) -> datetime | None:
    """Return the moment that was agreed for another call, if the last one ended so."""
    last = max(call.tries.all(), key=lambda row: (row.tried_at, row.pk), default=None)
    return last.call_again_at if last is not None else None


@dataclass(frozen=True)
class CareSums:
    """What came of the calls that ended in the last days."""

    reached: int
    need_help: int
    unreached: int
    days: int


def care_sums(*, days: int = 90) -> CareSums:
    """Return how many were reached, need something, or could not be reached."""
    since = now() - timedelta(days=days)
    found = dict(
        CareCall.objects.filter(ended_at__gte=since)
        .values_list("state")
        .annotate(Count("pk"))
        .order_by()
    )
    return CareSums(
        reached=found.get(CareState.WELL, 0) + found.get(CareState.NEEDS_HELP, 0),
        need_help=found.get(CareState.NEEDS_HELP, 0),
        unreached=found.get(CareState.UNREACHED, 0),
        days=days,
    )
