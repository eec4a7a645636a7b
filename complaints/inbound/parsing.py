"""One mail as we understand it: sender, subject, new text, files, what it answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import getaddresses, parsedate_to_datetime

from complaints.inbound.bounces import Report, read_report
from complaints.inbound.html_text import html_to_text
from complaints.inbound.quoting import without_history
from complaints.inbound.words import bytes_to_text, tidy_line, tidy_text

MOST_PARTS = 200
MOST_IDS = 50
BROKEN = (
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    AssertionError,
    RecursionError,
    OverflowError,
    MessageError,
)
"""What the standard library raises on mails that are not mails."""
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[A-Za-z0-9\u0080-\uffff.-]{1,255}")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ANGLED = re.compile(r"<([^<>]*)>")
_WHERE_TO = frozenset({"to", "cc", "delivered-to", "x-original-to", "envelope-to"})
_ID = re.compile(r"<[^<>\s]{1,400}>")


@dataclass(frozen=True)
class Attachment:
    """A file of a mail, as its sender called it."""

    name: str
    data: bytes
    is_inline: bool = False


@dataclass(frozen=True)
class ParsedMail:
    """What a mail says. Every text is clean, single values are one line; missing ones are ""."""

    sender: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    answers: tuple[str, ...] = ()
    sent_at: datetime | None = None
    text: str = ""
    whole_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    hops: int = 0
    report: Report | None = None
    is_broken: bool = False

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing in it to read or to look at."""
        return not self.text and not self.attachments


def parse_mail(raw: bytes) -> ParsedMail:
    """Return what the bytes say, as far as they can be understood; raises nothing."""
    message: Message
    try:
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw)
        parts, is_broken = _parts(message), False
    except BROKEN:
        message = BytesHeaderParser(policy=policy.compat32).parsebytes(raw)
        parts, is_broken = [], True
    headers = _headers(message)
    sender_name, sender = one_sender(_raw_values(message, "from"))
    whole, files = _content(parts)
    return ParsedMail(
        sender=sender,
        sender_name=sender_name,
        recipients=_recipients(message),
        subject=headers.get("subject", "")[:300],
        message_id=next(iter(_ids(headers.get("message-id", ""))), ""),
        answers=_answers(headers),
        sent_at=_date(headers.get("date", "")),
        text=without_history(whole),
        whole_text=whole,
        attachments=tuple(files),
        headers=headers,
        hops=_hops(message),
        report=read_report([part for part, _inside in parts], headers),
        is_broken=is_broken,
    )


def _parts(message: Message) -> list[tuple[Message, bool]]:
    """Return leaves and attached mails, and whether each stands inside an attached mail."""
    found: list[tuple[Message, bool]] = []
    waiting: list[tuple[Message, bool]] = [(message, False)]
    while waiting and len(found) < MOST_PARTS:
        part, inside = waiting.pop(0)
        children = part.get_payload() if part.is_multipart() else None
        if isinstance(children, list):
            mail = part.get_content_maintype() == "message"
            if mail:
                found.append((part, inside))
            inner = [child for child in children if isinstance(child, Message)]
            waiting[:0] = [(child, inside or mail) for child in inner]
        else:
            found.append((part, inside))
    return found


