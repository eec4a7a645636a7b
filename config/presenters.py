"""Words for the events of every app, joined for the case page and the tracking page."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from complaints.models import CaseEvent
from complaints.presenters import EventText

APPS = ("complaints", "liability", "compensation", "agreements", "reviews")


def _joined() -> dict[str, EventText]:
    texts: dict[str, EventText] = {}
    for app in APPS:
        if find_spec(f"{app}.presenters") is not None:
            texts.update(import_module(f"{app}.presenters").EVENT_TEXTS)
    return texts


EVENT_TEXTS = _joined()


def staff_text(event: CaseEvent) -> str:
    """Return what an event is called inside."""
    return _filled(EVENT_TEXTS[event.kind].staff, event)


def consumer_text(event: CaseEvent) -> str:
    """Return what an event is called to the consumer; "" when it stays inside."""
    if not event.for_consumer:
        return ""
    return _filled(EVENT_TEXTS[event.kind].consumer, event)


def event_icon(event: CaseEvent) -> str:
    """Return the icon of an event."""
    return EVENT_TEXTS[event.kind].icon


def _filled(text: object, event: CaseEvent) -> str:
    words = str(text)
    return words % event.data if "%(" in words else words
