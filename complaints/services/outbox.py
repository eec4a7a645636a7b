"""Notices as rows: written with what they tell, delivered afterwards, at least once."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from kombu.exceptions import OperationalError

from accounts.models import User
from complaints import notifications, sealing
from complaints.models import Case, CaseEvent, Notification, OutboxMessage
from complaints.moments import now
from complaints.states import OutboxChannel, OutboxStatus

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 10
DELIVERY_TASK = "complaints.tasks.deliver_outbox"


def tell_consumer(
    case: Case,
    kind: str,
    *,
    key: str,
    event: CaseEvent | None = None,
    data: dict[str, Any] | None = None,
    secret: dict[str, Any] | None = None,
) -> OutboxMessage | None:
    """Queue one notice to the consumer, by mail or else by SMS; None when there is no address.

    `key` makes the notice unique: the same key twice is an IntegrityError, never two mails.
    `secret` (a code, a link) is sealed and forgotten after delivery.
    """
    contact = case.consumer.contact
    if not contact.get("email") and not contact.get("phone"):
        return None
    channel = OutboxChannel.EMAIL if contact.get("email") else OutboxChannel.SMS
    return _enqueue(
        case,
        kind,
        key=key,
        recipient="consumer",
        channel=channel,
        event=event,
        data=data,
        secret=secret,
    )


def tell_address(
    case: Case, kind: str, *, key: str, address: str, data: dict[str, Any], secret: dict[str, Any]
) -> OutboxMessage:
    """Queue one mail to an outside person (an invited mediator) whose address is kept sealed."""
    return _enqueue(
        case,
        kind,
        key=key,
        recipient="address",
        channel=OutboxChannel.EMAIL,
        event=None,
        data=data,
        secret={**secret, "to": address},
    )


def tell_staff(
    case: Case,
    kind: str,
    *,
    users: list[User],
    key: str,
    data: dict[str, Any] | None = None,
    event: CaseEvent | None = None,
    by_mail: bool = False,
) -> None:
    """Put a notice on the desk of each of `users`, and a mail in the outbox if asked for."""
    Notification.objects.bulk_create(
        Notification(user=user, case=case, kind=kind, data=data or {}, at=now()) for user in users
    )
    for user in users:
        if by_mail and user.email:
            _enqueue(
                case,
                kind,
                key=f"{key}:{user.pk}",
                recipient=f"user:{user.pk}",
                channel=OutboxChannel.EMAIL,
                event=event,
                data=data,
                secret=None,
            )


def _enqueue(
    case: Case,
    kind: str,
    *,
    key: str,
    recipient: str,
    channel: str,
    event: CaseEvent | None,
    data: dict[str, Any] | None,
    secret: dict[str, Any] | None,
) -> OutboxMessage:
    moment = now()
    message = OutboxMessage.objects.create(
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
    transaction.on_commit(nudge_delivery)
    return message


def nudge_delivery() -> None:
    """Ask a worker to deliver now. Without a broker nothing is lost: the beat asks again."""
    try:
        current_app.send_task(DELIVERY_TASK, retry=False)
    except OperationalError:
        logger.warning("broker_unreachable", extra={"task": DELIVERY_TASK})


def deliver_due(*, limit: int = 50) -> int:
    """Deliver pending notices and return how many went out; safe to run many times at once."""
    sent = 0
    for message in _leased(limit):
        try:
            notifications.send(message)
        except Exception as error:
            # One notice that can't be written or sent must not hold up the others.
            _postpone(message, error)
        else:
            sent += OutboxMessage.objects.filter(pk=message.pk, status=OutboxStatus.PENDING).update(
                status=OutboxStatus.SENT, sent_at=now(), sealed=b"", lease_until=None
            )
    return sent


def _leased(limit: int) -> list[OutboxMessage]:
    moment = now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=moment)
    with transaction.atomic():
        due = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(free, status=OutboxStatus.PENDING, next_at__lte=moment)
            .order_by("next_at", "id")[:limit]
        )
        ids = [message.pk for message in due]
        OutboxMessage.objects.filter(pk__in=ids).update(
            lease_until=moment + LEASE, attempts=F("attempts") + 1
        )
    return list(
        OutboxMessage.objects.filter(pk__in=ids)
        .select_related("case__consumer", "case__product")
        .order_by("next_at", "id")
    )


def _postpone(message: OutboxMessage, error: Exception) -> None:
    gives_up = message.attempts >= MOST_ATTEMPTS or isinstance(error, notifications.Undeliverable)
    wait = timedelta(seconds=min(15 * 2**message.attempts, 6 * 3600))
    OutboxMessage.objects.filter(pk=message.pk).update(
        status=OutboxStatus.DEAD if gives_up else OutboxStatus.PENDING,
        next_at=now() + wait,
        lease_until=None,
        last_error=type(error).__name__,
    )
    logger.warning(
        "notice_not_delivered",
        extra={"outbox": message.pk, "error": type(error).__name__, "dead": gives_up},
    )
