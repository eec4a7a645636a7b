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
from complaints.selectors.facts import evidence_of
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.services.pausing import resume_on_reply
from complaints.states import ActorKind, Channel
from documents.models import StoredFile
from documents.services.files import discard_file, discard_unused, store_file
from documents.services.viewing import can_be_viewed

MOST_FILES = 20
MOST_BYTES = 300 * 1024 * 1024


class AlreadyHeld(CaseError):
    """The same person handed in the same bytes before; `evidence` is what came of them."""

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(_("这份材料已经有了。"), field="files")
        self.evidence = evidence


def add_evidence(
    case: Case,
    *,
    by: Actor,
    upload: IO[bytes],
    name: str,
    caption: str = "",
    for_consumer: bool = True,
    channel: str = "",
    once: bool = False,
) -> Evidence:
    """Add a file to a case; a clock that waited for the consumer runs on with the consumer's.

    `channel` is the way it came, "" for the desk. The ledger of custody begins with it: the
    database writes the receipt. Raises documents' FileRefused, or CaseError when the case is full
    or a picture of staff would tell the consumer where it was taken; with `once`, AlreadyHeld when
    this person handed in the same bytes.
    """
    _check_room(Evidence.objects.filter(case=case))
    shown = for_consumer and by.kind == ActorKind.STAFF
    stored = take_in_to_show(upload, name=name) if shown else store_file(upload, name=name)
    evidence = Evidence(
        file=stored,
        uploaded_by_kind=by.kind,
        uploaded_by=by.user,
        channel=channel,
        caption=caption,
        for_consumer=for_consumer,
    )
    try:
        return _attach_where_room(case, evidence, by=by, once=once)
    except CaseError:
        discard_file(stored)
        raise


@transaction.atomic
def _attach_where_room(case: Case, evidence: Evidence, *, by: Actor, once: bool) -> Evidence:
    """Look again under the lock of the case: another upload may have come while this was stored."""
    case = locked_case(case)
    held = held_evidence(case, evidence.file.sha256, by=by) if once else None
    if held is not None:
        raise AlreadyHeld(held)
    _check_room(Evidence.objects.filter(case=case))
    return _attach(case, evidence, by=by)


def held_evidence(case: Case, sha256: str, *, by: Actor) -> Evidence | None:
    """Return what a person handed in with these bytes before, or None."""
    mine = evidence_of(case).filter(uploaded_by_kind=by.kind, file__sha256=sha256)
    if by.kind == ActorKind.STAFF:
        mine = mine.filter(uploaded_by=by.user)
    return mine.first()


def take_in_to_show(upload: IO[bytes], *, name: str) -> StoredFile:
    """Keep a file of staff that the consumer is to see.

    Raises CaseError for a picture that would tell the consumer where it was taken, and FileRefused.
    """
    stored = store_file(upload, name=name)
    if stored.is_photo and not can_be_viewed(stored):
        discard_file(stored)
        raise CaseError(
            _("「%(name)s」里的拍摄位置去不掉，请转成 JPG 再上传，或者设为消费者不可见。")
            % {"name": stored.original_name},
            field="files",
        )
    return stored


@transaction.atomic
def _attach(case: Case, evidence: Evidence, *, by: Actor) -> Evidence:
    case = touch(
        case,
        "evidence_added",
        by=by,
        data={"file": str(evidence.file_id)},
        for_consumer=evidence.for_consumer,
    )
    evidence.case, evidence.at = case, now()
    evidence.save(force_insert=True)
    if by.kind == ActorKind.CONSUMER:
        owner = carrier_of(case).owner
        if owner is not None:
            tell_staff(case, "evidence_added", users=[owner], key=f"evidence:{evidence.pk}")
        resume_on_reply(case, by=by)
    return evidence


def attach_stored(case: Case, stored: StoredFile, *, by: Actor, for_consumer: bool) -> Evidence:
    """Add a file to a case that was taken in before, with a draft; it was checked then."""
    evidence = Evidence(
        file=stored, uploaded_by_kind=by.kind, uploaded_by=by.user, for_consumer=for_consumer
    )
    return _attach(case, evidence, by=by)


def add_draft_file(
    draft: IntakeDraft, *, upload: IO[bytes], name: str, channel: str = Channel.WEB_FORM
) -> Evidence:
    """Add a file to a complaint that is still being written; same checks as `add_evidence`."""
    _check_room(Evidence.objects.filter(draft=draft))
    stored = store_file(upload, name=name)
    evidence = Evidence(
        draft=draft,
        file=stored,
        uploaded_by_kind=ActorKind.CONSUMER,
        channel=channel,
        at=now(),
    )
    try:
        with transaction.atomic():
            IntakeDraft.objects.select_for_update(no_key=True).filter(pk=draft.pk).first()
            _check_room(Evidence.objects.filter(draft=draft))
            evidence.save(force_insert=True)
    except CaseError:
        discard_file(stored)
        raise
    return evidence


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
