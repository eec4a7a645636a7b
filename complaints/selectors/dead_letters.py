"""Notices that could not be delivered, for those who may do something about them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from accounts.models import User
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import NoticeAct, OutboxMessage
from complaints.states import OutboxStatus


def _seen_by(actor: Actor) -> QuerySet[OutboxMessage]:
    seen = Q(case=None) | Q(case__in=visible_cases(actor))
    return OutboxMessage.objects.filter(seen).select_related("case", "endpoint")


def dead_letters(actor: Actor, *, channel: str = "", kind: str = "") -> QuerySet[OutboxMessage]:
    """Return the dead letters of a channel and kind, or all; those that wait longest first."""
    found = _seen_by(actor).filter(status=OutboxStatus.DEAD)
    if channel:
        found = found.filter(channel=channel)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("dead_at", "pk")


def dead_groups(actor: Actor) -> list[dict[str, Any]]:
    """Return how many dead letters there are of each channel and kind, the most first."""
    groups = dead_letters(actor).order_by().values("channel", "kind").annotate(count=Count("pk"))
    return list(groups.order_by("-count", "channel", "kind"))


def one_letter(actor: Actor, message_id: int) -> OutboxMessage:
    """Return a notice that is dead or once was; 404 for any other."""
    once_dead = Q(status__in=(OutboxStatus.DEAD, OutboxStatus.GIVEN_UP)) | Q(replays__gt=0)
    found = _seen_by(actor).filter(once_dead, pk=message_id).first()
    if found is None:
        raise Http404("no such notice")
    return found


def acts_on(message: OutboxMessage) -> list[NoticeAct]:
    """Return what was done about a notice, the latest first."""
    return list(message.acts.select_related("by").order_by("-at", "-pk"))


def staff_names(messages: list[OutboxMessage]) -> dict[str, str]:
    """Return the names behind recipients of the form "user:<id>"."""
    ids = [
        int(number)
        for message in messages
        if (number := message.recipient.removeprefix("user:")).isdecimal()
    ]
    people = User.objects.filter(pk__in=ids)
    return {f"user:{person.pk}": str(person) for person in people}
