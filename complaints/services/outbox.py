"""Notices as rows: written with what they tell, delivered afterwards, at least once.

Delivery: one notice at a time is leased, sent, and marked as sent. Whoever dies in between leaves a
lease that runs out, and somebody else sends the notice again under the same name: exactly once in
effect, at least once on the wire. What cannot be delivered ends as a dead letter that people see.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from complaints import notifications
from complaints.actors import Actor
from complaints.customer_states import ContactChannel
from complaints.models import Case, CaseEvent, Consumer, Notification, OutboxMessage
from complaints.moments import now
from complaints.selectors.people import responsible_for
from complaints.services.events import append_event
from complaints.services.locking import locked_case
from complaints.services.queueing import enqueue, enqueue_all, planned
from complaints.states import OutboxChannel, OutboxStatus

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 10
MOST_SECONDS = 20.0
OUTAGE = 3
"""After so many notices in a row that found no server, a way out is left alone for this call."""


def tell_consumer(
    case: Case,
    kind: str,
    *,
    key: str,
    event: CaseEvent | None = None,
    data: dict[str, Any] | None = None,
    secret: dict[str, Any] | None = None,
) -> OutboxMessage | None:
    """Queue one notice to the consumer, the way they prefer; None when there is no address.

    `key` makes the notice unique: the same key twice is an IntegrityError, never two mails.
    `secret` (a code, a link) is sealed and forgotten after delivery.
    """
    if not has_address(case):
        return None
    return enqueue(
        case,
        kind,
        key=key,
        recipient="consumer",
        channel=_way_to(case.consumer),
        event=event,
        data=data,
        secret=secret,
    )


def _way_to(consumer: Consumer) -> str:
    """Return the way that the consumer prefers, where it leads to them; else mail before SMS."""
    contact = consumer.contact
    wants_sms = consumer.channel == ContactChannel.SMS and contact.get("phone")
    by_mail = contact.get("email") and not wants_sms
    return OutboxChannel.EMAIL if by_mail else OutboxChannel.SMS


def has_address(case: Case) -> bool:
    """Say whether a notice can reach the consumer."""
    contact = case.consumer.contact
    return bool(contact.get("email") or contact.get("phone"))


def tell_address(
    case: Case, kind: str, *, key: str, address: str, data: dict[str, Any], secret: dict[str, Any]
) -> OutboxMessage:
    """Queue one mail to an outside person (an invited mediator) whose address is kept sealed."""
    return enqueue(
        case,
        kind,
        key=key,
        recipient="address",
        channel=OutboxChannel.EMAIL,
        data=data,
        secret={**secret, "to": address},
    )


def tell_staff(
    case: Case | None,
    kind: str,
    *,
    users: list[User],
    key: str,
    data: dict[str, Any] | None = None,
    event: CaseEvent | None = None,
    by_mail: bool = False,
) -> None:
    """Put a notice on the desk of each of `users`, and a mail in the outbox if asked for.

    A notice without a case is about the site itself.
    """
    notices = StaffNotices()
    notices.add(case, kind, users=users, key=key, data=data, event=event, by_mail=by_mail)
    notices.write()


@dataclass
class StaffNotices:
    """Notices to staff about one or many cases, written together."""

    on_desk: list[Notification] = field(default_factory=list)
    mails: list[OutboxMessage] = field(default_factory=list)

    def add(
        self,
        case: Case | None,
        kind: str,
        *,
        users: list[User],
        key: str,
        data: dict[str, Any] | None = None,
        event: CaseEvent | None = None,
        by_mail: bool = False,
    ) -> None:
        """Plan what `tell_staff` writes."""
        moment = now()
        for user in users:
            self.on_desk.append(
                Notification(user=user, case=case, kind=kind, data=data or {}, at=moment)
            )
            if by_mail and user.email:
                self.mails.append(
                    planned(
                        case,
                        kind,
                        key=f"{key}:{user.pk}",
                        recipient=f"user:{user.pk}",
                        channel=OutboxChannel.EMAIL,
                        event=event,
                        data=data,
                    )
                )

    def write(self) -> None:
        """Write all of it; the same key twice is an IntegrityError."""
        Notification.objects.bulk_create(self.on_desk)
        enqueue_all(self.mails)


class _Ways:
    """Ways out of one call: a mail server or a receiver that is down holds up nobody else."""

    def __init__(self) -> None:
        self.failures: Counter[tuple[str, int | None]] = Counter()

    def note(self, message: OutboxMessage, error: Exception | None) -> None:
        """Remember how a notice fared."""
        way = (message.channel, message.endpoint_id)
        if error is not None and notifications.is_outage(error):
            self.failures[way] += 1
        else:
            self.failures[way] = 0

    def closed(self) -> Q:
        """Return which notices are left alone."""
        closed = Q(pk__in=[])
        for (channel, endpoint), count in self.failures.items():
            if count >= OUTAGE and endpoint is None:
                closed |= Q(channel=channel)
            elif count >= OUTAGE:
                closed |= Q(endpoint=endpoint)
        return closed


def deliver_due(*, limit: int = 50, key_begins: str = "") -> int:
    """Deliver pending notices and return how many went out; safe to run many times at once.

    `key_begins` picks out those whose key begins so. Ends after twenty seconds, whatever is left.
    """
    sent, ways, moment, begun = 0, _Ways(), now(), time.monotonic()
    for _number in range(limit):
        message = _leased(moment, key_begins, ways)
        if message is None:
            break
        sent += _deliver(message, ways)
        if time.monotonic() - begun > MOST_SECONDS:
            break
    return sent


def _deliver(message: OutboxMessage, ways: _Ways) -> int:
    try:
        notifications.send(message)
    except Exception as error:
        # One notice that can't be written or sent must not hold up the others.
        ways.note(message, error)
        gives_up = message.attempts >= MOST_ATTEMPTS or notifications.is_final(error)
        code = notifications.error_code(error)
        logger.warning(
            "notice_not_delivered", extra={"outbox": message.pk, "error": code, "dead": gives_up}
        )
        if gives_up:
            _bury(message, code)
        else:
            _postpone(message, code)
        return 0
    ways.note(message, None)
    return OutboxMessage.objects.filter(pk=message.pk, status=OutboxStatus.PENDING).update(
        status=OutboxStatus.SENT, sent_at=now(), sealed=b"", lease_until=None
    )


def _leased(moment: datetime, key_begins: str, ways: _Ways) -> OutboxMessage | None:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=moment)
    while True:
        with transaction.atomic():
            message = (
                OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("case__consumer", "case__product", "endpoint")
                .filter(free, status=OutboxStatus.PENDING, next_at__lte=moment)
                .filter(key__startswith=key_begins)
                .exclude(ways.closed())
                .order_by("next_at", "id")
                .first()
            )
            if message is None:
                return None
            worn_out = message.attempts >= MOST_ATTEMPTS
            message.lease_until = now() + LEASE
            message.attempts += 0 if worn_out else 1
            message.save(update_fields=["lease_until", "attempts"])
        if not worn_out:
            return message
        _bury(message, "worker_died")


def _still_ours(message: OutboxMessage) -> Q:
    return Q(pk=message.pk, status=OutboxStatus.PENDING, lease_until=message.lease_until)


def _postpone(message: OutboxMessage, code: str) -> None:
    wait = timedelta(seconds=min(15 * 2**message.attempts, 6 * 3600))
    OutboxMessage.objects.filter(_still_ours(message)).update(
        next_at=now() + wait, lease_until=None, last_error=code
    )


@transaction.atomic
def _bury(message: OutboxMessage, code: str) -> None:
    """Make a notice a dead letter; what the consumer was not told stands in the case's log."""
    case = locked_case(message.case) if message.case is not None else None
    buried = OutboxMessage.objects.filter(_still_ours(message)).update(
        status=OutboxStatus.DEAD, dead_at=now(), lease_until=None, last_error=code
    )
    if buried and case is not None:
        _mourn(message, case, code)


@transaction.atomic
def record_bounce(message: OutboxMessage, *, status: str) -> bool:
    """Make a notice that was sent a dead letter, as a mail server said later; say whether it was.

    `status` is the server's code, like "5.1.1". A second report about the same notice does nothing.
    """
    case = locked_case(message.case) if message.case is not None else None
    code = f"bounced_{status}" if status else "bounced"
    bounced = OutboxMessage.objects.filter(pk=message.pk, status=OutboxStatus.SENT).update(
        status=OutboxStatus.DEAD, dead_at=now(), last_error=code
    )
    if bounced and case is not None:
        _mourn(message, case, code)
    return bool(bounced)


def _mourn(message: OutboxMessage, case: Case, code: str) -> None:
    """Write into a locked Case's log what the consumer was not told; tell who handles it."""
    if message.recipient not in ("consumer", "address"):
        return
    data = {"outbox": message.pk, "notice": message.kind, "channel": message.channel}
    append_event(case, "notice_dead", by=Actor.system(), data={**data, "error": code})
    people = responsible_for(case)
    tell_staff(case, "notice_dead", users=people, key=f"dead:{message.pk}", data=data)
