"""Reports about mails of ours that did not arrive (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

_FIELD = re.compile(r"^([A-Za-z-]{1,40})[ \t]*:[ \t]*(.{0,500})$", re.MULTILINE)
_ID = re.compile(r"^message-id[ \t]*:\s*(<[^<>\s]{1,400}>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_OUR_MAIL = ("message/rfc822", "text/rfc822-headers", "message/global-headers")
_MOST_READ = 64 * 1024
_DAEMONS = ("mailer-daemon@", "postmaster@", "mail-daemon@")


@dataclass(frozen=True)
class Report:
    """What a mail server says became of a mail: `action` failed, delayed, delivered, relayed."""

    action: str
    status: str = ""
    message_id: str = ""


def read_report(parts: Sequence[Message], headers: dict[str, str]) -> Report | None:
    """Return the report that a mail is, or None when it is none."""
    kind = headers.get("content-type", "").lower()
    texts = [(part.get_content_type(), _text(part)) for part in parts]
    states = [text for kind_, text in texts if kind_ == "message/delivery-status"]
    if not states and "report-type=delivery-status" not in kind.replace('"', ""):
        return _old_bounce(texts, headers)
    told = dict(_fields("\n".join(states)))
    status = _STATUS.search(told.get("status", ""))
    return Report(
        action=told.get("action", "failed").split()[0].lower() if states else "failed",
        status=status.group() if status else "",
        message_id=_original_id(texts),
    )


def _fields(text: str) -> list[tuple[str, str]]:
    return [(name.lower(), value.strip() or "-") for name, value in _FIELD.findall(text)]


def _text(part: Message) -> str:
    """Return the beginning of a part as text, whatever it is made of."""
    try:
        payload = part.get_payload()
    except (ValueError, LookupError, TypeError):  # like a NUL in the name of its charset
        return ""
    if isinstance(payload, list):
        return "\n\n".join(_head(each) for each in payload)[:_MOST_READ]
    return str(payload)[:_MOST_READ]


def _head(part: object) -> str:
    if not isinstance(part, Message):
        return ""
    return "\n".join(f"{name}: {value}" for name, value in part.raw_items())


def _original_id(texts: list[tuple[str, str]]) -> str:
    for kind, text in texts:
        if kind in _OUR_MAIL and (found := _ID.search(text)):
            return found.group(1)
    return ""


def _old_bounce(texts: list[tuple[str, str]], headers: dict[str, str]) -> Report | None:
    """Recognise bounces of servers that know no reports: from the daemon, our mail inside."""
    sender = headers.get("from", "").lower()
    if not any(daemon in sender for daemon in _DAEMONS):
        return None
    found = _original_id(texts)
    for kind, text in texts:
        if not found and kind == "text/plain" and (match := _ID.search(text)):
            found = match.group(1)
    return Report(action="failed", message_id=found)
