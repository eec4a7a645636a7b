"""Lists of other apps that stand among the desk's views: approvals, risks, missed promises."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.states import Role
from complaints.actors import Actor
from complaints.permissions import Permission, has_permission


def extra_views(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """Return the links that a person's roles call for, by group of views."""
    found: dict[str, list[dict[str, Any]]] = {"stage": [], "all": []}
    if has_permission(actor, Permission.APPROVE_PLAN):
        found["stage"] += _link("approvals", _("待我审批"), "file-check")
    if actor.has_role(Role.FINANCE):
        found["stage"] += _link("finance", _("付款"), "badge-japanese-yen")
    found["all"] += _link("reviews_list", _("复议和调解"), "scale")
    found["all"] += _link("complaints:accountability", _("超时问责"), "gavel")
    return found


def _link(name: str, label: str, icon: str) -> list[dict[str, Any]]:
    try:
        href = reverse(name)
    except NoReverseMatch:
        return []
    return [{"href": href, "label": label, "icon": icon, "count": None}]
