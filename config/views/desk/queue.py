"""The queue: a view of cases by time left, narrowed by filters; several given to one person."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints import sealing
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.queue import VIEWS
from config.desk.queue_page import Queue
from config.desk.rows import count_words, saved_address, versions


def _queue(request: HttpRequest) -> Queue:
    return Queue(current_user(request), request.GET, now())


@login_required
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show a view; with `pane`, only the list, for the side of a case's page."""
    found = _queue(request)
    if "pane" in request.GET:
        context = found.context(selected=request.GET["pane"])
        return TemplateResponse(request, "desk/queue.html#pane", context)
    if not request.GET and (opening := _opening(found)):
        return HttpResponseRedirect(opening)
    may_assign = has_permission(found.actor, Permission.HANDLE_CASE)
    context = {
        **found.context(),
        **found.filter_context(),
        "may_assign": may_assign,
        "nonce": sealing.new_secret(),
        "owners": found.kept.get("owner", []) if may_assign else [],
        "next_view": _next_with_work(found),
        "shortcuts": _shortcuts(found),
    }
    return TemplateResponse(request, "desk/queue.html", context)


def _opening(found: Queue) -> str:
    """Return the address of the saved view with which this person's desk opens, if any."""
    chosen = next((view for view in found.saved if view.is_default), None)
    return saved_address(chosen) if chosen else ""


def _next_with_work(found: Queue) -> dict[str, Any] | None:
    items = [item for group in found.groups[:1] for item in group["items"]]
    return next((i for i in items if i["count"] not in (None, "0") and not i["current"]), None)


def _shortcuts(found: Queue) -> list[dict[str, Any]]:
    keys = ("soon", "replied", "unassigned")
    return [
        {
            "label": VIEWS[key].label,
            "value": count_words(found.counts[key]),
            "href": f"{reverse('desk')}?view={key}",
        }
        for key in keys
    ]


@login_required
@never_cache
@require_safe
def queue_updates(request: HttpRequest) -> HttpResponse:
    """Say how many rows are new or changed since the page was made; 204 when nothing is."""
    found = _queue(request)
    token = found.token()
    if token == request.GET.get("token"):
        return HttpResponse(status=204)
    known = set(request.GET.get("known", "").split("-"))
    fresh = [row for row in found.page.rows if versions([row]) not in known]
    context = {
        **found.context(),
        "known": request.GET.get("known", ""),
        "fresh": len(fresh),
        "list_href": found.address(),
    }
    return TemplateResponse(request, "desk/queue.html#updates", context)
