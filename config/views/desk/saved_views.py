"""Lists with a name: save, change, share, order, remove, and open the desk with one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.saved_views import ViewForm
from complaints.models import SavedView
from complaints.permissions import Permission, has_permission
from complaints.selectors.choices import kept_choices
from complaints.selectors.counting import capped_counts
from complaints.selectors.facts import unread_notices
from complaints.selectors.filters import query_of
from complaints.selectors.paging import SORTS
from complaints.selectors.queue import VIEWS
from complaints.selectors.saved_views import usable_views
from complaints.services import saved_views as service
from complaints.states import Sharing
from config.desk.filtering import chips, choices_of
from config.desk.rows import saved_address


def _view(request: HttpRequest, view_id: int) -> SavedView:
    found = usable_views(current_user(request)).filter(pk=view_id).first()
    if found is None:
        raise Http404(str(view_id))
    return found


def _to_views() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:views"), status=303)


@login_required
@never_cache
@require_safe
def views(request: HttpRequest) -> HttpResponse:
    """All views that one may use: one's own with what can be done to them, then the shared."""
    user = current_user(request)
    actor = Actor.staff(user)
    choices = choices_of(kept_choices())
    found = [_line(view, choices) for view in usable_views(user)]
    counts = capped_counts(user, {"unread": unread_notices(actor)})
    context = {
        "own": [line for line in found if line["view"].owner_id == user.pk],
        "shared": [line for line in found if line["view"].owner_id != user.pk],
        "has_default": any(line["view"].is_default for line in found),
        "may_remove": has_permission(actor, Permission.MANAGE_STAFF),
        "notification_count": counts["unread"],
    }
    return render(request, "desk/views.html", context)


def _line(view: SavedView, choices: Any) -> dict[str, Any]:
    return {"view": view, "href": saved_address(view), "words": _about(view.query, choices)}


def _about(query: str, choices: Any) -> list[str]:
    """Say in words what a list holds and how it is sorted."""
    params = QueryDict(query)
    words = [str(VIEWS.get(params.get("view", ""), VIEWS["mine"]).label)]
    for chip in chips(params, choices, address=""):
        words.append(_("%(label)s：%(words)s") % chip)
    if sort := SORTS.get(params.get("sort", "")):
        words.append(str(sort.label))
    return words


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def view_new(request: HttpRequest) -> HttpResponse:
    """Give the list of the address a name."""
    return _form_page(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def view_edit(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename or share a view; with a list in the address, let it stand for that one."""
    return _form_page(request, _view(request, view_id))


def _form_page(request: HttpRequest, view: SavedView | None) -> HttpResponse:
    actor = Actor.staff(current_user(request))
    asked = query_of(request.GET)
    query = asked or (view.query if view else "view=all")
    initial = {"name": view.name, "sharing": view.sharing} if view else {}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    form.fields["sharing"].choices = _sharings(actor, view)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _saved(view, query, form, actor)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("视图已保存"))
            return HttpResponseRedirect(saved_address(saved), status=303)
    words = _about(query, choices_of(kept_choices()))
    context = {"form": form, "saved_view": view, "words": words, "query": query}
    status = 422 if form.errors else 200
    return render(request, "desk/view.html", context, status=status)


def _saved(view: SavedView | None, query: str, form: ViewForm, actor: Actor) -> SavedView:
    data = form.cleaned_data
    if view is None:
        return service.save_view(query=query, by=actor, **data)
    return service.change_view(view, query=query, by=actor, **data)


def _sharings(actor: Actor, view: SavedView | None) -> list[tuple[str, Any]]:
    kept = view.sharing if view else ""
    may = {
        Sharing.OWN: True,
        Sharing.TEAM: actor.person.team_id is not None,
        Sharing.ALL: has_permission(actor, Permission.MANAGE_STAFF),
    }
    return [(s.value, s.label) for s in Sharing if may[s] or s == kept]


@login_required
@require_POST
def view_act(request: HttpRequest, view_id: int) -> HttpResponse:
    """Move a view up or down, open the desk with it or no longer, or remove it."""
    view, actor = _view(request, view_id), Actor.staff(current_user(request))
    act = request.POST.get("act", "")
    try:
        if act in ("up", "down"):
            service.move_view(view, up=act == "up", by=actor)
        elif act == "open_with":
            service.open_with(view, by=actor)
            messages.success(request, _("以后打开工作台就是「%(name)s」") % {"name": view.name})
        elif act == "open_usual":
            service.open_with(None, by=actor)
            messages.success(request, _("以后打开工作台还是「我的待办」"))
        elif act == "delete":
            service.delete_view(view, by=actor)
            messages.success(request, _("已删除视图「%(name)s」") % {"name": view.name})
    except CaseError as refusal:
        messages.error(request, refusal.message)
    return _to_views()
