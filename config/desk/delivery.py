"""What became of a message to the consumer: on its way, delivered, read, or not got through."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from complaints.models import Message
from complaints.notifications.words import error_words
from complaints.states import OutboxChannel, OutboxStatus
from config.templatetags.present import moment


def delivery_of(message: Message, *, now: datetime) -> dict[str, Any]:
    """Return words, icon and tone, with moments; `message` comes from `selectors.timeline`."""
    told = getattr(message, "delivery", None)
    if message.read_at is not None:
        words = {"when": moment(message.read_at, now)}
        return {"words": _("消费者已读，%(when)s") % words, "icon": "eye", "more": _sent(told, now)}
    if told is None:
        return {"words": _("在进度页等消费者看"), "icon": "monitor"}
    if told["status"] == OutboxStatus.DEAD:
        return _failed(told, now)
    if told["status"] == OutboxStatus.SENT:
        return {"words": _sent(told, now), "icon": "check-check"}
    return {"words": _on_the_way(told), "icon": "clock-fading"}


def _way(told: dict[str, Any]) -> str:
    return _("短信") if told["channel"] == OutboxChannel.SMS else _("邮件")


def _sent(told: dict[str, Any] | None, now: datetime) -> str:
    if told is None or told["status"] != OutboxStatus.SENT or not told["sent_at"]:
        return ""
    words = {"way": _way(told), "when": moment(parse_datetime(told["sent_at"]), now)}
    return _("%(way)s已送达，%(when)s") % words


def _on_the_way(told: dict[str, Any]) -> str:
    if not told["attempts"]:
        return _("%(way)s正在发出") % {"way": _way(told)}
    words = {"way": _way(told), "count": told["attempts"]}
    return _("%(way)s试了 %(count)d 次还没发出，会继续试") % words


def _failed(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    dead = parse_datetime(told["dead_at"]) if told["dead_at"] else None
    words = {"way": _way(told), "when": moment(dead, now)}
    return {
        "words": _("%(way)s没有送达，%(when)s") % words,
        "icon": "mail-x",
        "tone": "danger",
        "more": error_words(told["error"]),
    }
