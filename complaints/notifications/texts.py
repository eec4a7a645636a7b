"""Turning outbox rows into mails and SMS. Texts are templates: templates/mail/<kind>.txt.

The first line of a template is the subject, the rest the body; an SMS takes the block of the same
name in templates/sms/<kind>.txt where there is one, else the subject.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.module_loading import import_string

from accounts.models import User
from complaints import sealing
from complaints.mail_names import message_id, reply_address
from complaints.models import OutboxMessage
from complaints.notifications.errors import Undeliverable
from complaints.states import OutboxChannel


def send_text(message: OutboxMessage) -> None:
    """Deliver one mail or SMS; raises OSError or SMTPException when it may succeed later."""
    secret = sealing.unseal_for_installation(message.sealed) if message.sealed else {}
    address, language = _address(message, secret or {})
    if not address:
        raise Undeliverable(message.key)
    context = _context(message, secret or {})
    with translation.override(language):
        if message.channel == OutboxChannel.SMS:
            _send_sms(message, address, context)
        else:
            _send_mail(message, address, context)


def _address(message: OutboxMessage, secret: dict[str, Any]) -> tuple[str, str]:
    if message.case is not None and message.recipient == "consumer":
        consumer, is_sms = message.case.consumer, message.channel == OutboxChannel.SMS
        return (consumer.phone if is_sms else consumer.email), consumer.language
    if message.case is not None and message.recipient == "address":
        return str(secret.get("to", "")), message.case.language
    user = User.objects.filter(pk=message.recipient.removeprefix("user:"), is_active=True).first()
    return (user.email if user else ""), settings.LANGUAGE_CODE


def _context(message: OutboxMessage, secret: dict[str, Any]) -> dict[str, Any]:
    return {
        "case": message.case,
        "name": message.case.consumer.name if message.case else "",
        "data": message.data,
        "secret": secret,
        "company": settings.COMPANY_NAME,
        "company_en": settings.COMPANY_NAME_EN,
        "hotline": settings.COMPANY_HOTLINE,
        "public_url": settings.PUBLIC_URL,
        "reply_to": _reply_address(message),
    }


def _reply_address(message: OutboxMessage) -> str:
    """Only the consumer's answers find a way into the case."""
    if message.case is None or message.recipient != "consumer":
        return ""
    return reply_address(message.case)


def _send_mail(message: OutboxMessage, address: str, context: dict[str, Any]) -> None:
    subject, _, body = render_to_string(f"mail/{message.kind}.txt", context).partition("\n")
    EmailMessage(
        subject=subject.strip(),
        body=body.strip() + "\n",
        to=[address],
        reply_to=[context["reply_to"]] if context["reply_to"] else None,
        headers={
            "Message-ID": message_id(message),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **_thread_of(message),
        },
    ).send()


def _thread_of(message: OutboxMessage) -> dict[str, str]:
    """Let mail programs show all mails of a case together."""
    if message.case is None:
        return {}
    host = message_id(message).rpartition("@")[2]
    return {"References": f"<{message.case.reference.lower()}@{host}"}


def _send_sms(message: OutboxMessage, address: str, context: dict[str, Any]) -> None:
    try:
        text = str(render_to_string(f"sms/{message.kind}.txt", context))
    except TemplateDoesNotExist:
        text = str(render_to_string(f"mail/{message.kind}.txt", context)).partition("\n")[0]
    import_string(settings.SMS_BACKEND)().send(to=address, text=text.strip(), key=message.key)
