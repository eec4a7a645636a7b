"""Orders for many cases: whose they are, how far they are, what became of each case."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from complaints.actors import Actor
from complaints.models import BulkItem, BulkJob
from complaints.permissions import Permission, has_permission
from complaints.states import BulkResult


def jobs_of(actor: Actor) -> QuerySet[BulkJob]:
    """Return the orders that a person may look at, the newest first: their own; managers, all."""
    jobs = BulkJob.objects.select_related("actor", "undo_of", "undone_by").order_by("-pk")
    return jobs if has_permission(actor, Permission.MANAGE_STAFF) else jobs.filter(actor=actor.user)


def results_of(job: BulkJob) -> dict[str, int]:
    """Return how many cases of an order came to each result; every result is named."""
    counted = dict(
        job.items.values_list("result")
        .annotate(count=Count("pk"))
        .order_by()
        .values_list("result", "count")
    )
    return {result.value: counted.get(result.value, 0) for result in BulkResult}


def items_of(job: BulkJob, *, result: str = "", after: int = 0, size: int = 50) -> list[BulkItem]:
    """Return the cases of an order by id, those of one result if it is named; one more than `size`
    tells that there are more."""
    items = job.items.select_related("case").filter(pk__gt=after).order_by("pk")
    if result in BulkResult.values:
        items = items.filter(result=result)
    return list(items[: size + 1])
