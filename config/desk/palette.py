"""What the command palette offers: cases, views, pages and actions that the person may reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.access import get_case
from complaints.actors import Actor
from complaints.permissions import Permission, has_permission
from complaints.search_terms import folded, query_words
from complaints.selectors.queue import VIEWS
from complaints.selectors.saved_views import usable_views
from complaints.selectors.search import best_cases, found_cases
from config.desk.links import extra_lists, extra_views
from config.desk.panels import other_actions, primary_action
from config.desk.rows import case_row, saved_address

MOST_CASES, MOST_OTHERS = 6, 7
Item = dict[str, Any]


def offers(user: User, text: str, *, reference: str = "") -> list[dict[str, Any]]:
    """Return what answers `text` in groups, the likeliest first; without a text the usual ways.

    `reference` names the case that is open, if one is.
    """
    actor, text = Actor.staff(user), text.strip()
    found = [
        (_("案件"), _cases(actor, text)),
        (_("这个案件"), _fitting(_case_actions(user, actor, reference), text, MOST_OTHERS)),
        (_("视图"), _fitting(_views(user), text, MOST_OTHERS)),
        (_("操作"), _fitting(_actions(actor), text, MOST_OTHERS)),
        (_("页面"), _fitting(_pages(actor), text, MOST_OTHERS)),
    ]
    return [{"title": title, "items": items} for title, items in found if items]


def _item(label: Any, href: str, icon: str, note: Any = "") -> Item:
    return {"label": str(label), "href": href, "icon": icon, "note": str(note)}


def _fitting(items: Iterable[Item], text: str, most: int) -> list[Item]:
    words = [folded(word) for word in query_words(text)]
    fit = (item for item in items if all(word in folded(item["label"]) for word in words))
    return [item for item, _number in zip(fit, range(most), strict=False)]


def _cases(actor: Actor, text: str) -> list[Item]:
    if not query_words(text):
        return []
    rows = best_cases(found_cases(actor, text), text, size=MOST_CASES).rows
    return [
        _item(row["title"], case_row(row)["href"], "file-text", row["reference"]) for row in rows
    ]


def _case_actions(user: User, actor: Actor, reference: str) -> Iterator[Item]:
    if not reference:
        return
    try:
        case = get_case(user, reference)
    except Http404:
        return
    primary = primary_action(case, actor)
    steps = [primary] if primary is not None else []
    for step in [*steps, *other_actions(case, actor)]:
        if step.url and not step.disabled_reason:
            yield _item(step.label, step.url, "arrow-right", case.reference)
    if has_permission(actor, Permission.HANDLE_CASE):
        for name, label, icon in (
            ("complaints:assign", _("转交"), "user-plus"),
            ("complaints:tags", _("标签"), "tags"),
        ):
            yield _item(label, reverse(name, args=[case.reference]), icon, case.reference)


def _views(user: User) -> Iterator[Item]:
    for view in VIEWS.values():
        yield _item(view.label, f"{reverse('desk')}?view={view.key}", view.icon)
    for saved in usable_views(user):
        yield _item(saved.name, saved_address(saved), "bookmark", saved.owner)


def _actions(actor: Actor) -> Iterator[Item]:
    if has_permission(actor, Permission.HANDLE_CASE):
        yield _item(_("登记来电或到店投诉"), reverse("complaints:new"), "phone")
        yield _item(_("批量操作记录"), reverse("desk:bulk_list"), "layers")
    yield _item(_("保存一个视图"), reverse("desk:view_new"), "bookmark-plus")
    yield _item(_("管理视图"), reverse("desk:views"), "settings-2")


def _pages(actor: Actor) -> Iterator[Item]:
    yield _item(_("工作台"), reverse("desk"), "inbox")
    yield _item(_("搜索"), reverse("desk_search"), "search")
    yield _item(_("通知"), reverse("notifications"), "bell")
    if has_permission(actor, Permission.VIEW_DASHBOARD):
        yield _item(_("看板"), reverse("dashboard"), "chart-column")
    nothing = dict.fromkeys(extra_lists(actor), 0)
    for links in extra_views(actor, nothing).values():
        for link in links:
            yield _item(link["label"], link["href"], link["icon"])
    yield _item(_("设置"), reverse("account_settings"), "settings")
