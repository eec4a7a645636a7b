"""What administrators decide about chatting: on which sites, when, and how long one may wait."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Team
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import BusinessCalendar, ChatOrigin, ChatRules
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.chats import normalised_origin

MOST_ORIGINS = 100


def allow_origin(value: str, *, by: Actor, note: str = "") -> ChatOrigin:
    """Let a site show the chat inside its pages; listed before, it stays as it is.

    Raises CaseError for anything but a plain origin like https://shop.example.
    """
    _check(by)
    origin = normalised_origin(value)
    if not origin:
        raise CaseError(
            _("请填写完整的网站地址，如 https://shop.example，不带路径，不用通配符。"),
            field="origin",
        )
    if ChatOrigin.objects.count() >= MOST_ORIGINS:
        raise CaseError(_("最多列 %(most)d 个网站。") % {"most": MOST_ORIGINS}, field="origin")
    try:
        with transaction.atomic():
            return ChatOrigin.objects.create(
                origin=origin, note=note.strip()[:100], added_by=by.person, added_at=now()
            )
    except IntegrityError:
        return ChatOrigin.objects.get(origin=origin)


def remove_origin(origin_id: int, *, by: Actor) -> None:
    """Let a site no longer show the chat; removed before, nothing happens."""
    _check(by)
    ChatOrigin.objects.filter(pk=origin_id).delete()


def set_rules(
    *,
    is_on: bool,
    calendar: BusinessCalendar | None,
    wait_minutes: int,
    by: Actor,
    teams: Iterable[Team] = (),
) -> ChatRules:
    """Decide when people answer chats, and whose agents do (no team: everybody's).

    Raises CaseError for a wait that is out of bounds.
    """
    _check(by)
    if not 1 <= wait_minutes <= 1440:
        raise CaseError(_("等待时间在 1 到 1440 分钟之间。"), field="wait_minutes")
    values = {"is_on": is_on, "calendar": calendar, "wait_minutes": wait_minutes}
    rules = ChatRules.objects.update_or_create(pk=1, defaults=values)[0]
    rules.teams.set(teams)
    return rules


def _check(by: Actor) -> None:
    if not has_permission(by, Permission.ADMINISTER):
        raise StepForbidden(_("只有系统管理员能改在线客服的设置。"))
