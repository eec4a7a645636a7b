"""Writing public pages: a draft in both languages, published as a version that stays."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.markup import refused_links
from complaints.models import PublicPage, PublicPageVersion
from complaints.moments import now
from complaints.permissions import Permission, has_permission

MOST_SECTIONS = 20
LONGEST_BODY = 8000
SECTION_FIELDS = ("heading_zh", "heading_en", "body_zh", "body_en")


def _require(by: Actor) -> None:
    if not has_permission(by, Permission.MANAGE_PAGES):
        raise StepForbidden(_("你的角色不能修改公开页面。"))


def _locked(page: PublicPage) -> tuple[PublicPage, PublicPageVersion | None]:
    page = PublicPage.objects.select_for_update().get(pk=page.pk)
    draft = PublicPageVersion.objects.select_for_update().filter(page=page, published_at=None)
    return page, draft.first()


@transaction.atomic
def save_page_draft(
    page: PublicPage,
    *,
    titles: dict[str, str],
    sections: list[dict[str, str]],
    by: Actor,
    seen: int = 0,
) -> PublicPageVersion:
    """Keep a draft, complete or not; `seen` is the draft's revision that somebody began with.

    Raises DraftChanged when somebody else saved it since, CaseError for too much or a bad link.
    """
    _require(by)
    kept = [
        {field: str(each.get(field, "")).strip() for field in SECTION_FIELDS} for each in sections
    ]
    kept = [each for each in kept if any(each.values())]
    _check_sections(kept)
    page, draft = _locked(page)
    if draft is None and seen:
        raise DraftChanged(_("这份草稿刚刚被发布了。看看现在的页面，再决定怎么改。"))
    if draft is not None and draft.revision != seen:
        raise DraftChanged(_("有人刚刚改过这份草稿。看看最新的内容，再决定怎么改。"))
    if draft is None:
        latest = page.versions.order_by("-number").first()
        draft = PublicPageVersion(
            page=page, number=(latest.number if latest else 0) + 1, revision=0
        )
    for field, words in titles.items():
        setattr(draft, field, words.strip())
    draft.sections, draft.saved_at, draft.saved_by = kept, now(), by.user
    draft.revision += 1
    draft.save()
    return draft


def _check_sections(sections: list[dict[str, str]]) -> None:
    if len(sections) > MOST_SECTIONS:
        raise CaseError(_("一页最多 %(most)d 段。") % {"most": MOST_SECTIONS})
    for place, each in enumerate(sections):
        for field in SECTION_FIELDS:
            if len(each[field]) > LONGEST_BODY:
                raise CaseError(_("内容太长。"), field=f"s{place}-{field}")
        for field in ("body_zh", "body_en"):
            wrong = refused_links(each[field])
            if wrong:
                raise CaseError(
                    _("链接只能用 https://、tel:、mailto: 或本站的路径：%(links)s")
                    % {"links": " ".join(wrong)},
                    field=f"s{place}-{field}",
                )


def missing_in(version: PublicPageVersion) -> list[tuple[int, str]]:
    """Return what a draft lacks in one of the languages, as (section, field); -1 is the page."""
    lacking = [(-1, field) for field in ("title_zh", "title_en") if not getattr(version, field)]
    if bool(version.lead_zh) != bool(version.lead_en):
        lacking.append((-1, "lead_en" if version.lead_zh else "lead_zh"))
    for place, each in enumerate(version.sections):
        lacking += [(place, field) for field in SECTION_FIELDS if not each.get(field)]
    return lacking


@transaction.atomic
def publish_page(page: PublicPage, *, by: Actor, seen: int, reason: str) -> PublicPageVersion:
    """Publish the draft as somebody saw it: from now on everybody reads it.

    Raises CaseError without a reason or when a language is missing, DraftChanged.
    """
    _require(by)
    if not reason.strip():
        raise CaseError(_("请写明改了什么，大家能看到。"), field="reason")
    _page, draft = _locked(page)
    if draft is None or draft.revision != seen:
        raise DraftChanged(_("有人刚刚改过这份草稿。看看最新的内容，再决定要不要发布。"))
    if not draft.sections:
        raise CaseError(_("至少写一段再发布。"))
    if missing_in(draft):
        raise CaseError(_("中文和英文都写全才能发布。"))
    draft.published_at, draft.published_by, draft.reason = now(), by.user, reason.strip()
    draft.save(update_fields=["published_at", "published_by", "reason"])
    return draft


@transaction.atomic
def drop_page_draft(page: PublicPage, *, by: Actor, seen: int) -> None:
    """Throw a draft away as somebody saw it. Raises DraftChanged."""
    _require(by)
    _page, draft = _locked(page)
    if draft is None or draft.revision != seen:
        raise DraftChanged(_("有人刚刚改过这份草稿。"))
    draft.delete()


def as_form_data(version: PublicPageVersion) -> dict[str, Any]:
    """Return a version as the fields of the form."""
    titles = ("title_zh", "title_en", "lead_zh", "lead_en")
    data: dict[str, Any] = {field: getattr(version, field) for field in titles}
    for place, each in enumerate(version.sections):
        data |= {f"s{place}-{field}": each.get(field, "") for field in SECTION_FIELDS}
    return data
