"""Cases as rows of a list, and views as a menu with counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.models import SavedView
from complaints.selectors.counting import MOST_COUNTED
from complaints.selectors.paging import BY_TIME_LEFT, Place, Sort
from complaints.selectors.queue import GROUPS, VIEWS
from complaints.states import ClockKind, Scope, Sharing, Stage, Urgency
from config.desk.view_counts import capped_words, name_of

_LONGEST_ID = 18
_GO = {"urgent": "u", "mine": "m", "unassigned": "n", "all": "a"}
_AMOUNT = re.compile(r"^\d{1,12}(\.\d{1,2})?$")


def case_row(row: Mapping[str, Any], *, query: str = "", selected: str = "") -> dict[str, Any]:
    """Return one case as the queue shows it; `query` is kept in its address."""
    address = reverse("desk:case", args=[row["reference"]])
    wrote, answered = row["consumer_wrote_at"], row["staff_wrote_at"]
    amount = next(
        (row[n] for n in ("amount_agreed", "wished_amount", "amount_paid") if row[n] is not None),
        None,
    )
    return {
        "pk": row["pk"],
        "reference": row["reference"],
        "href": f"{address}?{query}" if query else address,
        "title": row["title"] or row["reference"],
        "unread": wrote is not None and (answered is None or wrote > answered),
        "stage": Stage(row["stage"]).label,
        "flags": _flags(row),
        "amount": amount,
        "currency": row["currency"],
        "due": row["next_due_at"] if _shows_due(row) else None,
        "due_kind": ClockKind(row["next_due_kind"]).label if row["next_due_kind"] else "",
        "tags": row["tags"],
        "selected": row["reference"] == selected,
        "version": row["version"],
    }


_FINAL = {Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED, Stage.CLOSED}


def _shows_due(row: Mapping[str, Any]) -> bool:
    return row["stage"] not in _FINAL or row["next_due_kind"] == ClockKind.EMERGENCY


def _flags(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    flags = []
    if row["urgency"] == Urgency.EMERGENCY:
        flags.append({"label": _("紧急"), "tone": "danger"})
    if row["escalated"]:
        flags.append({"label": _("升级"), "tone": "purple"})
    if row["scope"] == Scope.BATCH:
        flags.append({"label": _("批次"), "tone": "warn"})
    if row["external_body"]:
        flags.append({"label": row["external_body"][:12], "tone": ""})
    if row["imported_at"] is not None:
        flags.append({"label": _("已导入"), "tone": ""})
    return flags


def count_words(count: int) -> str:
    """Write a count, exact up to 10,000."""
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"


def view_groups(
    counts: Mapping[str, int], *, current: str, extra: Mapping[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    """Return the views with their counts in their groups; `extra` adds items to a group."""
    groups = []
    for key, title in GROUPS:
        items = [
            {
                "href": f"{reverse('desk')}?{urlencode({'view': view.key})}",
                "label": view.label,
                "icon": view.icon,
                "count": count_words(counts[view.key]) if counts[view.key] else "0",
                "hot": view.hot and counts[view.key] > 0,
                "current": view.key == current,
                "go": _GO.get(view.key, ""),
            }
            for view in VIEWS.values()
            if view.group == key
        ]
        groups.append({"title": title, "items": [*items, *extra.get(key, [])]})
    return groups


def saved_items(
    views: Iterable[SavedView], counts: Mapping[str, int], *, current: SavedView | None
) -> dict[str, Any]:
    """Return the saved views as a group of the menu."""
    items: list[dict[str, Any]] = [
        {
            "href": saved_address(view),
            "label": view.name,
            "icon": "bookmark" if view.sharing == Sharing.OWN else "users",
            "count": capped_words(counts.get(name_of(view))),
            "current": current is not None and view.pk == current.pk,
        }
        for view in views
    ]
    manage = {
        "href": reverse("desk:views"),
        "label": _("管理视图"),
        "icon": "settings-2",
        "go": "v",
    }
    return {"title": _("我的视图"), "items": [*items, manage]}


def saved_address(view: SavedView) -> str:
    """Return the address of a saved view's list."""
    return f"{reverse('desk')}?{view.query}&saved={view.pk}".replace("?&", "?")


def place_words(row: dict[str, Any], sort: Sort = BY_TIME_LEFT) -> str:
    """Write a row's key for an address."""
    key = sort.key_of(row)
    words = key.isoformat() if isinstance(key, datetime) else "" if key is None else str(key)
    return f"{words}_{row['pk']}"


def place_from(words: str, sort: Sort = BY_TIME_LEFT) -> Place | None:
    """Read a row's key from an address; None when it is not one."""
    written, _separator, pk = words.rpartition("_")
    if not pk.isdecimal() or len(pk) > _LONGEST_ID:
        return None
    if not written:
        return Place(None, int(pk))
    key = _amount(written) if sort.column == "wished_amount" else _moment(written)
    return None if key is None else Place(key, int(pk))


def _moment(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _amount(words: str) -> Decimal | None:
    return Decimal(words) if _AMOUNT.match(words) else None


def versions(rows: Iterable[Mapping[str, Any]]) -> str:
    """Write which versions of which cases a page shows, to tell later what is new."""
    return "-".join(f"{row['pk']}.{row['version']}" for row in rows)
