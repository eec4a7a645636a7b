"""Notices that did not arrive, and receivers outside, as their pages show them."""

from __future__ import annotations

from datetime import datetime
from types import ModuleType
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import agreements.presenters
import compensation.presenters
import complaints.presenters
import liability.presenters
import reviews.presenters
from complaints.models import OutboxMessage, WebhookEndpoint
from complaints.notifications.words import error_words
from complaints.selectors.dead_letters import staff_names
from complaints.services.dead_letters import NEVER_REPLAYED
from complaints.states import OutboxChannel, OutboxStatus
from config.desk.notices import TEXTS
from config.presenters import EVENT_TEXTS
from config.templatetags.present import ago, date_time

MAILS = {
    "received": gettext_lazy("收到投诉的回执"),
    "code": gettext_lazy("一次性校验码"),
    "company_code": gettext_lazy("代表公司签署的校验码"),
    "files_refused": gettext_lazy("有附件没有收下的通知"),
    "message": gettext_lazy("有新消息的提醒"),
    "your_turn": gettext_lazy("提醒消费者处理"),
    "agreement_not_signed": gettext_lazy("协议没有签成的通知"),
    "clock_warned": gettext_lazy("期限提醒"),
    "clock_breached": gettext_lazy("超时通知"),
    "clock_escalated": gettext_lazy("超时升级通知"),
    "accountability_opened": gettext_lazy("请责任人说明的通知"),
    "accountability_decided": gettext_lazy("问责决定的通知"),
}
GROUPS: tuple[tuple[Any, ModuleType], ...] = (
    (gettext_lazy("受理、沟通和时限"), complaints.presenters),
    (gettext_lazy("调查和责任认定"), liability.presenters),
    (gettext_lazy("补偿方案"), compensation.presenters),
    (gettext_lazy("协议和履行"), agreements.presenters),
    (gettext_lazy("复议、调解和外部程序"), reviews.presenters),
)


def notice_name(kind: str) -> str:
    """Return what a kind of notice or event is called in a list."""
    if kind in MAILS:
        return str(MAILS[kind])
    if kind in EVENT_TEXTS:
        return str(EVENT_TEXTS[kind].staff)
    words = str(TEXTS[kind][0]) if kind in TEXTS else kind
    return kind if "%(" in words else words


def letter_rows(messages: list[OutboxMessage], *, now: datetime) -> list[dict[str, Any]]:
    """Return dead letters as rows of the list."""
    names = staff_names(messages)
    return [letter(message, names, now=now) for message in messages]


def letter(message: OutboxMessage, names: dict[str, str], *, now: datetime) -> dict[str, Any]:
    """Return one notice with its recipient, its last error and its age in words."""
    is_dead = message.status == OutboxStatus.DEAD
    return {
        "pk": message.pk,
        "href": reverse("desk:dead_letter", args=[message.pk]),
        "name": notice_name(message.kind),
        "channel": OutboxChannel(message.channel).label,
        "status": OutboxStatus(message.status).label,
        "to": _recipient(message, names),
        "case": message.case,
        "error": error_words(message.last_error),
        "code": message.last_error,
        "attempts": message.attempts,
        "replays": message.replays,
        "created": date_time(message.created_at),
        "age": ago(message.dead_at, now) if message.dead_at else "",
        "is_dead": is_dead,
        "may_replay": is_dead and message.kind not in NEVER_REPLAYED,
        "has_secret": bool(message.sealed),
    }


def _recipient(message: OutboxMessage, names: dict[str, str]) -> str:
    if message.endpoint is not None:
        return message.endpoint.name
    if message.recipient == "consumer":
        return _("消费者")
    if message.recipient == "address":
        return _("外部人员")
    return names.get(message.recipient, _("已离开的同事"))


def group_rows(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the groups of dead letters: one way and kind each, with a count."""
    return [
        {
            **group,
            "name": notice_name(group["kind"]),
            "way": OutboxChannel(group["channel"]).label,
            "may_replay": group["kind"] not in NEVER_REPLAYED,
        }
        for group in groups
    ]


def event_choices() -> list[tuple[str, Any]]:
    """Return all kinds of events that a receiver can want."""
    return [(kind, text.staff) for kind, text in EVENT_TEXTS.items()]


def event_groups(field: Any) -> list[dict[str, Any]]:
    """Return the boxes of a form's kinds under the parts of a case's life."""
    boxes = {box.data["value"]: box for box in field}
    groups = []
    for label, module in GROUPS:
        mine = [boxes[kind] for kind in module.EVENT_TEXTS if kind in boxes]
        chosen = sum(1 for box in mine if box.data["selected"])
        groups.append({"label": label, "boxes": mine, "chosen": chosen})
    return groups


def endpoint_rows(endpoints: list[WebhookEndpoint]) -> list[dict[str, Any]]:
    """Return receivers as rows of the list."""
    return [
        {
            "href": reverse("desk:webhook", args=[endpoint.pk]),
            "name": endpoint.name,
            "url": endpoint.url,
            "kinds": _wanted(endpoint),
            "is_active": endpoint.is_active,
            "waiting": getattr(endpoint, "waiting", 0),
            "dead": getattr(endpoint, "dead", 0),
        }
        for endpoint in endpoints
    ]


def _wanted(endpoint: WebhookEndpoint) -> str:
    if not endpoint.kinds:
        return _("全部事件")
    return _("%(count)d 种事件") % {"count": len(endpoint.kinds)}
