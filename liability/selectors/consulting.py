"""Consult tasks: of a case, of a person, and of a link."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Department, User
from complaints import sealing
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.states import Stage
from liability.models import ConsultExtension, ConsultLink, ConsultTask, Supplier
from liability.states import ConsultStatus


def consults_of(case: Case) -> QuerySet[ConsultTask]:
    """Return a case's tasks with files and links, the earliest first."""
    files = Evidence.objects.select_related("file").order_by("id")
    extensions = ConsultExtension.objects.select_related("extended_by").order_by("id")
    return (
        ConsultTask.objects.filter(case=case)
        .select_related("case", "department", "supplier", "asked_by", "answered_by")
        .prefetch_related(
            Prefetch("files", queryset=files),
            Prefetch("extensions", queryset=extensions),
            Prefetch("links", queryset=ConsultLink.objects.order_by("-id")),
        )
        .order_by("number")
    )


def consult_of(case: Case, consult_id: int) -> ConsultTask | None:
    """Return one task of a case, or None for another case's."""
    return consults_of(case).filter(pk=consult_id).first()


def consults_for(user: User) -> QuerySet[ConsultTask]:
    """Return the tasks that a member of staff is to answer, the next due first."""
    roles = Q(role__in=user.roles) if user.roles else Q(pk__in=[])
    department = user.team.department_id if user.team else None
    mine = roles | (Q(department=department) if department else Q(pk__in=[]))
    return (
        ConsultTask.objects.filter(mine, status=ConsultStatus.OPEN)
        .filter(case__stage=Stage.INVESTIGATING)
        .select_related("case", "department", "asked_by")
        .order_by("due_at", "id")
    )


def is_asked(user: User, task: ConsultTask) -> bool:
    """Say whether a member of staff is among those whom a task was put to."""
    if task.department_id is not None:
        return user.team is not None and user.team.department_id == task.department_id
    return bool(task.role) and task.role in user.roles


def people_asked(task: ConsultTask) -> list[User]:
    """Return the members of staff whom a task was put to."""
    if task.is_outside:
        return []
    people = User.objects.filter(is_active=True)
    if task.department_id is not None:
        people = people.filter(team__department=task.department_id)
    else:
        people = people.filter(roles__contains=[task.role])
    return list(people.order_by("pk"))


def departments() -> QuerySet[Department]:
    """Return the departments that can be consulted."""
    return Department.objects.order_by("name")


def suppliers() -> QuerySet[Supplier]:
    """Return the suppliers that can be consulted."""
    return Supplier.objects.order_by("name")


def link_of_secret(secret: str) -> ConsultLink | None:
    """Return the link with a secret, whether it still opens anything or not."""
    return _links().filter(secret_digest=sealing.digest(secret)).first() if secret else None


def link_of_guest(pk: int, digest: str) -> ConsultLink | None:
    """Return the link that a browser holds, or None."""
    return _links().filter(pk=pk, secret_digest=digest).first()


def _links() -> QuerySet[ConsultLink]:
    return ConsultLink.objects.select_related("task__case__product", "task__case__batch")


def link_is_over(link: ConsultLink) -> bool:
    """Say whether a link ended: by its day, by a person, or because the question is settled."""
    if link.revoked_at is not None or link.expires_at <= now():
        return True
    task = link.task
    if task.status == ConsultStatus.ANSWERED:
        return False
    return task.status != ConsultStatus.OPEN or task.case.stage != Stage.INVESTIGATING


def facts_for_party(task: ConsultTask) -> list[tuple[str, Any]]:
    """Return what an outside party may know of the case: the thing, never the person."""
    case = task.case
    told = [
        (_("商品"), case.product.name if case.product else case.product_name),
        (_("型号"), case.product.model if case.product else ""),
        (_("批次"), case.batch.code if case.batch else ""),
        (_("发生日期"), case.occurred_on.isoformat() if case.occurred_on else ""),
    ]
    return [(label, value) for label, value in told if value]
