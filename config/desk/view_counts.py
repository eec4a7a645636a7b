"""How many cases the saved views of a person hold: counted so far as the menu says, and seldom.

A queue asks for news every 15 seconds. What a view holds is therefore counted up to `MOST`, all
views in one statement together with the lists of the desk, and kept for `KEPT_SECONDS`. The view
that is open is counted anew each time, so that the menu never contradicts the list beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import QueryDict
from redis.exceptions import RedisError

from complaints.actors import Actor
from complaints.models import SavedView
from complaints.selectors.queue import cases_asked

MOST, MOST_VIEWS, KEPT_SECONDS = 999, 60, 60


def name_of(view: SavedView) -> str:
    """Return under which name a view's count is read."""
    return f"saved_{view.pk}"


class ViewCounts:
    """The counts of a person's saved views: those that are kept, and the lists still to count."""

    def __init__(
        self, views: Iterable[SavedView], *, actor: Actor, moment: datetime, current: int | None
    ) -> None:
        counted = list(views)[:MOST_VIEWS]
        self.keys = {name_of(view): _key(view, actor) for view in counted}
        kept = _kept(list(self.keys.values()))
        self.kept: dict[str, int] = {
            name_of(view): kept[key]
            for view in counted
            if (key := self.keys[name_of(view)]) in kept and view.pk != current
        }
        self.lists: dict[str, QuerySet[Any]] = {
            name_of(view): cases_asked(QueryDict(view.query), actor=actor, moment=moment)
            for view in counted
            if name_of(view) not in self.kept
        }

    def keep(self, counts: Mapping[str, int]) -> None:
        """Keep what was counted now."""
        fresh = {self.keys[name]: counts[name] for name in self.lists}
        with suppress(RedisError):
            cache.set_many(fresh, KEPT_SECONDS)


def _kept(keys: list[str]) -> dict[str, int]:
    """Return the counts that are kept; a cache that is down keeps none, and holds nobody up."""
    with suppress(RedisError):
        return cache.get_many(keys)
    return {}


def _key(view: SavedView, actor: Actor) -> str:
    """What a person may see and who "me" is go with the person; what is asked, with the query."""
    query = hashlib.sha256(view.query.encode()).hexdigest()[:16]
    roles = "-".join(sorted(actor.roles))
    return f"view-count:{actor.person.pk}:{roles}:{view.pk}:{query}"


def capped_words(count: int | None) -> str | None:
    """Write a view's count, exact up to 999; None where it was not counted."""
    if count is None:
        return None
    return f"{MOST}+" if count > MOST else str(count)
