"""The queue: a view of cases by time left, narrowed by filters; several given to one person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from accounts.models import User
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms.desk import BulkAssignForm, FilterForm
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.counting import capped_counts
from complaints.selectors.facts import unread_notices
from complaints.selectors.people import possible_owners
from complaints.selectors.queue import (
    VIEWS,
    Filters,
    Page,
    View,
    cases_by_id,
    listed_cases,
    queue_page,
    view_lists,
)
from complaints.services.desk import assign_all
from config.desk.links import extra_lists, extra_views
from config.desk.rows import case_row, count_words, place_from, place_words, versions, view_groups

SIZES = (25, 50, 100)
_OWN = ("after", "before", "pane", "known", "token", "filters")


@dataclass
class Queue:
    """One page of one view for one person, as its address says."""

    user: User
    params: QueryDict
    moment: datetime

    @cached_property
    def actor(self) -> Actor:
        """The person with their roles."""
        return Actor.staff(self.user)

    @cached_property
    def view(self) -> View:
        """The view asked for, else one's own cases."""
        return VIEWS.get(self.params.get("view", ""), VIEWS["mine"])

    @cached_property
    def form(self) -> FilterForm | None:
        """The filters, where somebody uses them or wants to; they cost reads of their own."""
        wanted = any(self.params.get(name) for name in (*FilterForm.base_fields, "filters"))
        return FilterForm(self.params) if wanted else None

    @cached_property
    def filters(self) -> Filters:
        """What the list is narrowed to."""
        return self.form.filters() if self.form else Filters()

    @cached_property
    def size(self) -> int:
        """How many rows a page has."""
        asked = self.params.get("size", "")
        return int(asked) if asked.isdecimal() and int(asked) in SIZES else SIZES[0]

    @cached_property
    def page(self) -> Page:
        """The rows."""
        return queue_page(
            self._cases,
            size=self.size,
            after=place_from(self.params.get("after", "")),
            before=place_from(self.params.get("before", "")),
            newest_first=self.view.key == "ended",
        )

    @cached_property
    def _cases(self) -> Any:
        return listed_cases(self.actor, view=self.view, moment=self.moment, filters=self.filters)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cases each view holds, how many this list, how many unread notices there are."""
        lists = view_lists(self.actor, moment=self.moment)
        lists["unread"] = unread_notices(self.actor)
        lists |= extra_lists(self.actor)
        if self.filters.any:
            lists["listed"] = self._cases
        counts = capped_counts(self.user, lists)
        counts.setdefault("listed", counts[self.view.key])
        return counts

    @cached_property
    def query(self) -> str:
        """The address without the place in the list."""
        kept = self.params.copy()
        for name in _OWN:
            kept.pop(name, None)
        for name in [name for name in kept if not kept[name]]:
            del kept[name]
        return kept.urlencode()

    def address(self, **place: str) -> str:
        """Return the address of this list at another place."""
        words = QueryDict(self.query, mutable=True)
        words.update(place)
        return f"{reverse('desk')}?{words.urlencode()}"

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The menu of views."""
        return view_groups(
            self.counts, current=self.view.key, extra=extra_views(self.actor, self.counts)
        )

    def token(self) -> str:
        """Return what changes when anything that the page shows has changed."""
        raw = f"{versions(self.page.rows)}|{sorted(self.counts.items())}"
        return hashlib.sha256(raw.encode()).hexdigest()[:16]

    def context(self, *, selected: str = "") -> dict[str, Any]:
        """Return what the page and its parts show."""
        rows, page = self.page.rows, self.page
        earlier = self.address(before=place_words(rows[0])) if rows and page.has_earlier else ""
        later = self.address(after=place_words(rows[-1])) if rows and page.has_later else ""
        return {
            "now": self.moment,
            "view": self.view,
            "groups": self.groups,
            "rows": [case_row(row, query=self.query, selected=selected) for row in rows],
            "total": count_words(self.counts["listed"]),
            "previous_href": earlier,
            "next_href": later,
            "query": self.query,
            "known": versions(rows),
            "token": self.token(),
            "notification_count": self.counts["unread"],
        }


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
    may_assign = has_permission(found.actor, Permission.HANDLE_CASE)
    context = {
        **found.context(),
        "form": found.form,
        "narrowed": found.filters.any,
        "filters_href": found.address(filters="1"),
        "may_assign": may_assign,
        "owners": list(possible_owners()) if may_assign else [],
        "next_view": _next_with_work(found),
        "shortcuts": _shortcuts(found),
    }
    return TemplateResponse(request, "desk/queue.html", context)


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


@login_required
@require_POST
def bulk_assign(request: HttpRequest) -> HttpResponse:
    """Make one person responsible for the ticked cases."""
    actor = require_permission(current_user(request), Permission.HANDLE_CASE)
    form = BulkAssignForm(request.POST)
    if form.is_valid():
        cases = cases_by_id(actor, form.cleaned_data["case"])
        owner = form.cleaned_data["owner"]
        try:
            count = assign_all(cases, owner=owner, by=actor)
        except CaseError as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(_back(request), status=303)
        words = ngettext("%(count)d 件已交给%(owner)s", "%(count)d 件已交给%(owner)s", count) % {
            "count": count,
            "owner": owner.display_name,
        }
        messages.success(request, words)
    else:
        messages.warning(request, _("先勾选案件，再选交给谁"))
    return HttpResponseRedirect(_back(request), status=303)


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe else reverse("desk")
