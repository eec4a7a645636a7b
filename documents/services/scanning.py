"""Having stored files scanned: a row for each until there is an answer, tried again with patience.

Nothing waits for the scanner: a file without a verdict is "not scanned", and says so.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from documents.errors import FileUnavailable
from documents.models import FileScan, StoredFile
from documents.scanner import ScannerError, Verdict, ask, read_address
from documents.services.files import open_verified
from documents.states import FileKind, ScanStatus

logger = logging.getLogger(__name__)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 180, 360)]
"""Between tries; after the last one the file waits for the nightly round."""
MOST_SECONDS = 45.0

Heard = Callable[[StoredFile, FileScan], None]
Faulty = Callable[[StoredFile, FileUnavailable], None]


def scanner_is_configured() -> bool:
    """Tell whether there is a scanner to ask."""
    return bool(settings.CLAMD_ADDRESS)


def schedule_scans(files: list[StoredFile]) -> None:
    """Let files be scanned soon; those that have a row already, and ours, are left alone."""
    moment = timezone.now()
    rows = [
        FileScan(file=stored, next_at=moment)
        for stored in files
        if stored.kind == FileKind.UPLOAD and stored.scan_status == ScanStatus.NOT_SCANNED
    ]
    if rows and scanner_is_configured():
        FileScan.objects.bulk_create(rows, ignore_conflicts=True)


def schedule_again() -> int:
    """Begin anew with files whose tries ran out; return how many. Too large ones stay."""
    if not scanner_is_configured():
        return 0
    given_up = FileScan.objects.filter(
        Q(next_at=None, scanned_at=None) & ~Q(problem="too_large"),
        file__scan_status=ScanStatus.NOT_SCANNED,
    )
    return given_up.update(next_at=timezone.now(), attempts=0)


def scan_due(*, heard: Heard, faulty: Faulty, most: int = 100) -> int:
    """Ask the scanner about files that are due; return how many verdicts there were.

    `heard` is called with each verdict, in the transaction that keeps it; `faulty` with each file
    that is not what was stored. Safe to run at once in several processes.
    """
    if not scanner_is_configured():
        return 0
    until, verdicts = time.monotonic() + MOST_SECONDS, 0
    due = FileScan.objects.filter(next_at__lte=timezone.now()).select_related("file")
    for scan in due.order_by("next_at")[:most]:
        if time.monotonic() > until:
            break
        if _claim(scan):
            verdicts += _scan(scan, heard=heard, faulty=faulty)
    return verdicts


def _claim(scan: FileScan) -> bool:
    """Put a row off so that nobody else takes it meanwhile; a crash leaves it due again."""
    lease = timezone.now() + timedelta(seconds=settings.CLAMD_SECONDS * 2)
    mine = FileScan.objects.filter(pk=scan.pk, next_at=scan.next_at)
    return bool(mine.update(next_at=lease, attempts=F("attempts") + 1))


def _scan(scan: FileScan, *, heard: Heard, faulty: Faulty) -> bool:
    scan.refresh_from_db(fields=["attempts", "next_at"])
    address = read_address(settings.CLAMD_ADDRESS)
    try:
        with open_verified(scan.file) as stream:
            verdict = ask(stream, address=address, seconds=settings.CLAMD_SECONDS)
    except FileUnavailable as fault:
        _put_off(scan, "file_fault", lasting=True)
        faulty(scan.file, fault)
        return False
    except ScannerError as error:
        logger.warning("file_not_scanned", extra={"file": str(scan.pk), "problem": error.code})
        _put_off(scan, error.code, lasting=error.is_lasting)
        return False
    with transaction.atomic():
        _keep(scan, verdict)
        heard(scan.file, scan)
    return True


def _put_off(scan: FileScan, problem: str, *, lasting: bool) -> None:
    tries = scan.attempts
    scan.problem = problem
    again = None if lasting or tries > len(PAUSES) else timezone.now() + PAUSES[tries - 1]
    scan.next_at = again
    scan.save(update_fields=["problem", "next_at"])


def _keep(scan: FileScan, verdict: Verdict) -> None:
    scan.next_at, scan.problem, scan.scanned_at = None, "", timezone.now()
    scan.engine, scan.signature = verdict.engine[:120], verdict.signature
    scan.save(update_fields=["next_at", "problem", "scanned_at", "engine", "signature"])
    set_status(scan.file, ScanStatus.CLEAN if verdict.is_clean else ScanStatus.QUARANTINED)


def set_status(stored: StoredFile, status: ScanStatus) -> None:
    """Set apart a file and every copy made of it, or let them out again."""
    stored.scan_status = status
    stored.save(update_fields=["scan_status"])
    copies = StoredFile.objects.filter(derived_from=stored)
    apart = status == ScanStatus.QUARANTINED
    copies.update(scan_status=ScanStatus.QUARANTINED if apart else ScanStatus.CLEAN)
