"""Online chat: a visitor and an agent, without an account. Each line is kept before it is shown.

The visitor's browser holds a secret; whoever has it has the chat. A line sent twice with the same
nonce is one line.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import AlreadyTaken, CaseError, StepForbidden
from complaints.models import Chat, ChatMessage
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.permissions import Permission, has_permission
from complaints.services.chat_notices import quieten, tell_of
from complaints.services.intake import ContactData
from complaints.states import ActorKind, ChatState
from documents.text import clean_text

LONGEST_LINE = 2000
FREE_LINES = 5
"""So much may be said before anybody answers; then we ask whom to answer."""
MOST_LINES = 400
IDLE = timedelta(hours=2)


def start_chat(
    *, secret: str, text: str, nonce: str, language: str = "zh-hans", origin: str = ""
) -> Chat:
    """Begin a chat with its first line; the same `secret` again is the same chat.

    Raises CaseError for an empty or overlong text.
    """
    text, moment, key = _checked(text), now(), sealing.new_person_key()
    chat = Chat(
        secret_digest=sealing.digest(secret),
        key_sealed=key,
        language=language,
        origin=origin,
        started_at=moment,
        last_at=moment,
    )
    try:
        with transaction.atomic():
            chat.save(force_insert=True)
            _add_line(chat, by=Actor.consumer(), text=text, nonce=nonce)
    except IntegrityError:
        return Chat.objects.get(secret_digest=chat.secret_digest)
    tell_of(chat)
    return chat


@transaction.atomic
def say(chat: Chat, *, by: Actor, text: str, nonce: str, with_files: bool = False) -> Chat:
    """Say something; return the chat as it now is. The same author's `nonce` again says nothing.

    With files, which the caller keeps, there may be no text. Raises CaseError for an empty or
    overlong text, in a chat that ended, or when a visitor has said
    much without an answer and without a way to be reached; AlreadyTaken when another agent has it.
    """
    chat = locked_chat(chat)
    if chat.lines.filter(author_kind=by.kind, nonce=nonce).exists():
        return chat
    text = _checked(text, with_files=with_files)
    if not chat.is_open:
        raise CaseError(_("这次对话已经结束。"))
    if by.kind == ActorKind.CONSUMER:
        if asks_for_contact(chat):
            raise CaseError(_("请先留下称呼和联系方式，我们立案后一定答复你。"))
    else:
        _check_staff(by)
        _take(chat, by)
    if chat.revision >= MOST_LINES:
        raise CaseError(_("这次对话太长了，请转成投诉继续沟通。"))
    _add_line(chat, by=by, text=text, nonce=nonce)
    return chat


def asks_for_contact(chat: Chat) -> bool:
    """Say whether a visitor has said what may be said before we know whom to answer."""
    unanswered = chat.answered_at is None and chat.visitor_lines >= FREE_LINES
    return unanswered and not chat.contact_sealed


@transaction.atomic
def keep_contact(chat: Chat, *, contact: ContactData) -> Chat:
    """Keep how to reach the visitor while the chat goes on. It proves nothing and opens no case.

    Raises CaseError for a chat that ended.
    """
    chat = locked_chat(chat)
    if not chat.is_open:
        raise CaseError(_("这次对话已经结束。"))
    seal_contact(chat, contact)
    _changed(chat, "contact_sealed")
    return chat


@transaction.atomic
def take_chat(chat: Chat, *, by: Actor) -> Chat:
    """Make an agent the one who answers. Raises AlreadyTaken for the second of two."""
    _check_staff(by)
    chat = locked_chat(chat)
    if not chat.is_open:
        raise CaseError(_("这次对话已经结束。"))
    _take(chat, by)
    return chat


@transaction.atomic
def release_chat(chat: Chat, *, by: Actor) -> Chat:
    """Let a chat wait for somebody else; its place in the line stays that of its oldest words."""
    _check_staff(by)
    chat = locked_chat(chat)
    if chat.state == ChatState.ACTIVE and chat.owner == by.person:
        chat.state, chat.owner, chat.taken_at = ChatState.WAITING, None, None
        chat.asked_at = chat.asked_at or now()
        chat.told_at = chat.escalated_at = None
        _changed(chat, "state", "owner", "taken_at", "asked_at", "told_at", "escalated_at")
    return chat


@transaction.atomic
def end_chat(chat: Chat, *, by: Actor, reason: str = "") -> Chat:
    """End a chat that is no complaint; staff say why. Ended before, nothing changes."""
    chat = locked_chat(chat)
    if not chat.is_open:
        return chat
    if by.kind == ActorKind.STAFF:
        _check_staff(by)
        if not reason.strip():
            raise CaseError(_("请写明为什么不立案。"), field="reason")
    chat.state, chat.ended_at = ChatState.ENDED, now()
    chat.end_reason = " ".join(clean_text(reason).split())[:200]
    _changed(chat, "state", "ended_at", "end_reason")
    quieten(chat)
    return chat


def locked_chat(chat: Chat) -> Chat:
    """Return the chat as it now is, locked until the transaction ends."""
    return Chat.objects.select_for_update(of=("self",)).select_related("owner").get(pk=chat.pk)


def seal_contact(chat: Chat, contact: ContactData) -> None:
    """Keep how to reach the visitor (not saved)."""
    phone, email = normalised_phone(contact.phone), normalised_email(contact.email)
    values = {"name": contact.name.strip(), "phone": phone, "email": email}
    chat.contact_sealed = sealing.seal(chat.key_sealed, values)


def _take(chat: Chat, by: Actor) -> None:
    if chat.owner is not None and chat.owner != by.person:
        raise AlreadyTaken(_("%(name)s 已经在接待。") % {"name": chat.owner.display_name})
    if chat.owner is None:
        chat.state, chat.owner, chat.taken_at = ChatState.ACTIVE, by.person, now()
        _changed(chat, "state", "owner", "taken_at")
        quieten(chat)


def _add_line(chat: Chat, *, by: Actor, text: str, nonce: str) -> None:
    moment = now()
    number = chat.lines.count() + 1
    ChatMessage.objects.create(
        chat=chat,
        number=number,
        author_kind=by.kind,
        author=by.user,
        sealed=sealing.seal(chat.key_sealed, text),
        at=moment,
        nonce=nonce,
    )
    chat.last_at = moment
    if by.kind == ActorKind.CONSUMER:
        chat.asked_at = chat.asked_at or moment
        chat.visitor_lines += 1
    else:
        chat.asked_at, chat.answered_at = None, moment
    _changed(chat, "last_at", "asked_at", "visitor_lines", "answered_at")


def _changed(chat: Chat, *fields: str) -> None:
    chat.revision += 1
    chat.save(update_fields=[*fields, "revision"])


def _checked(text: str, *, with_files: bool = False) -> str:
    text = clean_text(text).strip()
    if not text and not with_files:
        raise CaseError(_("请写点内容再发送。"), field="text")
    if len(text) > LONGEST_LINE:
        most = {"most": LONGEST_LINE}
        raise CaseError(_("一次最多写 %(most)d 字，请分几次发。") % most, field="text")
    return text


def _check_staff(by: Actor) -> None:
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能接待在线客服。"))
