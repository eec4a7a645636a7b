"""Receivers of events outside."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from complaints.models import WebhookEndpoint
from complaints.states import OutboxStatus


def endpoints() -> QuerySet[WebhookEndpoint]:
    """Return all receivers by name, each with how many events wait and how many are dead."""
    return (
        WebhookEndpoint.objects.select_related("changed_by")
        .annotate(
            waiting=Count("outbox", filter=Q(outbox__status=OutboxStatus.PENDING)),
            dead=Count("outbox", filter=Q(outbox__status=OutboxStatus.DEAD)),
        )
        .order_by("name", "pk")
    )


def one_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """Return one receiver; 404 for an unknown one."""
    found = endpoints().filter(pk=endpoint_id).first()
    if found is None:
        raise Http404("no such endpoint")
    return found
