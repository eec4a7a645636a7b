"""Cases that belong together without being one; and the marks by which like texts are found."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.likeness import bands
from complaints.models import Case, CaseLink, TextMark
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_cases
from complaints.states import LinkKind


def text_marks(cases: Iterable[Case]) -> list[TextMark]:
    """Return the marks of saved Cases' texts, to be saved; a text that says too little has none."""
    marks = ((case, bands(case.description)) for case in cases)
    return [TextMark(case=case, bands=found) for case, found in marks if found]


def mark_texts(cases: Iterable[Case]) -> None:
    """Write down the marks of saved Cases' texts."""
    TextMark.objects.bulk_create(text_marks(cases))


@transaction.atomic
def link_cases(case: Case, other: Case, *, kind: str, by: Actor) -> CaseLink:
    """Say how two cases belong together; both logs tell of it, and nobody's clock changes.

    FOLLOW_UP means that `case` came after `other`. A link of the two that was there gives way to
    the new one. Raises CaseError for a case with itself or an unknown kind, StepForbidden.
    """
    _check(by)
    if kind not in LinkKind.values:
        raise CaseError(_("请选一种关系。"), field="kind")
    if case.pk == other.pk:
        raise CaseError(_("不能和自己关联。"), field="other")
    case, other = locked_cases(case, other)
    held = live_links(case, other).first()
    if held is not None and held.kind == kind and held.case_id == case.pk:
        return held
    _end(live_links(case, other), by=by)
    link = CaseLink.objects.create(
        case=case, other=other, kind=kind, made_by=by.person, made_at=now()
    )
    touch(case, "linked", by=by, data={"other": other.pk, "link": kind})
    touch(other, "linked", by=by, data={"other": case.pk, "link": kind})
    return link


@transaction.atomic
def unlink_cases(case: Case, other: Case, *, by: Actor) -> bool:
    """End what links two cases; say whether there was anything."""
    _check(by)
    case, other = locked_cases(case, other)
    if not _end(live_links(case, other), by=by):
        return False
    touch(case, "unlinked", by=by, data={"other": other.pk})
    touch(other, "unlinked", by=by, data={"other": case.pk})
    return True


def live_links(case: Case, other: Case) -> QuerySet[CaseLink]:
    """Return the links between two cases, whichever way round."""
    between = Q(case=case, other=other) | Q(case=other, other=case)
    return CaseLink.objects.filter(between, ended_at=None)


def _end(links: QuerySet[CaseLink], *, by: Actor) -> int:
    return links.update(ended_at=now(), ended_by=by.person)


def _check(by: Actor) -> None:
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
