"""The ledger of custody: every touch of a piece of evidence, and what is done about a wrong one."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CustodyEntry, Evidence
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.people import all_managers
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.vault_states import CustodyKind, Purpose
from documents.errors import FileMissing, FileTampered, FileUnavailable
from documents.services.files import check_unchanged

logger = logging.getLogger(__name__)
SAME_VISIT = timedelta(minutes=10)
"""Looks by one person at one picture within this time are one entry."""
MOST_VERIFIED = 200
VERIFY_EVERY = timedelta(days=30)


def record_custody(
    evidence: Evidence,
    kind: str,
    *,
    by: Actor,
    detail: str = "",
    purpose: str = "",
    note: str = "",
) -> None:
    """Add an entry to the ledger of a piece of evidence that belongs to a case."""
    sealed = None
    if note:
        sealed = sealing.seal(_case(evidence).consumer.key_sealed, note)
    CustodyEntry.objects.create(
        evidence=evidence,
        kind=kind,
        actor_kind=by.kind,
        actor=by.user,
        at=now(),
        file_sha256=evidence.file.sha256,
        detail=detail,
        purpose=purpose,
        sealed_note=sealed,
    )


def _case(evidence: Evidence) -> Case:
    if evidence.case is None:
        raise ValueError("evidence of a draft has no custody yet")
    return evidence.case


def record_look(evidence: Evidence, *, by: Actor) -> None:
    """Record that somebody saw the copy for viewing; once for a visit."""
    recent = CustodyEntry.objects.filter(
        evidence=evidence,
        kind=CustodyKind.VIEWED,
        actor_kind=by.kind,
        actor=by.user,
        at__gt=now() - SAME_VISIT,
    )
    if not recent.exists():
        record_custody(evidence, CustodyKind.VIEWED, by=by)


def check_purpose(purpose: str, note: str) -> None:
    """Raise CaseError unless there is a reason to take an original out of the vault."""
    if purpose not in Purpose.values:
        raise CaseError(_("请选一个用途。"), field="purpose")
    if purpose == Purpose.OTHER and not note.strip():
        raise CaseError(_("请写明用途。"), field="note")


def may_open_original(actor: Actor, evidence: Evidence) -> bool:
    """Say whether somebody who sees the case may have the original of a file.

    Pictures tell place and device; other files have no copy, and are read as they came.
    """
    if evidence.file.is_photo:
        return has_permission(actor, Permission.OPEN_ORIGINAL)
    return has_permission(actor, Permission.VIEW_CASE)


def verify_evidence(evidence: Evidence, *, by: Actor) -> bool:
    """Compare a file with the hash of its receipt and record what was found; True when it fits."""
    try:
        check_unchanged(evidence.file)
    except FileUnavailable as fault:
        report_fault(evidence, fault, by=by)
        return False
    with transaction.atomic():
        record_custody(evidence, CustodyKind.VERIFIED, by=by)
        Evidence.objects.filter(pk=evidence.pk).update(verified_at=now())
    return True


def verify_oldest(*, most: int = MOST_VERIFIED) -> int:
    """Verify the files that were not looked at for longest; return how many did not fit."""
    long_ago = Q(verified_at=None) | Q(verified_at__lte=now() - VERIFY_EVERY)
    due = Evidence.objects.filter(
        long_ago, case__isnull=False, file__erased_at=None
    ).select_related("file", "case__consumer")
    oldest = due.order_by(F("verified_at").asc(nulls_first=True), "id")[:most]
    return sum(not verify_evidence(each, by=Actor.system()) for each in oldest)


@transaction.atomic
def report_fault(evidence: Evidence, fault: FileUnavailable, *, by: Actor) -> None:
    """Record that a file is not what came in, and tell managers, once until it fits again."""
    if isinstance(fault, FileTampered):
        detail = "changed"
    elif isinstance(fault, FileMissing):
        detail = "missing"
    else:
        return
    if fault.stored_id != evidence.file_id:
        detail = f"copy_{detail}"
    logger.error("evidence_mismatch", extra={"evidence": evidence.pk, "fault": detail})
    if evidence.case is None:
        return
    case = locked_case(evidence.case)
    judged = CustodyEntry.objects.filter(
        evidence=evidence, kind__in=[CustodyKind.VERIFIED, CustodyKind.MISMATCH]
    )
    latest = judged.order_by("-sequence").first()
    if latest is not None and latest.kind == CustodyKind.MISMATCH:
        return
    record_custody(evidence, CustodyKind.MISMATCH, by=by, detail=detail)
    Evidence.objects.filter(pk=evidence.pk).update(verified_at=now())
    case = touch(
        case,
        "evidence_mismatch",
        by=Actor.system(),
        data={"evidence": evidence.pk, "fault": detail},
    )
    tell_staff(
        case,
        "evidence_mismatch",
        users=all_managers(),
        key=f"evidence-mismatch:{evidence.pk}:{case.version}",
        data={"evidence": evidence.pk},
        by_mail=True,
    )
