"""Messages both ways, and notes that stay inside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Message
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.duplicates import carrier_of
from complaints.selectors.mentions import called_by
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.services.pausing import resume_on_reply
from complaints.states import ActorKind, Channel, MessageKind

LONGEST_MESSAGE = 5000


@transaction.atomic
def write_message(
    case: Case,
    *,
    by: Actor,
    body: str,
    channel: str = Channel.WEB_FORM,
    nonce: str | None = None,
    tell: bool = True,
) -> Case:
    """Send a message: staff's is told to the consumer, the consumer's to the owner.

    A clock that waited for the consumer runs on with the consumer's message.
    `nonce` makes the author's repeated send in this case the same message. Raises CaseError for an
    empty or overlong text.
    """
    check_body(body)
    if nonce:
        case = locked_case(case)
        if was_said(case, by=by, nonce=nonce):
            return case
    from_consumer = by.kind == ActorKind.CONSUMER
    moment = now()
    stamp = "consumer_wrote_at" if from_consumer else "staff_wrote_at"
    case = touch(case, "message", by=by, changes={stamp: moment}, for_consumer=False)
    message = Message.objects.create(
        case=case,
        kind=MessageKind.MESSAGE,
        author_kind=by.kind,
        author=by.user,
        channel=channel,
        body=body.strip(),
        at=moment,
        nonce=_kept_nonce(case, by=by, nonce=nonce) if nonce else None,
    )
    owner = carrier_of(case).owner
    if from_consumer and owner is not None:
        tell_staff(case, "consumer_wrote", users=[owner], key=f"message:{message.pk}")
    elif not from_consumer and tell:
        tell_consumer(case, "message", key=f"message:{message.pk}")
    return resume_on_reply(case, by=by) if from_consumer else case


@transaction.atomic
def write_note(
    case: Case, *, by: Actor, body: str, nonce: str | None = None, mention: Iterable[int] = ()
) -> Case:
    """Write a note that only staff can see; `nonce` works as in `write_message`.

    Who is called in it by "@name", or stands in `mention` (ids), and may see the case, is told.
    """
    check_body(body)
    if not has_permission(by, Permission.VIEW_CASE):
        raise StepForbidden(_("只有工作人员能写内部备注。"))
    if nonce:
        case = locked_case(case)
        if was_said(case, by=by, nonce=nonce):
            return case
    called = called_by(case, body, also=mention, but=by.user)
    data = {"mentions": [user.pk for user in called]} if called else None
    case = touch(case, "note", by=by, data=data)
    note = Message.objects.create(
        case=case,
        kind=MessageKind.NOTE,
        author_kind=by.kind,
        author=by.user,
        body=body.strip(),
        at=now(),
        nonce=_kept_nonce(case, by=by, nonce=nonce) if nonce else None,
    )
    if called:
        who = {"by": by.person.display_name}
        tell_staff(case, "mentioned", users=called, key=f"mention:{note.pk}", data=who)
    return case


def mark_read(case: Case, messages: Iterable[Message]) -> None:
    """Write down that the consumer has our messages before them; the first time counts."""
    unread = [
        message.pk
        for message in messages
        if message.read_at is None and message.author_kind != ActorKind.CONSUMER
    ]
    if unread:
        Message.objects.filter(case=case, pk__in=unread, read_at=None).update(read_at=now())


def was_said(case: Case, *, by: Actor, nonce: str) -> bool:
    """Say whether this author sent this nonce in this case before; the case must be locked."""
    return Message.objects.filter(nonce=_kept_nonce(case, by=by, nonce=nonce)).exists()


def _kept_nonce(case: Case, *, by: Actor, nonce: str) -> str:
    author = by.user.pk if by.user is not None else ""
    return hashlib.sha256(f"{case.pk}:{by.kind}:{author}:{nonce}".encode()).hexdigest()


def check_body(body: str, *, with_files: bool = False) -> None:
    """Raise CaseError for a text that is too long, or empty where no file stands for it."""
    if not body.strip() and not with_files:
        raise CaseError(_("请写点内容再发送。"), field="body")
    if len(body) > LONGEST_MESSAGE:
        raise CaseError(_("内容太长，最多 %(most)d 字。") % {"most": LONGEST_MESSAGE}, field="body")
