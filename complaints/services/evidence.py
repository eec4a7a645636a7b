"""Files handed in with a complaint or later: checked, hashed, stored once, never changed."""

from __future__ import annotations

from typing import IO

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, Evidence, IntakeDraft
from complaints.moments import now
from complaints.selectors.duplicates import carrier_of
from complaints.services.cases import touch
from complaints.services.outbox import tell_staff
from complaints.services.pausing import resume_on_reply
from complaints.states import ActorKind
from documents.models import StoredFile
from documents.services.files import discard_unused, store_file

MOST_FILES = 20
MOST_BYTES = 300 * 1024 * 1024


def add_evidence(
    case: Case,
    *,
    by: Actor,
    upload: IO[bytes],
    name: str,
    caption: str = "",
    for_consumer: bool = True,
) -> Evidence:
    """Add a file to a case; a clock that waited for the consumer runs on with the consumer's.

    Raises documents' FileRefused, or CaseError when the case is full.
    """
    _check_room(Evidence.objects.filter(case=case))
    stored = store_file(upload, name=name)
    return _attach(case, stored, by=by, caption=caption, for_consumer=for_consumer)


@transaction.atomic
def _attach(
    case: Case, stored: StoredFile, *, by: Actor, caption: str, for_consumer: bool
) -> Evidence:
    case = touch(
        case, "evidence_added", by=by, data={"file": str(stored.pk)}, for_consumer=for_consumer
    )
    evidence = Evidence.objects.create(
        case=case,
        file=stored,
        uploaded_by_kind=by.kind,
        uploaded_by=by.user,
        caption=caption,
        for_consumer=for_consumer,
        at=now(),
    )
    if by.kind == ActorKind.CONSUMER:
        owner = carrier_of(case).owner
        if owner is not None:
            tell_staff(case, "evidence_added", users=[owner], key=f"evidence:{evidence.pk}")
        resume_on_reply(case, by=by)
    return evidence


def attach_stored(case: Case, stored: StoredFile, *, by: Actor, for_consumer: bool) -> Evidence:
    """Add a file to a case that was taken in before, with a draft; it was checked then."""
    return _attach(case, stored, by=by, caption="", for_consumer=for_consumer)


def add_draft_file(draft: IntakeDraft, *, upload: IO[bytes], name: str) -> Evidence:
    """Add a file to a complaint that is still being written; same checks as `add_evidence`."""
    _check_room(Evidence.objects.filter(draft=draft))
    stored = store_file(upload, name=name)
    return Evidence.objects.create(
        draft=draft, file=stored, uploaded_by_kind=ActorKind.CONSUMER, at=now()
    )


def remove_draft_file(draft: IntakeDraft, evidence_id: int) -> None:
    """Take a file off a complaint that was not sent yet; unknown ids do nothing."""
    drop_unsent(Evidence.objects.filter(draft=draft, case=None, pk=evidence_id))


@transaction.atomic
def drop_unsent(evidence: QuerySet[Evidence]) -> int:
    """Delete evidence of drafts, with its files; return how many. What was sent meanwhile stays."""
    doomed = evidence.filter(case=None).select_related("file").select_for_update(of=("self",))
    dropped = list(doomed.order_by("pk"))
    for each in dropped:
        stored = each.file
        each.delete()
        discard_unused(stored)
    return len(dropped)


def _check_room(existing: QuerySet[Evidence]) -> None:
    count = existing.count()
    total = existing.aggregate(total=Sum("file__size"))["total"] or 0
    if count >= MOST_FILES or total >= MOST_BYTES:
        raise CaseError(
            _("一个案件最多 %(files)d 个文件，共 300 MB。") % {"files": MOST_FILES}, field="files"
        )
