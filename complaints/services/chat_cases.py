"""What becomes of a chat: a case of its own, or words in a case that the visitor proved is theirs.

The clocks of a case run from the first words of its chat.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Chat, Message, OneTimeCode
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.permissions import Permission, has_permission
from complaints.search_terms import name_tokens
from complaints.selectors.chats import OPEN, Line, chat_rules, lines_of, visitor_words
from complaints.selectors.people import responsible_for
from complaints.services.cases import touch
from complaints.services.chat_files import attach_files, drop_files
from complaints.services.chat_notices import quieten
from complaints.services.chatting import IDLE, locked_chat, seal_contact
from complaints.services.customers import link_consumer
from complaints.services.entrance import grant_access, request_access_code, try_code
from complaints.services.intake import ComplaintData, ContactData, submit_complaint
from complaints.services.locking import locked_case
from complaints.services.outbox import has_address, tell_consumer, tell_staff
from complaints.services.pausing import resume_on_reply
from complaints.states import (
    PRIVACY_NOTICE,
    ActorKind,
    Channel,
    ChatState,
    CodePurpose,
    MessageKind,
)

logger = logging.getLogger(__name__)
LONGEST_STORY = 20_000
CHATS_KEPT = timedelta(days=30)
MOST_EMPTIED = 1000


@dataclass(frozen=True)
class ChatComplaint:
    """What is known beside the words of the chat."""

    contact: ContactData
    title: str = ""
    danger: bool = False
    product_text: str = ""
    order_number: str = ""


def _intake_key(chat: Chat) -> str:
    return f"chat:{chat.pk}"


@transaction.atomic
def turn_into_case(chat: Chat, *, by: Actor, given: ChatComplaint) -> Case:
    """Make a case of a chat; made before, it is that case. The receipt goes to the contact.

    Raises CaseError for a chat that ended, StepForbidden.
    """
    chat = locked_chat(chat)
    if chat.case is not None:
        return chat.case
    if by.kind == ActorKind.STAFF and not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if not chat.is_open:
        raise CaseError(_("这次对话已经结束。"))
    lines = lines_of(chat)
    contact = given.contact if by.kind == ActorKind.CONSUMER else _filled_up(chat, given.contact)
    data = ComplaintData(
        description=visitor_words(lines)[:LONGEST_STORY] or _("（附件）"),
        contact=contact,
        title=given.title,
        channel=Channel.ONLINE_CHAT,
        language=chat.language,
        danger=given.danger,
        product_text=given.product_text,
        order_number=given.order_number,
    )
    receipt = submit_complaint(
        data, by=by, key=_intake_key(chat), notice=PRIVACY_NOTICE, since=chat.started_at
    )
    case = touch(receipt.case, "chat_joined", by=by, data={"chat": chat.pk, "count": len(lines)})
    case = _carry_over(chat, case, lines)
    seal_contact(chat, contact)
    _settle(chat, case)
    return case


def _filled_up(chat: Chat, given: ContactData) -> ContactData:
    """Take what we were not told from what the visitor left; the desk sees that only in part."""
    kept = chat.contact
    return replace(
        given,
        name=given.name or kept.get("name", ""),
        phone=given.phone or kept.get("phone", ""),
        email=given.email or kept.get("email", ""),
    )


@transaction.atomic
def ask_to_join(chat: Chat, *, reference: str, contact: str) -> None:
    """Send a code to the consumer of a case if the contact is theirs; a stranger learns nothing."""
    code = request_access_code(reference=reference, contact=contact)
    Chat.objects.filter(pk=chat.pk).update(join_code=code)


def join_proven(chat: Chat, *, digits: str) -> Case:
    """Put a chat into the case whose code the visitor knows. Raises CodeRefused, CaseError."""
    proven = try_code(chat.join_code, digits, purpose=CodePurpose.ACCESS)
    with transaction.atomic():
        return _join(locked_chat(chat), proven, by=Actor.consumer())


@transaction.atomic
def join_by_staff(chat: Chat, case: Case, *, by: Actor) -> Case:
    """Put a chat into a case of the same person, known by phone or e-mail.

    Raises CaseError where the visitor's contact is not that of the case's consumer.
    """
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    chat = locked_chat(chat)
    if not is_same_person(chat, case):
        raise CaseError(
            _("对话里留的联系方式和这个案件的不一致。请对方在对话页上用编号和校验码证明。"),
            field="reference",
        )
    return _join(chat, case, by=by)


def is_same_person(chat: Chat, case: Case) -> bool:
    """Say whether the visitor left the phone or e-mail that a case's consumer has."""
    contact, consumer = chat.contact, case.consumer
    phone = sealing.blind_index("phone", contact.get("phone", ""))
    email = sealing.blind_index("email", contact.get("email", ""))
    return bool(
        (phone and phone == consumer.phone_index) or (email and email == consumer.email_index)
    )


def _join(chat: Chat, case: Case, *, by: Actor) -> Case:
    if chat.case is not None:
        if chat.case_id != case.pk:
            raise CaseError(_("这次对话已经在另一个案件里了。"))
        return chat.case
    if not chat.is_open:
        raise CaseError(_("这次对话已经结束。"))
    lines = lines_of(chat)
    said = [line.at for line in lines if line.is_visitors]
    case = locked_case(case)
    wrote = [moment for moment in (*said[-1:], case.consumer_wrote_at) if moment is not None]
    changes = {"consumer_wrote_at": max(wrote)} if said else {}
    data = {"chat": chat.pk, "count": len(lines)}
    case = touch(case, "chat_joined", by=by, changes=changes, data=data)
    case = _carry_over(chat, case, lines)
    tell_staff(case, "consumer_wrote", users=responsible_for(case), key=f"chat:{chat.pk}")
    case = resume_on_reply(case, by=Actor.consumer())
    _settle(chat, case)
    return case


