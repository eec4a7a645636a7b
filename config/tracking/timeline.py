"""What happened, newest first, in the consumer's words, with what was promised and kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from complaints.models import CaseEvent, Clock
from complaints.presenters import pause_words
from complaints.states import EVENT_CLOCKS, NOBODYS_FAULT, ClockKind
from config.presenters import consumer_text, event_icon
from config.templatetags.present import duration, moment
from config.tracking.headline import promised_moment

_SAME_STEP = timedelta(seconds=5)
_AT_ONCE = timedelta(minutes=1)
_NOT_PROMISED = NOBODYS_FAULT | EVENT_CLOCKS - {ClockKind.DATA_REQUEST}
"""Clocks whose end says nothing of a step: the consumer's own, and those of regulator and house."""


def timeline_of(
    events: Iterable[CaseEvent], clocks: Sequence[Clock], *, now: datetime
) -> list[dict[str, Any]]:
    """Return the events that have words for the consumer, the newest first."""
    items = []
    for event in events:
        title = consumer_text(event)
        if title:
            items.append(
                {
                    "title": title,
                    "at": moment(event.at, now),
                    "at_iso": event.at.isoformat(),
                    "text": _promise(event, clocks),
                    "icon": event_icon(event),
                }
            )
    return items[::-1]


def _pause(event: CaseEvent) -> str:
    until = parse_datetime(event.data.get("until") or "")
    payload = getattr(event, "payload", None)
    words = {
        "cause": pause_words(event.data.get("pause", "")),
        "due": promised_moment(until),
        "reason": ((payload.text if payload else None) or {}).get("reason", ""),
    }
    if words["reason"]:
        return _("%(cause)s，最晚到 %(due)s。%(reason)s") % words
    return _("%(cause)s，最晚到 %(due)s") % words


def _resumed(event: CaseEvent) -> str:
    due = parse_datetime(event.data.get("due") or "")
    return _("新的到期时间：%(due)s") % {"due": promised_moment(due)} if due else ""


def _promise(event: CaseEvent, clocks: Sequence[Clock]) -> str:
    if event.kind == "clock_paused":
        return _pause(event)
    if event.kind == "clock_resumed":
        return _resumed(event)
    if event.kind == "clock_breached":
        due = parse_datetime(event.data.get("due_at") or "")
        return _("约定 %(due)s 前完成") % {"due": promised_moment(due)} if due else ""
    kept = next((clock for clock in clocks if _ended_by(clock, event)), None)
    if kept is None or kept.due_at is None or kept.stopped_at is None:
        return ""
    words = {"due": promised_moment(kept.due_at)}
    if kept.stopped_at > kept.due_at:
        words["span"] = duration(kept.stopped_at - kept.due_at)
        return _("约定 %(due)s 前，晚了 %(span)s") % words
    if kept.stopped_at - kept.started_at < _AT_ONCE:
        return ""
    words["span"] = duration(kept.stopped_at - kept.started_at)
    return _("约定 %(due)s 前，实际用了 %(span)s") % words


def _ended_by(clock: Clock, event: CaseEvent) -> bool:
    if clock.kind in _NOT_PROMISED or clock.stopped_at is None:
        return False
    return clock.stop_cause == event.kind and abs(clock.stopped_at - event.at) < _SAME_STEP
