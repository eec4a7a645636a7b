"""Messages between us and the consumer as the tracking page shows them, with their files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from complaints.models import Case, Evidence, Message
from complaints.states import ActorKind
from config.templatetags.present import moment
from documents.services.viewing import can_be_viewed

TOGETHER = timedelta(minutes=2)


def chat_of(
    case: Case, messages: Sequence[Message], files: Sequence[Evidence], *, now: datetime
) -> list[dict[str, Any]]:
    """Return what was said, the oldest first; a file goes with the words it came with."""
    said = [_said(message, now) for message in messages]
    for file in files:
        place = _words_of(file, messages)
        if place is not None:
            said[place]["attachments"].append(_attachment(case, file))
    return said


def _said(message: Message, now: datetime) -> dict[str, Any]:
    mine = message.author_kind == ActorKind.CONSUMER
    name = message.author.display_name if message.author and not mine else ""
    return {
        "name": name,
        "at": moment(message.at, now),
        "text": message.body,
        "mine": mine,
        "attachments": [],
    }


def _words_of(file: Evidence, messages: Sequence[Message]) -> int | None:
    who = (file.uploaded_by_kind, file.uploaded_by_id)
    for place in reversed(range(len(messages))):
        message = messages[place]
        span = file.at - message.at
        if (message.author_kind, message.author_id) == who and timedelta(0) <= span <= TOGETHER:
            return place
    return None


def _attachment(case: Case, evidence: Evidence) -> dict[str, Any]:
    stored, key = evidence.file, [case.reference, evidence.pk]
    return {
        "name": stored.original_name,
        "href": reverse("mine:file", args=key),
        "thumb": reverse("mine:file_thumb", args=key) if can_be_viewed(stored) else "",
        "icon": "video" if stored.is_video else "file-text",
    }
