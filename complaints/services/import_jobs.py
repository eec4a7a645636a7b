"""Uploaded files of complaints: kept in sealed pieces, tried out, imported in the background.

A piece is one transaction with its own mark: a worker that dies leaves whole pieces, and the next
goes on behind them. Source and number make a case the same, so a piece twice adds nothing.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.importing.dates import DATE_FORMATS, DateEvidence
from complaints.importing.mapping import (
    Reading,
    check_mapping,
    date_columns,
    decided_format,
    guessed,
)
from complaints.importing.meanings import SourceComplaint
from complaints.importing.records import Record
from complaints.importing.refusals import BadRecord, FileRefused
from complaints.importing.uploads import MOST_ROWS, open_upload
from complaints.models import Case, ImportJob, ImportPiece, SavedMapping
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.importing import complaint_data, import_batch
from complaints.services.intake import submit_complaint
from complaints.services.outside import outside_clock, source_of
from complaints.states import Channel, ImportState

logger = logging.getLogger(__name__)
PIECE = 500
KEPT = timedelta(days=30)


@dataclass
class Trial:
    """What an import would do: rows that would become cases, that are there, that are bad."""

    rows: int = 0
    fresh: int = 0
    present: int = 0
    bad: int = 0
    date_format: str = ""
    examples: list[SourceComplaint] = field(default_factory=list)


def receive_upload(
    path: Path, *, name: str, source_name: str, channel: str, language: str, by: Actor
) -> ImportJob:
    """Take an uploaded table apart into sealed pieces and guess what its columns are.

    Raises FileRefused for what is no table or too long, CaseError for an unknown channel or no
    source, StepForbidden.
    """
    _check(by)
    source_name = " ".join(source_name.split())
    if not source_name:
        raise CaseError(_("请写明文件来自哪里。"), field="source_name")
    if channel not in Channel.values:
        raise CaseError(_("请选一项。"), field="channel")
    with transaction.atomic(), open_upload(path) as (columns, records):
        job = ImportJob.objects.create(
            name=name[:150],
            source_name=source_name[:80],
            channel=channel,
            language=language,
            columns=columns,
            mapping=guessed(columns),
            created_by=by.person,
            created_at=now(),
        )
        job.rows = _keep(job, records)
        if not job.rows:
            raise FileRefused(_("文件里只有表头，没有内容。"))
        job.save(update_fields=["rows"])
    return job


def _keep(job: ImportJob, records: Iterator[Record]) -> int:
    rows = 0
    for number in range(MOST_ROWS // PIECE + 1):
        batch = list(islice(records, PIECE))
        if not batch:
            break
        rows += len(batch)
        if rows > MOST_ROWS:
            raise FileRefused(_("行太多，最多 %(most)d 行，请分成几个文件。") % {"most": MOST_ROWS})
        sealed = sealing.seal_for_installation([asdict(record) for record in batch])
        ImportPiece.objects.create(job=job, number=number, sealed=sealed)
    return rows


@transaction.atomic
def set_mapping(
    job: ImportJob, *, mapping: Mapping[str, str], date_format: str, is_live: bool, by: Actor
) -> ImportJob:
    """Say which column is what, how dates are written ("" lets them tell) and what cases become.

    Raises FileRefused for a mapping that does not fit the file, CaseError once the import began.
    """
    _check(by)
    job = _locked(job)
    if job.state != ImportState.MAPPING:
        raise CaseError(_("导入已经开始，不能再改。"))
    if date_format and date_format not in DATE_FORMATS:
        raise CaseError(_("请选一种日期写法。"), field="date_format")
    check_mapping(mapping, job.columns)
    job.mapping, job.asked_format, job.is_live = dict(mapping), date_format, is_live
    job.date_format = ""
    job.save(update_fields=["mapping", "asked_format", "is_live", "date_format"])
    return job


def save_mapping(name: str, *, mapping: Mapping[str, str], by: Actor) -> SavedMapping:
    """Keep a mapping under a name; the same name again replaces it."""
    _check(by)
    values = {"mapping": dict(mapping), "saved_by": by.person, "saved_at": now()}
    return SavedMapping.objects.update_or_create(name=name[:60], defaults=values)[0]


@transaction.atomic
def try_out(job: ImportJob, *, by: Actor) -> Trial:
    """Read every row and write nothing but what is wrong with it.

    Raises FileRefused when the mapping does not fit or the dates do not tell how they are written.
    """
    _check(by)
    job = _locked(job)
    if job.state != ImportState.MAPPING:
        raise CaseError(_("导入已经开始，不能再改。"))
    job.date_format = _format_of(job)
    trial, seen = Trial(date_format=job.date_format), set[str]()
    reading, source = _reading(job), _source(job)
    for piece in job.pieces.order_by("number").iterator(chunk_size=1):
        complaints, problems = _read(piece, reading)
        refs = {complaint.external_ref for complaint in complaints}
        held = _held(source, refs) | (refs & seen)
        seen |= refs
        fresh = len(refs - held)
        trial.rows += len(complaints) + len(problems)
        trial.fresh += fresh
        trial.present += len(complaints) - fresh
        trial.bad += len(problems)
        trial.examples += complaints[: 3 - len(trial.examples)]
        _note_problems(piece, problems)
    job.bad = trial.bad
    job.save(update_fields=["date_format", "bad"])
    return trial


@transaction.atomic
def start_import(job: ImportJob, *, by: Actor) -> ImportJob:
    """Let the workers import a file; started before, nothing changes. Raises as `try_out` does."""
    _check(by)
    job = _locked(job)
    if job.state == ImportState.MAPPING:
        check_mapping(job.mapping, job.columns)
        job.date_format = job.date_format or _format_of(job)
        job.state, job.done, job.imported, job.present, job.bad = ImportState.RUNNING, 0, 0, 0, 0
        job.save(update_fields=["date_format", "state", "done", "imported", "present", "bad"])
    return job


@transaction.atomic
def stop_import(job: ImportJob, *, by: Actor) -> ImportJob:
    """Import no further piece; what was imported stays. `resume_import` goes on."""
    return _turned(job, ImportState.RUNNING, ImportState.STOPPED, by=by)


@transaction.atomic
def resume_import(job: ImportJob, *, by: Actor) -> ImportJob:
    """Go on with an import that was stopped; CaseError once its rows were thrown away."""
    job = _turned(job, ImportState.STOPPED, ImportState.RUNNING, by=by)
    if job.state == ImportState.RUNNING and not job.pieces.exists():
        raise CaseError(_("内容已经按期清除，不能接着导入。请重新上传文件，已有的不会重复。"))
    return job


def _turned(job: ImportJob, old: str, new: str, *, by: Actor) -> ImportJob:
    _check(by)
    job = _locked(job)
    if job.state == old:
        job.state = new
        job.save(update_fields=["state"])
    return job


def work_on_imports(*, seconds: float = 10.0) -> int:
    """Import pieces that wait, for about so long; return how many. Safe to run many times at once.

    Shorter than the beat, and a file that somebody else works on is passed over: imports never hold
    more workers than there are files, nor one for long. A piece that can't be imported stops its
    file; the others go on.
    """
    done, end = 0, time.monotonic() + seconds
    for job in ImportJob.objects.filter(state=ImportState.RUNNING).order_by("pk"):
        try:
            while time.monotonic() < end and _import_next(job):
                done += 1
        except OperationalError:
            # The database is away or chose a victim: the piece is whole, its turn comes again.
            raise
        except Exception as error:
            logger.warning("import_stopped", extra={"job": job.pk, "error": type(error).__name__})
            ImportJob.objects.filter(pk=job.pk).update(state=ImportState.STOPPED)
    return done


@transaction.atomic
def _import_next(found: ImportJob) -> bool:
    job = ImportJob.objects.select_for_update(skip_locked=True).filter(pk=found.pk).first()
    if job is None or job.state != ImportState.RUNNING:
        return False
    piece = job.pieces.filter(done_at=None).order_by("number").first()
    if piece is None:
        ImportJob.objects.filter(pk=job.pk).update(state=ImportState.DONE, finished_at=now())
        return False
    complaints, problems = _read(piece, _reading(job))
    added = _open_live(job, complaints) if job.is_live else _take_over(job, complaints)
    _note_problems(piece, problems)
    ImportPiece.objects.filter(pk=piece.pk).update(done_at=now())
    ImportJob.objects.filter(pk=job.pk).update(
        done=F("done") + len(complaints) + len(problems),
        imported=F("imported") + added,
        present=F("present") + len(complaints) - added,
        bad=F("bad") + len(problems),
    )
    return True


def _take_over(job: ImportJob, complaints: list[SourceComplaint]) -> int:
    source = _source(job)
    _known, added = import_batch(complaints, source=source, body=job.source_name)
    return added


def _open_live(job: ImportJob, complaints: list[SourceComplaint]) -> int:
    """Receive each as a complaint of today: clocks, receipt, deadline; return how many are new."""
    source, by, added = _source(job), Actor.staff(job.created_by), 0
    held = _held(source, {complaint.external_ref for complaint in complaints})
    for complaint in complaints:
        if complaint.external_ref in held:
            continue
        held.add(complaint.external_ref)
        key = hashlib.sha256(f"import:{source}:{complaint.external_ref}".encode()).hexdigest()
        receipt = submit_complaint(complaint_data(complaint), by=by, key=key)
        case = receipt.case
        case.source_system, case.external_ref = source, complaint.external_ref
        case.external_body = job.source_name
        case.save(update_fields=["source_system", "external_ref", "external_body"])
        if complaint.deadline is not None and complaint.deadline > now():
            outside_clock(case, complaint.deadline, by=by)
        added += 1
    return added


def _held(source: str, refs: set[str]) -> set[str]:
    cases = Case.objects.filter(source_system=source, external_ref__in=refs)
    return set(cases.values_list("external_ref", flat=True))


def _read(
    piece: ImportPiece, reading: Reading
) -> tuple[list[SourceComplaint], list[dict[str, Any]]]:
    complaints, problems = [], []
    for kept in piece.records:
        record = Record(**kept)
        try:
            complaints.append(reading.read(record))
        except BadRecord as bad:
            place = {"number": record.number, "line": record.line}
            problems.append({**place, "reason": str(bad.reason)})
    return complaints, problems


def _note_problems(piece: ImportPiece, problems: list[dict[str, Any]]) -> None:
    sealed = sealing.seal_for_installation(problems) if problems else b""
    ImportPiece.objects.filter(pk=piece.pk).update(problems_sealed=sealed)


def _format_of(job: ImportJob) -> str:
    check_mapping(job.mapping, job.columns)
    if job.asked_format:
        return job.asked_format
    evidence, columns = DateEvidence(), date_columns(job.mapping)
    for piece in job.pieces.order_by("number").iterator(chunk_size=1):
        for record in piece.records:
            for column in columns:
                evidence.add(record["cells"].get(column, ""))
    return decided_format(evidence)


def _reading(job: ImportJob) -> Reading:
    return Reading(
        mapping=job.mapping,
        date_format=job.date_format,
        channel=job.channel,
        language=job.language,
        zone=ZoneInfo(settings.TIME_ZONE),
        now=now(),
    )


def _source(job: ImportJob) -> str:
    return source_of(job.channel, job.source_name)


@transaction.atomic
def purge_imports() -> int:
    """Throw away uploaded rows some time after their end, and uploads that were left alone.

    A stopped import loses its rows that long after the upload, and can't go on then.
    """
    old = now() - KEPT
    stopped = ImportJob.objects.filter(state=ImportState.STOPPED, created_at__lt=old)
    held = [job.pk for job in stopped.select_for_update(skip_locked=True)]
    over = Q(job__finished_at__lt=old) | Q(job__in=held)
    gone = ImportPiece.objects.filter(over).delete()[0]
    left = ImportJob.objects.filter(state=ImportState.MAPPING, created_at__lt=old)
    return int(gone + left.delete()[0])


def _locked(job: ImportJob) -> ImportJob:
    return ImportJob.objects.select_for_update().get(pk=job.pk)


def _check(by: Actor) -> None:
    if not has_permission(by, Permission.IMPORT_CASES):
        raise StepForbidden(_("你的角色不能导入投诉。"))
