"""What our mails are called and where answers to them go, so that an answer finds its case.

Both names carry a keyed digest: only who got a mail of ours can name it.
"""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Replace

from complaints import sealing
from complaints.inbound.threads import tagged
from complaints.models import Case, OutboxMessage

_DIGITS = 16


def _proof(kind: str, name: str) -> str:
    return sealing.blind_index(kind, name)[:_DIGITS]


def message_id(message: OutboxMessage) -> str:
    """Return the Message-ID of a notice: made of its key, so the same at every try and replay."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    name = message.key.replace(":", ".")
    return f"<{name}.{_proof('message-id', name)}@{host}>"


def notice_named(name: str) -> OutboxMessage | None:
    """Return the notice that was sent under a Message-ID; None unless we did send it."""
    local = name.strip("<>").rpartition("@")[0]
    key, _dot, proof = local.rpartition(".")
    if not key or not hmac.compare_digest(proof.encode(), _proof("message-id", key).encode()):
        return None
    dotted = OutboxMessage.objects.alias(dotted=Replace("key", Value(":"), Value(".")))
    return dotted.filter(dotted=key).select_related("case__consumer").first()


def reply_address(case: Case) -> str:
    """Return where the consumer's answer about a case goes; "" when we take no mail."""
    if not settings.TAKES_REPLIES:
        return ""
    if not settings.MAIL_TAGS:
        return str(settings.MAIL_ADDRESS)
    name = case.reference.lower()
    return tagged(settings.MAIL_ADDRESS, f"{name}.{_proof('reply-to', name)}")


def reference_of_tag(tag: str) -> str:
    """Return the reference that a mark in our address stands for; "" for one we did not make."""
    name, _dot, proof = tag.lower().rpartition(".")
    right = name and hmac.compare_digest(proof.encode(), _proof("reply-to", name).encode())
    return name.upper() if right else ""
