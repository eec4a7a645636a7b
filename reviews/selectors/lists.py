"""The list of everything that waits for a panel, a mediator or somebody outside."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from complaints.access import visible_cases
from complaints.actors import Actor
from reviews.models import Proceeding
from reviews.selectors.mediations import mediations_to_do
from reviews.selectors.reviews import reviews_to_do
from reviews.states import ProceedingStatus


def open_proceedings() -> QuerySet[Proceeding]:
    """Return the outside proceedings that are going on, the earliest filed first."""
    return (
        Proceeding.objects.filter(status=ProceedingStatus.OPEN)
        .select_related("case__consumer", "case__owner")
        .prefetch_related("steps")
        .order_by("filed_on", "pk")
    )


def open_matters(actor: Actor) -> dict[str, Any]:
    """Return the open reviews, mediations and proceedings of the cases that somebody may see."""
    visible = visible_cases(actor)
    return {
        "reviews": list(reviews_to_do().filter(case__in=visible)),
        "mediations": list(mediations_to_do().filter(case__in=visible)),
        "proceedings": list(open_proceedings().filter(case__in=visible)),
    }
