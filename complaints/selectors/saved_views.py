"""The lists that somebody gave a name to: one's own, and those that others share."""

from __future__ import annotations

from django.db.models import Case as When
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models import When as Where

from accounts.models import User
from complaints.models import DefaultView, SavedView
from complaints.states import Sharing


def usable_views(user: User) -> QuerySet[SavedView]:
    """Return the views that a person may use, their own first, in order.

    Each carries `is_default` (their desk opens with it).
    """
    theirs = Q(owner=user) | Q(sharing=Sharing.ALL)
    if user.team_id is not None:
        theirs |= Q(sharing=Sharing.TEAM, team=user.team_id)
    chosen = DefaultView.objects.filter(user=user, view=OuterRef("pk"))
    mine_first = When(
        Where(owner=user, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    views = SavedView.objects.filter(theirs, owner__is_active=True)
    return (
        views.annotate(is_default=Exists(chosen), foreign=mine_first)
        .select_related("owner", "team")
        .order_by("foreign", "position", "name", "pk")
    )


def own_views(user: User) -> QuerySet[SavedView]:
    """Return a person's own views in their order."""
    return SavedView.objects.filter(owner=user).order_by("position", "name", "pk")
