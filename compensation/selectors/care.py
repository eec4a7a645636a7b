"""Care: which cases ask for it, what is to do, who may read a note, and public words."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from compensation.models import (
    CareCause,
    CareLook,
    CareTask,
    CareTemplate,
    PublicStatement,
)
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case, TriageProposal
from complaints.permissions import Permission, has_permission
from complaints.states import OPEN_STAGES, Severity

HURT = frozenset({"injury", "several_hurt", "illness", "allergy", "swallowed", "crash"})
BURNT = frozenset({"fire", "shock", "gas"})


def causes_of(case: Case) -> list[str]:
    """Return why a case asks for care: what triage read, and a severity that a person set."""
    proposal = TriageProposal.objects.filter(case=case).first()
    told = {row["reason"] for row in proposal.findings} if proposal else set()
    causes = []
    if told & BURNT:
        causes.append(CareCause.FIRE)
    if told & HURT:
        causes.append(CareCause.INJURY)
    if case.severity == Severity.SEVERE:
        causes.append(CareCause.SEVERE)
    return [str(cause) for cause in causes]


def cases_without_care() -> QuerySet[Case]:
    """Return open cases that ask for care and have no task yet; none taken over from elsewhere."""
    told = Q()
    for reason in sorted(HURT | BURNT):
        told |= Q(triage_proposal__findings__contains=[{"reason": reason}])
    tasks = CareTask.objects.filter(case=OuterRef("pk"))
    return (
        Case.objects.filter(
            Q(severity=Severity.SEVERE) | told,
            stage__in=sorted(OPEN_STAGES),
            imported_at=None,
        )
        .filter(~Exists(tasks))
        .order_by("pk")
    )


def template_lines(cause: str = "") -> QuerySet[CareTemplate]:
    """Return the template, of one cause where asked."""
    rows = CareTemplate.objects.order_by("cause", "hours", "pk")
    return rows.filter(cause=cause) if cause else rows


def care_of(case: Case) -> QuerySet[CareTask]:
    """Return a case's tasks, what is due first."""
    return (
        CareTask.objects.filter(case=case)
        .select_related("owner", "closed_by")
        .order_by("due_at", "pk")
    )


def open_care(actor: Actor, *, own: bool = False) -> QuerySet[CareTask]:
    """Return the open tasks of cases that somebody may see, or one's own, what is due first."""
    rows = CareTask.objects.filter(
        status=CareTask.Status.OPEN, case__in=visible_cases(actor)
    ).select_related("case", "owner")
    if own and actor.user is not None:
        rows = rows.filter(owner=actor.user)
    return rows.order_by("due_at", "pk")


def may_read_note(task: CareTask, actor: Actor) -> bool:
    """Say whether somebody may read a task's note: who does it, and who answers for care."""
    if actor.user is None:
        return False
    return actor.user.pk in (task.owner_id, task.closed_by_id) or has_permission(
        actor, Permission.READ_CARE_NOTES
    )


def looks_at(case: Case) -> QuerySet[CareLook]:
    """Return who read notes of a case, the newest first."""
    return CareLook.objects.filter(task__case=case).select_related("by", "task").order_by("-pk")


def statements_of(case: Case) -> QuerySet[PublicStatement]:
    """Return a case's public words, the newest first."""
    return (
        PublicStatement.objects.filter(case=case)
        .select_related("made_by", "first_by", "second_by")
        .order_by("-pk")
    )


def published_statements() -> QuerySet[PublicStatement]:
    """Return what everybody may read, the newest first."""
    return PublicStatement.objects.filter(status=PublicStatement.Status.PUBLISHED).order_by(
        "-published_at"
    )


def care_summary(case: Case) -> dict[str, Any]:
    """Return what stands beside a case: open and late tasks, or whether it asks for care."""
    tasks = list(care_of(case))
    return {"tasks": tasks, "open": [one for one in tasks if one.status == CareTask.Status.OPEN]}
