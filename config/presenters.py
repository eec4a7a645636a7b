"""Words for the events of every app, joined for the case page and the tracking page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import agreements.presenters
import compensation.presenters
import complaints.presenters
import liability.presenters
import reviews.presenters
from complaints.models import CaseEvent
from complaints.presenters import EventText, clock_words
from complaints.states import ClockKind, Rung

EVENT_TEXTS: dict[str, EventText] = {
    **complaints.presenters.EVENT_TEXTS,
    **liability.presenters.EVENT_TEXTS,
    **compensation.presenters.EVENT_TEXTS,
    **agreements.presenters.EVENT_TEXTS,
    **reviews.presenters.EVENT_TEXTS,
}


def staff_text(event: CaseEvent) -> str:
    """Return what an event is called inside; a kind without words shows its code."""
    known = EVENT_TEXTS.get(event.kind)
    return _filled(known.staff, event) if known else event.kind


def consumer_text(event: CaseEvent) -> str:
    """Return what an event is called to the consumer; "" when it stays inside."""
    known = EVENT_TEXTS.get(event.kind)
    return _filled(known.consumer, event) if known and event.for_consumer else ""


def event_icon(event: CaseEvent) -> str:
    """Return the icon of an event."""
    known = EVENT_TEXTS.get(event.kind)
    return known.icon if known else "circle"


def _filled(text: object, event: CaseEvent) -> str:
    words = str(text)
    return words % readable(event.data) if "%(" in words else words


def readable(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event or a notice carries with its codes of clocks and rungs as words."""
    words = dict(data)
    if words.get("clock") in ClockKind.values:
        words["clock"] = clock_words(words["clock"], words.get("name", ""))
    if words.get("rung") in Rung.values:
        words["rung"] = Rung(words["rung"]).label
    return words
