"""Online chats as pages need them: who waits how long, what was said, and when people answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from complaints import sealing
from complaints.models import Chat, ChatFile, ChatMessage, ChatOrigin, ChatRules
from complaints.selectors.policies import DEFAULT_CALENDAR, working_calendar_named
from complaints.states import ActorKind, ChatState
from documents.services.viewing import can_be_viewed

OPEN = Q(state__in=(ChatState.WAITING, ChatState.ACTIVE))


@dataclass(frozen=True)
class Opening:
    """Whether people answer now; until when, or when they do again."""

    is_open: bool
    until: datetime | None = None
    opens_at: datetime | None = None


@dataclass(frozen=True)
class SentFile:
    """A file sent with a line, as the pages show it."""

    pk: int
    name: str
    size: int
    is_picture: bool
    is_quarantined: bool


@dataclass(frozen=True)
class Line:
    """One thing said, in clear."""

    number: int
    author_kind: str
    author: str
    text: str
    at: datetime
    files: tuple[SentFile, ...] = ()

    @property
    def is_visitors(self) -> bool:
        """Whether the visitor said it."""
        return self.author_kind == ActorKind.CONSUMER


def chat_rules() -> ChatRules:
    """Return the rules of chatting, the shipped ones where nobody changed them."""
    found = ChatRules.objects.select_related("calendar").filter(pk=1).first()
    return found or ChatRules(pk=1)


def opening(moment: datetime, *, rules: ChatRules | None = None) -> Opening:
    """Say whether people answer chats at a moment, by the working calendar that was chosen."""
    rules = rules or chat_rules()
    if not rules.is_on:
        return Opening(is_open=False)
    calendar = working_calendar_named(rules.calendar.key if rules.calendar else DEFAULT_CALENDAR)
    begin, end = next(calendar.spans_from(moment))
    if begin <= moment:
        return Opening(is_open=True, until=end)
    return Opening(is_open=False, opens_at=begin)


def chat_of_secret(secret: str) -> Chat | None:
    """Return the chat that a browser's secret opens, or None."""
    if not 20 <= len(secret) <= 64:
        return None
    chats = Chat.objects.select_related("owner", "case__consumer")
    return chats.filter(secret_digest=sealing.digest(secret)).first()


def one_chat(chat_id: int) -> Chat:
    """Return one chat; Chat.DoesNotExist where there is none."""
    return Chat.objects.select_related("owner", "case__consumer").get(pk=chat_id)


def lines_of(chat: Chat) -> list[Line]:
    """Return what was said, the oldest first; nothing once it was thrown away."""
    if not chat.key_sealed:
        return []
    said = ChatMessage.objects.filter(chat=chat).select_related("author").order_by("number")
    files = _files_of(chat)
    return [
        Line(
            number=line.number,
            author_kind=line.author_kind,
            author=line.author.display_name if line.author else "",
            text=sealing.unseal(chat.key_sealed, line.sealed) or "",
            at=line.at,
            files=tuple(files.get(line.pk, ())),
        )
        for line in said
    ]


def _files_of(chat: Chat) -> dict[int, list[SentFile]]:
    found: dict[int, list[SentFile]] = {}
    for each in ChatFile.objects.filter(line__chat=chat).select_related("file").order_by("pk"):
        stored = each.file
        found.setdefault(each.line_id, []).append(
            SentFile(
                pk=each.pk,
                name=stored.original_name,
                size=stored.size,
                is_picture=can_be_viewed(stored),
                is_quarantined=stored.is_quarantined,
            )
        )
    return found


def file_of(chat: Chat, file_id: int) -> ChatFile | None:
    """Return a file of a chat that was not thrown away; None where there is none."""
    files = ChatFile.objects.filter(line__chat=chat, pk=file_id).select_related("file", "line")
    return files.first() if chat.key_sealed else None


def visitor_words(lines: list[Line]) -> str:
    """Return what the visitor said, one line after the other."""
    return "\n".join(line.text for line in lines if line.is_visitors and line.text)


def open_chats() -> QuerySet[Chat]:
    """Return the chats that go on; those whose words wait longest first."""
    return Chat.objects.filter(OPEN).select_related("owner").order_by("asked_at", "pk")


def waiting_chats() -> QuerySet[Chat]:
    """Return the chats that nobody has taken yet."""
    return Chat.objects.filter(state=ChatState.WAITING)


def recent_chats(*, most: int = 30) -> list[Chat]:
    """Return the chats that ended last."""
    ended = Chat.objects.exclude(OPEN).select_related("owner", "case")
    return list(ended.order_by("-last_at")[:most])


def allowed_origins() -> list[ChatOrigin]:
    """Return the sites that may show the chat inside their pages."""
    return list(ChatOrigin.objects.select_related("added_by"))


def is_allowed_origin(origin: str) -> bool:
    """Say whether a site may show the chat inside its pages."""
    return bool(origin) and ChatOrigin.objects.filter(origin=origin).exists()


def normalised_origin(value: str) -> str:
    """Return the origin of an address, like https://shop.example; "" where it has none.

    An address with a path, a user or a wildcard is none. Only loopback may do without TLS.
    """
    try:
        parts = urlsplit(value.strip().rstrip("/"))
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    extra: list[Any] = [parts.path, parts.query, parts.fragment, parts.username, parts.password]
    if any(extra) or not host or not _is_plain(host):
        return ""
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        return ""
    usual = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


_LOOPBACK = ("localhost", "127.0.0.1")


def _is_plain(host: str) -> bool:
    labels = host.split(".")
    return all(
        label and label.isascii() and label.replace("-", "").isalnum() for label in labels
    ) and (len(labels) > 1 or host in _LOOPBACK)
