"""Missed promises: whose, whether they were explained, what was decided."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import AccountabilityItem
from complaints.permissions import Permission, has_permission
from complaints.states import AccountabilityStatus

MOST_SHOWN = 100


def items_for(actor: Actor) -> QuerySet[AccountabilityItem]:
    """Return the items that a person may see: managers all, everybody else their own."""
    items = AccountabilityItem.objects.select_related("case", "clock", "owner", "decided_by")
    if has_permission(actor, Permission.DECIDE_ACCOUNTABILITY):
        return items.filter(case__in=visible_cases(actor))
    return items.filter(owner=actor.user)


def items_listed(actor: Actor, *, decided: bool) -> list[AccountabilityItem]:
    """Return undecided items, the oldest first, or decided ones, the newest first."""
    items = items_for(actor)
    if decided:
        chosen = items.filter(status=AccountabilityStatus.DECIDED).order_by("-decided_at")
    else:
        chosen = items.exclude(status=AccountabilityStatus.DECIDED).order_by("opened_at")
    return list(chosen[:MOST_SHOWN])


def one_item(actor: Actor, item_id: int) -> AccountabilityItem:
    """Return one item; 404 for one that is not the person's to see."""
    found = items_for(actor).filter(pk=item_id).first()
    if found is None:
        raise Http404("no such item")
    return found
