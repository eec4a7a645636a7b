"""Inspections: of a case, of a technician, and what the consumer is asked to confirm."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from complaints.models import Case
from complaints.states import Stage
from liability.models import Inspection, InspectionPhoto
from liability.states import PENDING_INSPECTIONS


def inspections_of(case: Case) -> QuerySet[Inspection]:
    """Return a case's inspections with their photos, the earliest first."""
    photos = InspectionPhoto.objects.select_related("evidence__file").order_by("id")
    return (
        Inspection.objects.filter(case=case)
        .select_related("case__consumer", "technician", "proposed_by", "done_by", "plan_item")
        .prefetch_related(Prefetch("photos", queryset=photos))
        .order_by("id")
    )


def done_of(case: Case) -> list[tuple[datetime, Inspection]]:
    """Return the inspections that were carried out, each with its moment, the earliest first."""
    done = Inspection.objects.filter(case=case, done_at__isnull=False).order_by("done_at", "id")
    return [(looked.done_at, looked) for looked in done if looked.done_at is not None]


def inspection_of(case: Case, inspection_id: int) -> Inspection | None:
    """Return one inspection of a case, or None for another case's."""
    return inspections_of(case).filter(pk=inspection_id).first()


def pending_inspections(case: Case) -> list[Inspection]:
    """Return what is still to be carried out; asks nothing outside an investigation."""
    if case.stage != Stage.INVESTIGATING:
        return []
    return list(inspections_of(case).filter(status__in=PENDING_INSPECTIONS))


def inspections_for(user: User) -> QuerySet[Inspection]:
    """Return what a technician still has to look at, the next first."""
    return (
        Inspection.objects.filter(technician=user, status__in=PENDING_INSPECTIONS)
        .filter(case__stage=Stage.INVESTIGATING)
        .select_related("case__consumer")
        .order_by("starts_at", "id")
    )


def possible_technicians() -> QuerySet[User]:
    """Return the people who may be sent to look at a thing."""
    return User.objects.filter(is_active=True).order_by("display_name", "id")
