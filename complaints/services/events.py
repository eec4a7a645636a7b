"""Writing the event log. The caller holds the Case's lock, so that sequences have no gaps."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case, CaseEvent, EventPayload, Timer
from complaints.moments import now
from complaints.services.webhooks import queue_webhooks


def event_hash(event: CaseEvent) -> str:
    """Return the SHA-256 over the event's content and its predecessor's hash."""
    content = {
        "case": event.case_id,
        "sequence": event.sequence,
        "kind": event.kind,
        "old": event.old_stage,
        "new": event.new_stage,
        "actor_kind": str(event.actor_kind),
        "actor": event.actor_id,
        "at": event.at.isoformat(),
        "data": event.data,
        "timer": event.timer_id,
        "payload": event.payload_digest,
        "previous": event.previous_hash,
    }
    raw = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()


def append_event(
    case: Case,
    kind: str,
    *,
    by: Actor,
    data: dict[str, Any] | None = None,
    text: Any = None,
    for_consumer: bool = False,
    old_stage: str = "",
    new_stage: str = "",
    timer: Timer | None = None,
) -> CaseEvent:
    """Add one event to a locked Case's chain.

    `data` holds codes, ids and old/new values. `text` is personal text: it is sealed under the
    consumer's key in a row beside. The database checks that the event follows the last one and
    moves the chain's head on the Case. Programs outside that want the event are told of it.
    """
    sealed = sealing.seal(case.consumer.key_sealed, text) if text else b""
    event = next_event(
        case,
        kind,
        by=by,
        data=data,
        sealed=sealed,
        for_consumer=for_consumer,
        old_stage=old_stage,
        new_stage=new_stage,
        timer=timer,
    )
    event.save(force_insert=True)
    if sealed:
        EventPayload.objects.create(event=event, consumer=case.consumer, sealed=sealed)
    queue_webhooks([event])
    return event


def next_event(
    case: Case,
    kind: str,
    *,
    by: Actor,
    data: dict[str, Any] | None = None,
    sealed: bytes = b"",
    for_consumer: bool = False,
    old_stage: str = "",
    new_stage: str = "",
    timer: Timer | None = None,
) -> CaseEvent:
    """Return the unsaved event that follows a saved Case's last one, and move the head to it."""
    event = CaseEvent(
        case=case,
        sequence=case.event_count + 1,
        kind=kind,
        old_stage=old_stage,
        new_stage=new_stage,
        actor_kind=by.kind,
        actor=by.user,
        at=now(),
        data=data or {},
        for_consumer=for_consumer,
        timer=timer,
        payload_digest=hashlib.sha256(sealed).hexdigest() if sealed else "",
        previous_hash=case.last_event_hash,
    )
    event.hash = event_hash(event)
    case.event_count = event.sequence
    case.last_event_hash = event.hash
    return event


def broken_link(case: Case) -> int | None:
    """Return the sequence of the first event that does not fit the chain, or None if all do."""
    previous, sequence = "0" * 64, 0
    for event in CaseEvent.objects.filter(case=case).order_by("sequence").iterator():
        sequence += 1
        fits = event.sequence == sequence and event.previous_hash == previous
        if not fits or event.hash != event_hash(event):
            return event.sequence
        previous = event.hash
    last = Case.objects.values_list("last_event_hash", "event_count").get(pk=case.pk)
    return None if last == (previous, sequence) else sequence + 1
