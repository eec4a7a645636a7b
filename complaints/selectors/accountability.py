"""Missed promises: whose, whether they were explained, what was decided, what is to be changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.http import Http404

from accounts.models import User
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import AccountabilityItem
from complaints.permissions import Permission, has_permission
from complaints.states import AccountabilityStatus

OPEN, REPLIED, DECIDED, MEASURE = "open", "replied", "decided", "measure"
_TO_CHANGE = ~Q(measure="") & Q(measure_done_at=None)


@dataclass(frozen=True)
class ItemFilters:
    """How the list is narrowed; `state` is one of the four above, empty for all undecided."""

    state: str = ""
    team_id: int | None = None
    clock: str = ""
    overdue: bool = False
    mine: bool = False


def items_for(actor: Actor) -> QuerySet[AccountabilityItem]:
    """Return the items that a person may see: managers all, others theirs to explain or change."""
    items = AccountabilityItem.objects.select_related(
        "case__team", "clock", "owner", "decided_by", "measure_owner", "measure_done_by"
    )
    if has_permission(actor, Permission.DECIDE_ACCOUNTABILITY):
        return items.filter(case__in=visible_cases(actor))
    return items.filter(Q(owner=actor.user) | Q(measure_owner=actor.user))


def items_listed(
    actor: Actor, filters: ItemFilters, *, moment: datetime
) -> QuerySet[AccountabilityItem]:
    """Return the items of a list: what waits longest first, what was decided last first."""
    items = _in_state(items_for(actor), filters.state)
    if filters.team_id is not None:
        items = items.filter(case__team_id=filters.team_id)
    if filters.clock:
        items = items.filter(clock__kind=filters.clock)
    if filters.overdue:
        items = items.filter(decided_at=None, decide_by__lt=moment)
    if filters.mine:
        items = items.filter(Q(owner=actor.user) | Q(measure_owner=actor.user))
    if filters.state == DECIDED:
        return items.order_by("-decided_at", "-pk")
    if filters.state == MEASURE:
        return items.order_by(F("measure_until").asc(nulls_last=True), "pk")
    return items.order_by("opened_at", "pk")


def _in_state(items: QuerySet[AccountabilityItem], state: str) -> QuerySet[AccountabilityItem]:
    if state == MEASURE:
        return items.filter(_TO_CHANGE)
    if state in AccountabilityStatus.values:
        return items.filter(status=state)
    return items.exclude(status=AccountabilityStatus.DECIDED)


def items_waiting(actor: Actor, *, moment: datetime) -> QuerySet[AccountabilityItem]:
    """Return what a person should do something about: explain, name somebody, decide, change."""
    mine = Q(owner=actor.user, status=AccountabilityStatus.OPEN)
    changes = _TO_CHANGE & Q(measure_owner=actor.user)
    if not has_permission(actor, Permission.DECIDE_ACCOUNTABILITY):
        return AccountabilityItem.objects.filter(mine | changes)
    heard = Q(owner=None) | Q(replied_at__isnull=False) | Q(reply_by__lte=moment)
    to_decide = Q(decided_at=None) & heard & ~Q(owner=actor.user)
    return AccountabilityItem.objects.filter(mine | changes | to_decide)


def overdue_decisions(*, moment: datetime) -> int:
    """Return how many items should have been decided by now."""
    return AccountabilityItem.objects.filter(decided_at=None, decide_by__lt=moment).count()


def one_item(actor: Actor, item_id: int) -> AccountabilityItem:
    """Return one item; 404 for one that is not the person's to see."""
    found = items_for(actor).filter(pk=item_id).first()
    if found is None:
        raise Http404("no such item")
    return found


def people_to_answer(item: AccountabilityItem) -> QuerySet[User]:
    """Return whom an item, or a measure of it, can be given to: anybody active."""
    return (
        User.objects.filter(is_active=True).exclude(pk=item.owner_id).order_by("display_name", "pk")
    )
