"""Public statements as everybody reads them and as staff keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from complaints.markup import Block, blocks_of
from liability.models import Incident, PublicStatement


@dataclass(frozen=True)
class StatementShown:
    """A statement in one language."""

    incident: int
    number: int
    title: str
    blocks: list[Block]
    body: str
    published_at: datetime | None


def shown_statement(statement: PublicStatement, language: str) -> StatementShown:
    """Return a statement in a language."""
    end = "zh" if language.startswith("zh") else "en"
    body: str = getattr(statement, f"body_{end}")
    return StatementShown(
        incident=statement.incident_id,
        number=statement.number,
        title=getattr(statement, f"title_{end}"),
        blocks=blocks_of(body),
        body=body,
        published_at=statement.published_at,
    )


def statements_in_force() -> QuerySet[PublicStatement]:
    """Return the newest published statement of each incident, the newest first."""
    published = PublicStatement.objects.filter(published_at__isnull=False)
    newest = published.order_by("incident_id", "-number").distinct("incident_id").values("pk")
    return PublicStatement.objects.filter(pk__in=newest).order_by("-published_at", "-pk")


def published_of(incident_id: int) -> list[PublicStatement]:
    """Return the published versions of an incident's statement, the newest first."""
    rows = PublicStatement.objects.filter(incident_id=incident_id, published_at__isnull=False)
    return list(rows.select_related("written_by", "published_by").order_by("-number"))


def statement_draft(incident: Incident) -> PublicStatement | None:
    """Return the draft of an incident's statement, if there is one."""
    rows = PublicStatement.objects.filter(incident=incident, published_at=None)
    return rows.select_related("written_by").first()
