"""One page of one list for one person, as its address says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from accounts.models import User
from complaints.actors import Actor
from complaints.models import Case, SavedView
from complaints.numbers import whole_number
from complaints.selectors.choices import Choice, kept_choices
from complaints.selectors.counting import capped_counts
from complaints.selectors.facts import unread_notices
from complaints.selectors.filters import Filters, filters_of, query_of
from complaints.selectors.paging import BY_TIME_LEFT, NEWEST_FIRST, SORTS, Page, Sort, queue_page
from complaints.selectors.queue import View, cases_asked, view_asked, view_lists
from complaints.selectors.saved_views import usable_views
from config.desk.filtering import KEPT_OUT, chips, choices_of, left_choices, pickers
from config.desk.links import extra_lists, extra_views
from config.desk.rows import (
    case_row,
    count_words,
    place_from,
    place_words,
    saved_items,
    versions,
    view_groups,
)
from config.desk.view_counts import MOST, ViewCounts

SIZES = (25, 50, 100)


@dataclass
class Queue:
    """What stands behind a page of the queue; everything is read once, when it is needed."""

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
        return view_asked(self.params)

    @cached_property
    def filters(self) -> Filters:
        """What the list is narrowed to."""
        return filters_of(self.params)

    @cached_property
    def sort(self) -> Sort:
        """The order asked for, else the view's own."""
        usual = NEWEST_FIRST if self.view.key == "ended" else BY_TIME_LEFT
        return SORTS.get(self.params.get("sort", ""), usual)

    @cached_property
    def saved(self) -> list[SavedView]:
        """The saved views that the person may use."""
        return list(usable_views(self.user))

    @cached_property
    def current(self) -> SavedView | None:
        """The saved view that the address names."""
        asked = self.params.get("saved", "")
        return next((view for view in self.saved if str(view.pk) == asked), None)

    @cached_property
    def kept(self) -> dict[str, list[Choice]]:
        """Owners, teams, categories, tags and the like."""
        return kept_choices()

    @cached_property
    def size(self) -> int:
        """How many rows a page has."""
        asked = whole_number(self.params.get("size"), 0)
        return asked if asked in SIZES else SIZES[0]

    @cached_property
    def page(self) -> Page:
        """The rows."""
        return queue_page(
            self.cases,
            size=self.size,
            sort=self.sort,
            after=place_from(self.params.get("after", ""), self.sort),
            before=place_from(self.params.get("before", ""), self.sort),
        )

    @cached_property
    def cases(self) -> QuerySet[Case]:
        """The whole list."""
        return cases_asked(self.params, actor=self.actor, moment=self.moment)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cases each view holds, how many this list, how many unread notices there are."""
        lists: dict[str, QuerySet[Any]] = dict(view_lists(self.actor, moment=self.moment))
        lists["unread"] = unread_notices(self.actor)
        lists |= extra_lists(self.actor)
        current = self.current.pk if self.current else None
        views = ViewCounts(self.saved, actor=self.actor, moment=self.moment, current=current)
        if self.filters.any:
            lists["listed"] = self.cases
        caps = dict.fromkeys(views.lists, MOST)
        counts = capped_counts(self.user, {**lists, **views.lists}, caps=caps)
        views.keep(counts)
        counts |= views.kept
        counts.setdefault("listed", counts[self.view.key])
        return counts

    @cached_property
    def query(self) -> str:
        """The address without the place in the list."""
        kept = self.params.copy()
        for name in KEPT_OUT:
            if name != "saved":
                kept.pop(name, None)
        for name in [name for name in kept if not any(kept.getlist(name))]:
            del kept[name]
        return kept.urlencode()

    def address(self, **place: str) -> str:
        """Return the address of this list at another place."""
        words = QueryDict(self.query, mutable=True)
        words.update(place)
        return f"{reverse('desk')}?{words.urlencode()}"

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The menu of views, those that somebody saved among them."""
        groups = view_groups(
            self.counts,
            current="" if self.current else self.view.key,
            extra=extra_views(self.actor, self.counts),
        )
        items = saved_items(self.saved, self.counts, current=self.current)
        return [*groups[:2], items, *groups[2:]]

    def token(self) -> str:
        """Return what changes when anything that the page shows has changed."""
        raw = f"{versions(self.page.rows)}|{sorted(self.counts.items())}"
        return hashlib.sha256(raw.encode()).hexdigest()[:16]

    def context(self, *, selected: str = "") -> dict[str, Any]:
        """Return what the page and its parts show."""
        rows, page, sort = self.page.rows, self.page, self.sort
        earlier = place_words(rows[0], sort) if rows and page.has_earlier else ""
        later = place_words(rows[-1], sort) if rows and page.has_later else ""
        return {
            "now": self.moment,
            "view": self.view,
            "list_title": self.current.name if self.current else self.view.label,
            "sort": sort,
            "groups": self.groups,
            "rows": [case_row(row, query=self.query, selected=selected) for row in rows],
            "total": count_words(self.counts["listed"]),
            "listed": self.counts["listed"],
            "previous_href": self.address(before=earlier) if earlier else "",
            "next_href": self.address(after=later) if later else "",
            "query": self.query,
            "known": versions(rows),
            "token": self.token(),
            "notification_count": self.counts["unread"],
        }

    def filter_context(self) -> dict[str, Any]:
        """Return what the filters above the list show."""
        choices = choices_of(self.kept)
        changed = bool(self.current) and query_of(self.params) != self.current.query
        return {
            "filters_open": "filters" in self.params,
            "filters_href": self.address(filters="1"),
            "clear_href": f"{reverse('desk')}?view={self.view.key}",
            "chips": chips(self.params, choices, address=reverse("desk")),
            "pickers": pickers(self.params, choices) if "filters" in self.params else [],
            "left_choices": left_choices(self.params),
            "sorts": list(SORTS.values()),
            "params": self.params,
            "narrowed": self.filters.any,
            "saved_query": query_of(self.params),
            "current": self.current,
            "is_changed": changed,
            "is_own": self.current is not None and self.current.owner_id == self.user.pk,
        }
