"""What people do about notices that could not be delivered: send them again, or give them up."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import NoticeAct, OutboxMessage
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.dead_letters import dead_letters
from complaints.services.events import append_event
from complaints.services.locking import locked_case
from complaints.services.queueing import nudge_delivery
from complaints.states import OutboxStatus

NEVER_REPLAYED = frozenset({"code", "company_code"})
"""Kinds that are of no use later: a one-time code has long run out."""
MOST_AT_ONCE = 500


def _check(by: Actor) -> None:
    if not has_permission(by, Permission.MANAGE_NOTICES):
        raise StepForbidden(_("只有主管和管理员可以处理未送达的通知。"))


def _locked(message: OutboxMessage) -> OutboxMessage:
    if message.case is not None:
        locked_case(message.case)
    fresh = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if fresh.status != OutboxStatus.DEAD:
        raise CaseError(_("这条通知已经处理过了。"))
    return fresh


def _record(message: OutboxMessage, kind: str, event: str, *, by: Actor, reason: str = "") -> None:
    NoticeAct.objects.create(
        message=message,
        kind=kind,
        by=by.person,
        at=now(),
        reason=reason,
        attempts=message.attempts,
        last_error=message.last_error,
    )
    if message.case is not None:
        data = {"outbox": message.pk, "notice": message.kind, "channel": message.channel}
        append_event(locked_case(message.case), event, by=by, data=data)


@transaction.atomic
def replay(message: OutboxMessage, *, by: Actor) -> OutboxMessage:
    """Send a dead letter again, with ten tries more, under the same key and Message-ID.

    Raises CaseError for one that is not dead any more, or of a kind that is of no use later.
    """
    _check(by)
    message = _locked(message)
    if message.kind in NEVER_REPLAYED:
        raise CaseError(_("一次性校验码已经过期，重发没有用。请消费者重新获取。"))
    _record(message, NoticeAct.Kind.REPLAY, "notice_replayed", by=by)
    message.status, message.dead_at = OutboxStatus.PENDING, None
    message.next_at, message.lease_until = now(), None
    message.attempts, message.replays = 0, message.replays + 1
    message.save(
        update_fields=["status", "dead_at", "next_at", "lease_until", "attempts", "replays"]
    )
    transaction.on_commit(nudge_delivery)
    return message


def replay_all(*, by: Actor, channel: str, kind: str) -> int:
    """Send all dead letters of a kind again; return how many. Each stands on its own."""
    _check(by)
    done = 0
    waiting = dead_letters(by, channel=channel, kind=kind).exclude(kind__in=NEVER_REPLAYED)
    for message in waiting[:MOST_AT_ONCE]:
        try:
            replay(message, by=by)
        except CaseError:
            continue
        done += 1
    return done


@transaction.atomic
def give_up(message: OutboxMessage, *, by: Actor, reason: str) -> OutboxMessage:
    """Let a dead letter be, for a reason; the secrets that it carried are wiped."""
    _check(by)
    if not reason.strip():
        raise CaseError(_("请写明为什么不再发送。"), field="reason")
    message = _locked(message)
    _record(message, NoticeAct.Kind.GIVE_UP, "notice_given_up", by=by, reason=reason.strip())
    message.status, message.sealed = OutboxStatus.GIVEN_UP, b""
    message.save(update_fields=["status", "sealed"])
    return message
