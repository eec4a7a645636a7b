"""Public pages as everybody reads them, and as managers keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.markup import Block, blocks_of
from complaints.models import PublicPage, PublicPageVersion


@dataclass(frozen=True)
class Section:
    """One part of a page."""

    heading: str
    blocks: list[Block]


@dataclass(frozen=True)
class PageText:
    """A version of a page in one language."""

    code: str
    language: str
    number: int
    title: str
    lead: str
    sections: list[Section]
    published_at: datetime | None


def page_text(version: PublicPageVersion, language: str) -> PageText:
    """Return a version in a language."""
    end = "zh" if language.startswith("zh") else "en"
    return PageText(
        code=version.page_id,
        language=language,
        number=version.number,
        title=getattr(version, f"title_{end}"),
        lead=getattr(version, f"lead_{end}"),
        sections=[
            Section(each.get(f"heading_{end}", ""), blocks_of(each.get(f"body_{end}", "")))
            for each in version.sections
        ],
        published_at=version.published_at,
    )


def published_versions(code: str) -> list[PublicPageVersion]:
    """Return all published versions of a page, the newest first."""
    versions = PublicPageVersion.objects.filter(page=code, published_at__isnull=False)
    return list(versions.select_related("published_by").order_by("-number"))


def draft_of(code: str) -> PublicPageVersion | None:
    """Return a page's draft, if there is one."""
    return (
        PublicPageVersion.objects.filter(page=code, published_at=None)
        .select_related("saved_by")
        .first()
    )


def page_called(code: str) -> PublicPage | None:
    """Return a page by its code."""
    return PublicPage.objects.filter(pk=code).first()


def page_lines() -> list[dict[str, Any]]:
    """Return every page with its version in force and its draft, in order."""
    lines = []
    versions = PublicPageVersion.objects.select_related("published_by").order_by("-number")
    by_page: dict[str, list[PublicPageVersion]] = {}
    for version in versions:
        by_page.setdefault(version.page_id, []).append(version)
    for page in PublicPage.objects.order_by("position", "code"):
        found = by_page.get(page.pk, [])
        lines.append(
            {
                "page": page,
                "current": next((each for each in found if each.published_at), None),
                "draft": next((each for each in found if not each.published_at), None),
            }
        )
    return lines
