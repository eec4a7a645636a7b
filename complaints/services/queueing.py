"""Putting notices into the outbox: rows of the transaction that they tell of."""

from __future__ import annotations

import logging
import time
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from complaints import sealing
from complaints.models import Case, CaseEvent, OutboxMessage
from complaints.moments import now

logger = logging.getLogger(__name__)
DELIVERY_TASK = "complaints.tasks.deliver_outbox"
ASSIGNMENT_TASK = "complaints.tasks.tend_owners"
BULK_TASK = "complaints.tasks.work_bulk"
MAIL_TASK = "complaints.tasks.handle_mail"
SILENCE_SECONDS = 5.0
_silent_until = 0.0


def enqueue(
    case: Case | None,
    kind: str,
    *,
    key: str,
    recipient: str,
    channel: str,
    event: CaseEvent | None = None,
    data: dict[str, Any] | None = None,
    secret: dict[str, Any] | None = None,
) -> OutboxMessage:
    """Queue one notice; it goes out after the transaction, and never if that is rolled back.

    The same key twice is an IntegrityError. `secret` is sealed and forgotten after delivery.
    """
    message = planned(
        case,
        kind,
        key=key,
        recipient=recipient,
        channel=channel,
        event=event,
        data=data,
        secret=secret,
    )
    enqueue_all([message])
    return message


def planned(
    case: Case | None,
    kind: str,
    *,
    key: str,
    recipient: str,
    channel: str,
    event: CaseEvent | None = None,
    data: dict[str, Any] | None = None,
    secret: dict[str, Any] | None = None,
) -> OutboxMessage:
    """Return one unsaved notice, for callers that queue many with `enqueue_all`."""
    moment = now()
    return OutboxMessage(
        key=key,
        case=case,
        event=event,
        kind=kind,
        channel=channel,
        recipient=recipient,
        data=data or {},
        sealed=sealing.seal_for_installation(secret) if secret else b"",
        next_at=moment,
        created_at=moment,
    )


def enqueue_all(messages: list[OutboxMessage]) -> None:
    """Queue notices; workers are asked once a transaction, however many there are."""
    if not messages:
        return
    OutboxMessage.objects.bulk_create(messages)
    waiting = transaction.get_connection().run_on_commit
    if not any(hook[1] is nudge_delivery for hook in waiting):
        transaction.on_commit(nudge_delivery)


def nudge_delivery() -> None:
    """Ask a worker to deliver now. Without a broker nothing is lost: the beat asks again."""
    _ask(DELIVERY_TASK)


def assign_soon() -> None:
    """Ask a worker, once this is committed, to give cases without an owner to somebody."""
    waiting = transaction.get_connection().run_on_commit
    if not any(hook[1] is _nudge_assignment for hook in waiting):
        transaction.on_commit(_nudge_assignment)


def _nudge_assignment() -> None:
    _ask(ASSIGNMENT_TASK)


def bulk_soon() -> None:
    """Ask a worker, once this is committed, to carry out what was ordered for many cases."""
    waiting = transaction.get_connection().run_on_commit
    if not any(hook[1] is nudge_bulk for hook in waiting):
        transaction.on_commit(nudge_bulk)


def nudge_bulk() -> None:
    """Ask a worker to go on with bulk work; else as `nudge_delivery`."""
    _ask(BULK_TASK)


def nudge_mail() -> None:
    """Ask a worker to decide on mail that came in; else as `nudge_delivery`."""
    _ask(MAIL_TASK)


def _ask(task: str) -> None:
    """Send a task; a broker that did not answer is left alone for some seconds.

    So nobody waits for it twice.
    """
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task(task, retry=False)
    except OperationalError:
        _silent_until = time.monotonic() + SILENCE_SECONDS
        logger.warning("broker_unreachable", extra={"task": task})
