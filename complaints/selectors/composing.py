"""What somebody is writing in a case, and which replies still wait to go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_datetime

from accounts.models import User
from complaints.models import Case, DraftFile, ReplyDraft
from complaints.states import MessageKind


@dataclass(frozen=True)
class Written:
    """A draft, or a reply that waits (`goes_at`); `files` are (id, name)."""

    pk: int
    kind: str
    text: str
    version: int
    reference: str
    author_id: int
    author: str
    goes_at: datetime | None
    files: tuple[tuple[int, str], ...]

    @property
    def is_waiting(self) -> bool:
        """Whether it was sent and may be taken back."""
        return self.goes_at is not None


def written_here(case: Case, user: User) -> ArraySubquery:
    """Return an expression for one's drafts in a case, its waiting replies, and one's own others.

    It is counted together with other things in one statement; `as_written` reads what it gives.
    """
    files = DraftFile.objects.filter(draft=OuterRef("pk")).order_by("pk")
    mine = Q(author=user)
    waits = Q(goes_at__isnull=False)
    rows = ReplyDraft.objects.filter(Q(case=case) & (mine | waits) | mine & waits)
    return ArraySubquery(
        rows.order_by("goes_at", "pk").values(
            json=JSONObject(
                pk="pk",
                kind="kind",
                text="text",
                version="version",
                reference="case__reference",
                author_id="author_id",
                author="author__display_name",
                goes_at="goes_at",
                files=ArraySubquery(
                    files.values(json=JSONObject(pk="pk", name=F("file__original_name")))
                ),
            )
        )
    )


def as_written(found: list[Mapping[str, Any]] | None) -> list[Written]:
    """Return what `written_here` gave as drafts and waiting replies."""
    return [
        Written(
            **{
                **row,
                "goes_at": parse_datetime(row["goes_at"]) if row["goes_at"] else None,
                "files": tuple((file["pk"], file["name"]) for file in row["files"] or ()),
            }
        )
        for row in found or ()
    ]


def waiting_replies(*, before: datetime) -> QuerySet[ReplyDraft]:
    """Return replies whose wait is over, the longest waiting first."""
    return ReplyDraft.objects.filter(goes_at__lte=before).order_by("goes_at", "pk")


def others_said_since(case: Case, user: User, moment: datetime) -> str:
    """Return who else of us answered the consumer, or is about to, since a moment; "" if nobody."""
    said = case.messages.filter(
        kind=MessageKind.MESSAGE, at__gt=moment, author__isnull=False
    ).exclude(author=user)
    name = said.order_by("at").values_list("author__display_name", flat=True).first()
    if name:
        return str(name)
    waits = ReplyDraft.objects.filter(case=case, goes_at__isnull=False, saved_at__gt=moment)
    found = waits.exclude(author=user).values_list("author__display_name", flat=True).first()
    return str(found or "")
