"""Care: which cases ask for it, what is to do, who may read a note, and public words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from compensation.models import (
    CareCause,
    CareLook,
    CareTask,
    CareTemplate,
    FundAccount,
    FundEntry,
    FundHold,
    PublicStatement,
)
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case, TriageProposal
from complaints.permissions import Permission, has_permission
from complaints.states import FINAL_STAGES, OPEN_STAGES, Severity

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


def care_planned(case: Case) -> Decimal:
    """Return what the open tasks of a case may cost at most; nothing once the case has ended."""
    if case.stage in FINAL_STAGES:
        return Decimal(0)
    rows = CareTask.objects.filter(case=case, status=CareTask.Status.OPEN)
    return rows.aggregate(sum=Sum("most_cost"))["sum"] or Decimal(0)


def unbooked_care() -> QuerySet[CareTask]:
    """Return finished tasks whose cost was not booked to a fund yet, the oldest first."""
    rows = CareTask.objects.filter(status=CareTask.Status.DONE, cost__gt=0, booked_at=None)
    return rows.select_related("case").order_by("closed_at", "pk")


@dataclass(frozen=True)
class CaseCosts:
    """What a case cost so far: paid to the consumer from the fund, spent on care, not booked."""

    paid: Decimal
    care: Decimal
    unbooked: Decimal

    @property
    def whole(self) -> Decimal:
        """All of it."""
        return self.paid + self.care


def case_costs(case: Case, tasks: Iterable[CareTask]) -> CaseCosts:
    """Return what a case cost, given its care tasks; two statements."""
    rows = [task for task in tasks if task.cost]
    care = sum((task.cost for task in rows), Decimal(0))
    unbooked = sum((task.cost for task in rows if task.booked_at is None), Decimal(0))
    booked = FundEntry.objects.filter(hold__case=case, key__in=[f"care:{one.pk}" for one in rows])
    through = booked.aggregate(sum=Sum("lines__amount", filter=Q(lines__account=FundAccount.PAID)))
    held = FundHold.objects.filter(case=case).aggregate(sum=Sum("paid"))["sum"] or Decimal(0)
    return CaseCosts(held - (through["sum"] or Decimal(0)), care, unbooked)


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
    return {
        "tasks": tasks,
        "costs": case_costs(case, tasks),
        "open": [one for one in tasks if one.status == CareTask.Status.OPEN],
    }
