"""Notices of one member of staff on the desk."""

from __future__ import annotations

from complaints.actors import Actor
from complaints.models import Notification

MOST_SHOWN = 100


def latest_notices(actor: Actor) -> list[Notification]:
    """Return the latest notices with their cases, unread or not, the newest first."""
    notices = Notification.objects.filter(user=actor.user).select_related("case")
    return list(notices.order_by("-at", "-id")[:MOST_SHOWN])


def unread_notices(actor: Actor) -> int:
    """Return how many notices the person has not read."""
    return Notification.objects.filter(user=actor.user, read_at__isnull=True).count()
