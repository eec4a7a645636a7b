"""The tags that there are, and those of a case."""

from __future__ import annotations

from complaints.models import Case, Tag

MOST_A_CASE = 20


def all_tags() -> list[Tag]:
    """Return every tag by name."""
    return list(Tag.objects.order_by("name"))


def tags_of(case: Case) -> list[Tag]:
    """Return the tags of a case by name."""
    return list(Tag.objects.filter(case_tags__case=case).order_by("name"))


def tag_by_id(pk: int) -> Tag | None:
    """Return a tag, None for none."""
    return Tag.objects.filter(pk=pk).first()
