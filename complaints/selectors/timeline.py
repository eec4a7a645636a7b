"""What happened in a case, the newest first, in three statements however long it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, JSONObject

from complaints import sealing
from complaints.models import Case, CaseEvent, Evidence, Message, OutboxMessage

SHOWN_AT_ONCE = 40
TOLD_OTHERWISE = frozenset({"message", "note", "evidence_added", "acknowledged"})
"""Kinds of events that the conversation shows as what they are about."""


@dataclass(frozen=True)
class Entry:
    """One line of the conversation: a Message, an Evidence or a CaseEvent, with its moment."""

    at: datetime
    kind: str
    what: Any


@dataclass(frozen=True)
class Timeline:
    """Entries in the order of time; `earlier` is where the ones before them begin, if any."""

    entries: list[Entry]
    earlier: datetime | None


def conversation(case: Case, *, before: datetime | None = None) -> Timeline:
    """Return the latest messages, notes, files and events (before a moment), oldest first."""
    messages = (
        Message.objects.filter(case=case)
        .select_related("author__team__department")
        .annotate(delivery=_delivery())
    )
    files = Evidence.objects.filter(case=case).select_related("file", "uploaded_by")
    events = (
        CaseEvent.objects.filter(case=case).exclude(kind__in=TOLD_OTHERWISE).select_related("actor")
    )
    entries = [
        *_latest(messages, "message", before),
        *_latest(files, "file", before),
        *_latest(events, "event", before),
    ]
    entries.sort(key=lambda entry: (entry.at, entry.kind, entry.what.pk), reverse=True)
    shown = entries[:SHOWN_AT_ONCE]
    earlier = shown[-1].at if len(entries) > SHOWN_AT_ONCE else None
    return Timeline(shown[::-1], earlier)


def _delivery() -> Subquery:
    """What became of the notice that told the consumer of a message; null when none was sent."""
    key = Concat(Value("message:"), Cast(OuterRef("pk"), CharField()))
    told = OutboxMessage.objects.filter(key=key).values(
        json=JSONObject(
            pk="pk",
            status="status",
            channel="channel",
            attempts="attempts",
            sent_at="sent_at",
            dead_at="dead_at",
            error="last_error",
        )
    )
    return Subquery(told[:1])


def _latest(rows: QuerySet[Any], kind: str, before: datetime | None) -> Iterable[Entry]:
    if before is not None:
        rows = rows.filter(at__lt=before)
    latest = rows.order_by("-at", "-id")[: SHOWN_AT_ONCE + 1]
    return [Entry(row.at, kind, row) for row in latest]


@dataclass(frozen=True)
class LogLine:
    """One event of the log with the personal text that belongs to it, if it can be read."""

    event: CaseEvent
    text: Any


def log_lines(case: Case, *, before: int | None = None) -> tuple[list[LogLine], int | None]:
    """Return the latest events (before a sequence), newest first, and where earlier ones begin."""
    events = CaseEvent.objects.filter(case=case).select_related("actor", "payload")
    if before is not None:
        events = events.filter(sequence__lt=before)
    found = list(events.order_by("-sequence")[: SHOWN_AT_ONCE + 1])
    shown = found[:SHOWN_AT_ONCE]
    earlier = shown[-1].sequence if len(found) > SHOWN_AT_ONCE else None
    return [LogLine(event, _text(case, event)) for event in shown], earlier


def _text(case: Case, event: CaseEvent) -> Any:
    payload = getattr(event, "payload", None)
    return sealing.unseal(case.consumer.key_sealed, payload.sealed) if payload else None


def changes_since(case: Case, *, seen: int) -> list[CaseEvent]:
    """Return the events since a version that somebody had seen, the newest first, ten at most."""
    count = max(1, min(10, case.version - seen))
    events = CaseEvent.objects.filter(case=case).select_related("actor")
    return list(events.order_by("-sequence")[:count])
