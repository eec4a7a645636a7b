"""Looking after evidence: copies and marks of pictures, scans, quarantine and the way out of it."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Evidence, PictureMark
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.picture_marks import mark_of, signed
from complaints.selectors.people import responsible_for
from complaints.services.cases import touch
from complaints.services.custody import record_custody, report_fault
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.vault_states import CustodyKind
from documents.errors import FileUnavailable
from documents.filetypes import FILE_TYPES, VIEWABLE
from documents.models import FileScan, StoredFile
from documents.services import scanning
from documents.services.files import read_bytes
from documents.services.viewing import thumbnail
from documents.states import ScanStatus

logger = logging.getLogger(__name__)
MOST_PREPARED = 50
TRIED_FOR = timedelta(days=3)


def prepare_waiting(*, most: int = MOST_PREPARED) -> int:
    """Make copies and marks of evidence that came in, and let it be scanned; return how many."""
    fresh = Evidence.objects.filter(prepared_at=None, case__isnull=False)
    waiting = list(fresh.select_related("file", "case__consumer").order_by("id")[:most])
    return sum(prepare(evidence) for evidence in waiting)


def prepare(evidence: Evidence) -> bool:
    """Let one piece of evidence be scanned, then make its copies and its mark; once, not twice.

    Who dies over it leaves it to `prepare_again`, so that one file never holds up the others.
    """
    if not Evidence.objects.filter(pk=evidence.pk, prepared_at=None).update(prepared_at=now()):
        return False
    scanning.schedule_scans([evidence.file])
    _mark(evidence)
    return True


def prepare_again() -> int:
    """Try once more to make copies of the last days' pictures that have none; return how many."""
    pictures = [FILE_TYPES[key].media_type for key in VIEWABLE]
    unmarked = Evidence.objects.filter(
        ~Exists(PictureMark.objects.filter(file=OuterRef("file"))),
        case__isnull=False,
        file__erased_at=None,
        prepared_at__gt=now() - TRIED_FOR,
        file__media_type__in=pictures,
    )
    waiting = list(unmarked.select_related("file", "case__consumer").order_by("id")[:MOST_PREPARED])
    for evidence in waiting:
        _mark(evidence)
    return len(waiting)


def _mark(evidence: Evidence) -> None:
    try:
        mark_picture(evidence.file)
    except FileUnavailable as fault:
        report_fault(evidence, fault, by=Actor.system())


def mark_picture(stored: StoredFile) -> PictureMark | None:
    """Return the mark of a picture, making it once; None for what is no picture.

    Raises documents' FileUnavailable.
    """
    known = PictureMark.objects.filter(file=stored).first()
    if known is not None:
        return known
    small = thumbnail(stored)
    if small is None:
        return None
    mark = mark_of(read_bytes(small))
    made, _is_new = PictureMark.objects.get_or_create(
        file=stored,
        defaults={
            "rows": signed(mark.rows) if mark else None,
            "columns": signed(mark.columns) if mark else None,
            "bands": mark.bands if mark else [],
        },
    )
    return made


def scan_due() -> int:
    """Have due files scanned; return how many verdicts there were."""
    return scanning.scan_due(heard=_heard, faulty=_faulty)


def schedule_missing(*, most: int = 5000) -> int:
    """Let evidence be scanned that came in while there was no scanner, or it did not answer."""
    again = scanning.schedule_again()
    if not scanning.scanner_is_configured():
        return 0
    never = Evidence.objects.filter(
        case__isnull=False,
        file__erased_at=None,
        file__scan_status=ScanStatus.NOT_SCANNED,
        file__scan=None,
    )
    files = [each.file for each in never.select_related("file").order_by("id")[:most]]
    scanning.schedule_scans(files)
    return again + len(files)


def _heard(stored: StoredFile, scan: FileScan) -> None:
    for evidence in _evidence_of(stored):
        if stored.is_quarantined:
            _quarantine(evidence, scan)
        else:
            record_custody(
                evidence, CustodyKind.SCANNED, by=Actor.system(), detail=scan.engine[:200]
            )


def _faulty(stored: StoredFile, fault: FileUnavailable) -> None:
    for evidence in _evidence_of(stored):
        report_fault(evidence, fault, by=Actor.system())


def _evidence_of(stored: StoredFile) -> list[Evidence]:
    found = Evidence.objects.filter(file=stored, case__isnull=False)
    return list(found.select_related("file", "case__consumer").order_by("id"))


def _quarantine(evidence: Evidence, scan: FileScan) -> None:
    if evidence.case is None:
        return
    case = touch(
        evidence.case, "evidence_quarantined", by=Actor.system(), data={"evidence": evidence.pk}
    )
    evidence.file.scan_status = ScanStatus.QUARANTINED
    record_custody(
        evidence, CustodyKind.QUARANTINED, by=Actor.system(), detail=scan.signature[:200]
    )
    tell_staff(
        case,
        "evidence_quarantined",
        users=responsible_for(case),
        key=f"evidence-quarantined:{evidence.pk}:{case.version}",
        data={"evidence": evidence.pk},
        by_mail=True,
    )


@transaction.atomic
def release_evidence(evidence: Evidence, *, by: Actor, note: str) -> None:
    """Let a file out of quarantine, by a manager and for a reason.

    Raises CaseError without the right or a reason, or when it is not in quarantine.
    """
    if not has_permission(by, Permission.RELEASE_EVIDENCE):
        raise CaseError(_("只有主管可以解除隔离。"))
    if not note.strip():
        raise CaseError(_("请写明理由。"), field="note")
    if evidence.case is None:
        raise CaseError(_("这份文件不在案件里。"))
    stored = StoredFile.objects.select_for_update().get(pk=evidence.file_id)
    case = locked_case(evidence.case)
    if not stored.is_quarantined:
        raise CaseError(_("这份文件没有被隔离。"))
    scanning.set_status(stored, ScanStatus.RELEASED)
    record_custody(evidence, CustodyKind.RELEASED, by=by, note=note)
    touch(case, "evidence_released", by=by, data={"evidence": evidence.pk}, text={"reason": note})