def _headers(message: Message) -> dict[str, str]:
    """Return headers by lower-case name, decoded; of repeated ones the first."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        key = str(name).lower()
        if key not in headers:
            headers[key] = _decoded(str(value))
    return headers


def _hops(message: Message) -> int:
    return sum(1 for name, _value in message.raw_items() if str(name).lower() == "received")


def _decoded(value: str) -> str:
    """Decode RFC 2047 words and raw bytes of any charset into one clean line."""
    try:
        pieces = decode_header(value.replace("\r", "").replace("\n", " "))
    except BROKEN:
        pieces = [(value, None)]
    words = []
    for piece, charset in pieces:
        data = piece if isinstance(piece, bytes) else piece.encode("utf-8", "surrogateescape")
        words.append(bytes_to_text(data, charset or ""))
    return tidy_line("".join(words))[:2000]


def _raw_values(message: Message, wanted: str) -> list[str]:
    return [str(value) for name, value in message.raw_items() if str(name).lower() == wanted]


def one_sender(values: list[str]) -> tuple[str, str]:
    """Return the name and the address of the one sender that the From headers name.

    The address is read before anything is decoded (RFC 2047 words are never part of one), and the
    one in angle brackets is what mail servers vouch for (RFC 5322, RFC 7489 §6.6.1). A mail of
    several senders has no address here, and a name that is another's address is no name.
    """
    if len(values) != 1:
        return "", ""
    value = values[0].replace("\r", "").replace("\n", " ")
    bare = _QUOTED.sub(" ", value)
    angled = _ANGLED.findall(bare)
    found = [each.strip() for each in angled] if "<" in bare else _ADDRESS.findall(bare)
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0]) or len(found[0]) > 200:
        return "", ""
    address = found[0].lower()
    if tidy_line(address) != address:
        return "", ""
    if "<" not in bare:
        return "", address
    name = tidy_line(_decoded(value.rpartition("<")[0]).strip().strip('"'))[:60]
    is_dressed_up = any(each.lower() != address for each in _ADDRESS.findall(name))
    return "" if is_dressed_up else name, address


def _addresses(text: str) -> list[tuple[str, str]]:
    try:
        pairs = getaddresses([text])
    except BROKEN:
        pairs = []
    found = [(name, address) for name, address in pairs if address in text]
    found = [each for each in found if _ADDRESS.fullmatch(each[1])]
    if not found and (match := _ADDRESS.search(text)):
        found = [(text[: match.start()].strip(' "<'), match.group())]
    return [(name, address.lower()) for name, address in found if len(address) <= 200]


def _recipients(message: Message) -> tuple[str, ...]:
    """Return all addresses that a mail went to, those that servers wrote on top included."""
    found: list[str] = []
    for name, value in message.raw_items():
        if str(name).lower() in _WHERE_TO and len(found) < MOST_IDS:
            found += [address for _who, address in _addresses(_decoded(str(value)))]
    return tuple(dict.fromkeys(found[:MOST_IDS]))


def _ids(text: str) -> list[str]:
    return _ID.findall(text)


def _answers(headers: dict[str, str]) -> tuple[str, ...]:
    """Return the Message-IDs that a mail answers, the nearest first."""
    nearest = _ids(headers.get("in-reply-to", ""))
    older = _ids(headers.get("references", ""))[-MOST_IDS:]
    return tuple(dict.fromkeys([*nearest[:MOST_IDS], *reversed(older)]))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except BROKEN:
        return None


def _content(parts: list[tuple[Message, bool]]) -> tuple[str, list[Attachment]]:
    plain: list[str] = []
    html: list[str] = []
    files: list[Attachment] = []
    for part, inside in parts:
        if inside:
            continue
        kind, name = part.get_content_type(), _file_name(part)
        attached = bool(name) or _disposition(part) == "attachment"
        if kind in ("text/plain", "text/html") and not attached:
            text = bytes_to_text(_payload(part), _charset(part))
            (plain if kind == "text/plain" else html).append(text)
        elif part.get_content_maintype() != "message" or kind == "message/rfc822":
            files.append(_attachment(part, name))
    words = tidy_text("\n".join(plain))
    if not words and html:
        words = tidy_text(html_to_text("\n".join(html)))
    return words, files


def _attachment(part: Message, name: str) -> Attachment:
    inline = _disposition(part) == "inline" or bool(part.get("Content-ID"))
    return Attachment(name=name or _made_up_name(part), data=_payload(part), is_inline=inline)


def _made_up_name(part: Message) -> str:
    if part.get_content_type() == "message/rfc822":
        return "mail.eml"
    ending = {"image/jpeg": "jpg", "text/plain": "txt"}.get(part.get_content_type())
    return f"file.{ending or part.get_content_subtype()[:10]}"


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename("")
    except BROKEN:
        return ""
    return _decoded(name)[:300] if name else ""


def _disposition(part: Message) -> str:
    try:
        return str(part.get_content_disposition() or "")
    except BROKEN:
        return ""


def _charset(part: Message) -> str:
    try:
        return str(part.get_content_charset("") or "")
    except BROKEN:
        return ""


def _payload(part: Message) -> bytes:
    """Return a leaf's bytes; for an attached mail its text."""
    try:
        children = part.get_payload()
        if isinstance(children, list):
            return b"\n".join(bytes(each) for each in children if isinstance(each, Message))
        data = part.get_payload(decode=True)
    except BROKEN:
        return b""
    return data if isinstance(data, bytes) else b""
