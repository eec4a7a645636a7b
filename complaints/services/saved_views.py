"""Giving a list a name, sharing it, putting one's lists in order, opening the desk with one."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import DefaultView, SavedView
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.saved_views import own_views, usable_views
from complaints.states import Sharing

LONGEST_QUERY = 2000
MOST_VIEWS = 30


@transaction.atomic
def save_view(*, name: str, query: str, sharing: str, by: Actor) -> SavedView:
    """Keep a list under a name. Raises CaseError for a name that is taken or blank, a list too
    long for an address, too many views, or a sharing that the person may not give."""
    user = _locked(by)
    views = own_views(user)
    if views.count() >= MOST_VIEWS:
        words = {"most": MOST_VIEWS}
        raise CaseError(_("最多保存 %(most)d 个视图，先删掉不用的。") % words, field="name")
    last = views.aggregate(last=Max("position"))["last"] or 0
    view = SavedView(owner=user, position=last + 1, created_at=now())
    return _filled(view, name=name, query=query, sharing=sharing, by=by)


@transaction.atomic
def change_view(
    view: SavedView, *, by: Actor, name: str, sharing: str, query: str | None = None
) -> SavedView:
    """Rename a view, share it otherwise, or let it stand for another list; as `save_view`."""
    _locked(by)
    _check_owner(view, by)
    kept = view.query if query is None else query
    return _filled(view, name=name, query=kept, sharing=sharing, by=by)


def _locked(by: Actor) -> User:
    """Let one change at a time be made to a person's views."""
    return User.objects.select_for_update(no_key=True).get(pk=by.person.pk)


def _check_owner(view: SavedView, by: Actor) -> None:
    if view.owner_id != by.person.pk:
        raise StepForbidden(_("只能改自己的视图，可以另存一份。"))


def _filled(view: SavedView, *, name: str, query: str, sharing: str, by: Actor) -> SavedView:
    name = " ".join(name.split())
    if not name:
        raise CaseError(_("请给视图起个名称。"), field="name")
    if len(query) > LONGEST_QUERY:
        raise CaseError(_("筛选条件太多，去掉一些再保存。"), field="name")
    if own_views(by.person).filter(name__iexact=name).exclude(pk=view.pk).exists():
        raise CaseError(_("已经有同名的视图。"), field="name")
    _check_sharing(sharing, by)
    view.name, view.query, view.sharing = name, query, sharing
    view.team = by.person.team if sharing == Sharing.TEAM else None
    view.save()
    return view


def _check_sharing(sharing: str, by: Actor) -> None:
    if sharing not in Sharing.values:
        raise CaseError(_("请选谁能用。"), field="sharing")
    if sharing == Sharing.TEAM and by.person.team_id is None:
        raise CaseError(_("你还不属于任何小组。"), field="sharing")
    if sharing == Sharing.ALL and not has_permission(by, Permission.MANAGE_STAFF):
        raise CaseError(_("只有主管能把视图给所有同事用。"), field="sharing")


@transaction.atomic
def delete_view(view: SavedView, *, by: Actor) -> None:
    """Remove a view of one's own; a manager may remove one that is shared."""
    shared = view.sharing != Sharing.OWN and has_permission(by, Permission.MANAGE_STAFF)
    if not shared:
        _check_owner(view, by)
    view.delete()


@transaction.atomic
def move_view(view: SavedView, *, up: bool, by: Actor) -> None:
    """Let a view of one's own change places with the one above or below."""
    user = _locked(by)
    _check_owner(view, by)
    views = list(own_views(user))
    place = next(at for at, each in enumerate(views) if each.pk == view.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(views):
        views[place], views[other] = views[other], views[place]
    for position, each in enumerate(views, start=1):
        each.position = position
    SavedView.objects.bulk_update(views, ["position"])


@transaction.atomic
def open_with(view: SavedView | None, *, by: Actor) -> None:
    """Let a person's desk open with a view that they may use; None for the list of their own."""
    user = _locked(by)
    if view is None:
        DefaultView.objects.filter(user=user).delete()
        return
    if not usable_views(user).filter(pk=view.pk).exists():
        raise CaseError(_("这个视图没有和你共享。"))
    DefaultView.objects.update_or_create(user=user, defaults={"view": view})
