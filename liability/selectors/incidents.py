"""Batch incidents as pages show them."""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.selectors.taxonomy import category_name, issue_name
from liability.models import Incident, IncidentCase, IncidentTask


def incidents() -> QuerySet[Incident]:
    """Return incidents, those that wait for a decision first, with their counts."""
    return (
        Incident.objects.select_related("batch__product", "supplier", "decided_by")
        .annotate(
            case_count=Count("members", distinct=True),
            open_tasks=Count("tasks", filter=Q(tasks__done_at__isnull=True), distinct=True),
        )
        .order_by(F("decided_at").asc(nulls_first=True), "-raised_at")
    )


def members_of(incident: Incident, actor: Actor) -> QuerySet[IncidentCase]:
    """Return the incident's cases that an actor may see, newest first."""
    return (
        IncidentCase.objects.filter(incident=incident, case__in=visible_cases(actor))
        .select_related("case", "recorded_by", "incident")
        .order_by("-case__received_at")
    )


def tasks_of(incident: Incident) -> QuerySet[IncidentTask]:
    """Return the incident's tasks, open ones first by due date."""
    return (
        IncidentTask.objects.filter(incident=incident)
        .select_related("owner", "done_by", "incident")
        .order_by(F("done_at").asc(nulls_first=True), "due_on", "pk")
    )


def consenting_cases(incident: Incident) -> QuerySet[IncidentCase]:
    """Return the cases whose consumers agreed to a common plan."""
    return IncidentCase.objects.filter(incident=incident, consent=True).select_related("case")


def fault_name(code: str) -> str:
    """Return the name of a fault: an issue, or a category where cases name no issue."""
    if not code:
        return str(_("未分类的问题"))
    name = issue_name(code)
    return name if name != code else category_name(code)
