"""Receivers of events outside: kept by administrators, told of every event that they want.

What goes out is the event's kind, the case's reference and stage, the moment, and codes. Names,
words and amounts never leave this way; whoever needs them asks the API.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import CaseEvent, OutboxMessage, WebhookEndpoint
from complaints.moments import now
from complaints.notifications import NotTaken
from complaints.notifications.addresses import check_url
from complaints.notifications.webhooks import secret_of
from complaints.notifications.words import error_words
from complaints.permissions import Permission, has_permission
from complaints.selectors.memory import forget, remembered
from complaints.services.queueing import nudge_delivery
from complaints.states import OutboxChannel

logger = logging.getLogger(__name__)
CODES = frozenset(
    {"cause", "channel", "clock", "due_at", "ground", "kind", "late_seconds", "outcome", "rung"}
)
"""Keys of an event's data that may leave; of their values, only what looks like a code."""
_CODE = re.compile(r"[\w.:+-]{1,64}", re.ASCII)


def queue_webhooks(events: Sequence[CaseEvent]) -> int:
    """Queue saved events for every active receiver that wants them; return how many rows.

    Receivers are read once a minute: one that was added or changed counts at once in the process
    that changed it, and within a minute in the others.
    """
    endpoints = remembered("receivers", _active_receivers)
    moment = now()
    rows = [
        OutboxMessage(
            key=f"hook:{endpoint.pk}:{event.case_id}:{event.sequence}",
            case=event.case,
            event=event,
            kind=event.kind,
            channel=OutboxChannel.WEBHOOK,
            recipient=f"endpoint:{endpoint.pk}",
            endpoint=endpoint,
            data=payload_of(event),
            next_at=moment,
            created_at=moment,
        )
        for endpoint in endpoints
        for event in events
        if endpoint.wants(event.kind)
    ]
    if rows:
        OutboxMessage.objects.bulk_create(rows)
        transaction.on_commit(nudge_delivery)
    return len(rows)


def _active_receivers() -> list[WebhookEndpoint]:
    return list(WebhookEndpoint.objects.filter(is_active=True))


def payload_of(event: CaseEvent) -> dict[str, Any]:
    """Return what is told of an event: codes and moments, nothing that a person wrote."""
    return {
        "event": event.kind,
        "case": event.case.reference,
        "sequence": event.sequence,
        "at": event.at.isoformat(),
        "stage": event.new_stage or event.case.stage,
        "codes": {
            key: value
            for key, value in event.data.items()
            if key in CODES and (isinstance(value, int) or _is_code(value))
        },
    }


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _check(by: Actor) -> None:
    if not has_permission(by, Permission.ADMINISTER):
        raise StepForbidden(_("只有管理员可以管理推送地址。"))


def _check_address(url: str) -> None:
    try:
        check_url(url)
    except NotTaken as refusal:
        raise CaseError(error_words(refusal.code), field="url") from refusal


def _told(endpoint: WebhookEndpoint, act: str, by: Actor) -> None:
    extra = {"endpoint": endpoint.pk, "act": act, "user": by.person.pk}
    logger.info("webhook_endpoint", extra=extra)


@transaction.atomic
def create_endpoint(*, by: Actor, name: str, url: str, kinds: Sequence[str]) -> WebhookEndpoint:
    """Add a receiver with a secret of its own. CaseError for an address that is never sent to."""
    _check(by)
    _check_address(url)
    moment = now()
    endpoint = WebhookEndpoint.objects.create(
        name=name,
        url=url,
        kinds=sorted(set(kinds)),
        secret_sealed=sealing.seal_for_installation(sealing.new_secret()),
        created_at=moment,
        created_by=by.person,
        changed_at=moment,
        changed_by=by.person,
    )
    _told(endpoint, "created", by)
    forget()
    transaction.on_commit(forget)
    return endpoint


@transaction.atomic
def change_endpoint(
    endpoint: WebhookEndpoint,
    *,
    by: Actor,
    name: str,
    url: str,
    kinds: Sequence[str],
    is_active: bool,
) -> WebhookEndpoint:
    """Change a receiver; what still waits for it goes to the new address."""
    _check(by)
    _check_address(url)
    endpoint.name, endpoint.url, endpoint.is_active = name, url, is_active
    endpoint.kinds = sorted(set(kinds))
    _save(endpoint, by, "changed", fields=["name", "url", "kinds", "is_active"])
    return endpoint


@transaction.atomic
def renew_secret(endpoint: WebhookEndpoint, *, by: Actor) -> WebhookEndpoint:
    """Give a receiver a new secret; from now on everything is signed with it."""
    _check(by)
    endpoint.secret_sealed = sealing.seal_for_installation(sealing.new_secret())
    _save(endpoint, by, "secret_renewed", fields=["secret_sealed"])
    return endpoint


def reveal_secret(endpoint: WebhookEndpoint, *, by: Actor) -> str:
    """Return a receiver's secret to an administrator; that they looked is logged."""
    _check(by)
    _told(endpoint, "secret_seen", by)
    return secret_of(endpoint)


def _save(endpoint: WebhookEndpoint, by: Actor, act: str, *, fields: list[str]) -> None:
    endpoint.changed_at, endpoint.changed_by = now(), by.person
    endpoint.save(update_fields=[*fields, "changed_at", "changed_by"])
    forget()
    transaction.on_commit(forget)
    _told(endpoint, act, by)
