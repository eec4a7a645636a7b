"""Putting tags on cases and taking them off; a tag that nobody used before is made."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseTag, Tag
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.tags import MOST_A_CASE
from complaints.services.cases import touch
from complaints.services.locking import locked_case

LONGEST_NAME = 30


def _require(by: Actor) -> None:
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))


def tag_known(name: str) -> Tag:
    """Return the tag of a name that there is. Raises CaseError."""
    found = Tag.objects.filter(name__iexact=" ".join(name.replace("\x00", "").split())).first()
    if found is None:
        raise CaseError(_("没有这个标签。"), field="tag")
    return found


@transaction.atomic
def tag_called(name: str, *, by: Actor) -> Tag:
    """Return the tag of a name, made if there is none. Raises CaseError, StepForbidden."""
    _require(by)
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise CaseError(_("请写一个标签。"), field="tag")
    if len(name) > LONGEST_NAME:
        raise CaseError(_("标签最多 %(most)d 字。") % {"most": LONGEST_NAME}, field="tag")
    found = Tag.objects.filter(name__iexact=name).first()
    if found is not None:
        return found
    fresh = Tag(name=name, created_by=by.person, created_at=now())
    Tag.objects.bulk_create([fresh], ignore_conflicts=True)
    return Tag.objects.get(name__iexact=name)


@transaction.atomic
def tag_case(
    case: Case,
    *,
    add: Iterable[Tag] = (),
    remove: Iterable[Tag] = (),
    by: Actor,
    seen: int | None = None,
) -> Case:
    """Add tags to a case and take others off; return the Case as it now is.

    What is so already changes nothing and is no event. Raises CaseError for too many tags,
    StaleCase, StepForbidden.
    """
    _require(by)
    case = locked_case(case, seen=seen)
    present = set(CaseTag.objects.filter(case=case).values_list("tag_id", flat=True))
    gone = [tag.pk for tag in remove if tag.pk in present]
    fresh = [tag for tag in add if tag.pk not in present]
    if not gone and not fresh:
        return case
    if len(present) - len(gone) + len(fresh) > MOST_A_CASE:
        raise CaseError(_("一个案件最多 %(most)d 个标签。") % {"most": MOST_A_CASE}, field="tag")
    CaseTag.objects.filter(case=case, tag__in=gone).delete()
    CaseTag.objects.bulk_create(
        CaseTag(case=case, tag=tag, added_by=by.person, added_at=now()) for tag in fresh
    )
    data = {"added": [tag.pk for tag in fresh], "removed": gone}
    return touch(case, "tagged", by=by, data=data)