def _carry_over(chat: Chat, case: Case, lines: list[Line]) -> Case:
    """Bring what was said, and the files sent with it, into a case; return the Case as it is."""
    people = dict(chat.lines.values_list("number", "author_id"))
    Message.objects.bulk_create(
        Message(
            case=case,
            kind=MessageKind.MESSAGE,
            author_kind=line.author_kind,
            author_id=people[line.number],
            channel=Channel.ONLINE_CHAT,
            body=line.text or _("（附件）"),
            at=line.at,
            nonce=hashlib.sha256(f"chat:{chat.pk}:{line.number}".encode()).hexdigest(),
        )
        for line in lines
    )
    return attach_files(chat, case) if any(line.files for line in lines) else case


def _settle(chat: Chat, case: Case) -> None:
    chat.case, chat.state, chat.ended_at = case, ChatState.CASE, now()
    chat.asked_at, chat.revision = None, chat.revision + 1
    chat.save(update_fields=["case", "state", "ended_at", "asked_at", "revision", "contact_sealed"])
    quieten(chat)


@transaction.atomic
def leave_contact(chat: Chat, *, contact: ContactData) -> Case:
    """Say how to reach the consumer of a case that was made of a chat without it.

    The receipt goes there. Raises CaseError where the case has a contact already.
    """
    chat = locked_chat(chat)
    if chat.case is None:
        raise CaseError(_("这次对话还没有立案。"))
    if not opens_case(chat):
        raise CaseError(_("请用编号和收到的校验码查看这个案件。"))
    case = touch(chat.case, "contact_left", by=Actor.consumer())
    consumer = case.consumer
    if has_address(case):
        raise CaseError(_("这个案件已经有联系方式了。"))
    phone, email = normalised_phone(contact.phone), normalised_email(contact.email)
    values = {"name": contact.name.strip(), "phone": phone, "email": email, "address": ""}
    consumer.contact_sealed = sealing.seal(consumer.key_sealed, values)
    consumer.phone_index = sealing.blind_index("phone", phone)
    consumer.email_index = sealing.blind_index("email", email)
    consumer.name_index = name_tokens(values["name"])
    link_consumer(consumer)
    consumer.save()
    seal_contact(chat, contact)
    chat.save(update_fields=["contact_sealed"])
    secret = {"access": grant_access(case)}
    tell_consumer(case, "received", key=f"received-late:{case.pk}", secret=secret)
    return case


def opens_case(chat: Chat) -> bool:
    """Say whether a visitor may go to the case of a chat: it was made of it, or they proved it.

    A phone number that a visitor merely names is no proof, also where an agent joined the chat to
    the case of whoever has that number.
    """
    if chat.case is None:
        return False
    if chat.case.intake_key == _intake_key(chat):
        return True
    if chat.join_code is None:
        return False
    codes = OneTimeCode.objects.filter(pk=chat.join_code, case=chat.case, used_at__isnull=False)
    return codes.exists()


def open_own_case(chat: Chat) -> str:
    """Return a new secret link's secret for the case of a chat. Raises CaseError without one."""
    if chat.case is None:
        raise CaseError(_("这次对话还没有立案。"))
    if not opens_case(chat):
        raise CaseError(_("请用编号和收到的校验码查看这个案件。"))
    return grant_access(chat.case)


def tend_chats(*, limit: int = 100) -> int:
    """Make cases of chats that nobody answered in time or that fell silent; say how many.

    Only a visitor or an agent ends a chat without a case: silence does not say that all is well.
    Safe to run many times at once. One chat that trips us up does not hold up the others.
    """
    done, moment = 0, now()
    wait = timedelta(minutes=chat_rules().wait_minutes)
    asked = Chat.objects.filter(OPEN, asked_at__lte=moment - wait).order_by("asked_at")
    for chat in asked[:limit]:
        done += _tended(chat)
    silent = Chat.objects.filter(OPEN, asked_at=None, last_at__lte=moment - IDLE)
    for chat in silent.order_by("last_at")[:limit]:
        done += _tended(chat)
    return done


def _tended(found: Chat) -> bool:
    try:
        with transaction.atomic():
            chat = Chat.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                OPEN, pk=found.pk, revision=found.revision
            )
            if not chat:
                return False
            given = ChatComplaint(contact=ContactData(name=""))
            turn_into_case(found, by=Actor.system(), given=given)
    except Exception as error:
        logger.warning("chat_not_tended", extra={"chat": found.pk, "error": type(error).__name__})
        return False
    return True


def empty_old_chats() -> int:
    """Throw away what was said in chats that ended long ago; what became a case is kept there."""
    old = Chat.objects.exclude(OPEN).filter(ended_at__lt=now() - CHATS_KEPT)
    full = old.exclude(key_sealed=b"").order_by("pk").values_list("pk", flat=True)
    ids = list(full[:MOST_EMPTIED])
    drop_files(ids)
    return Chat.objects.filter(pk__in=ids).update(key_sealed=b"", contact_sealed=b"")
