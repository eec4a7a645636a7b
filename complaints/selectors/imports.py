"""Uploaded files and lists taken out, as their pages need them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.http import Http404

from complaints.models import ExportLog, ImportJob, SavedMapping

SHOWN = 50
CONTACTS = ("name", "phone", "email")
_NUMBER = re.compile(r"(?!\d{4}-\d\d?-\d\d?)\+?[\d\s()-]{7,}")


def import_jobs() -> list[ImportJob]:
    """Return the uploaded files, the newest first."""
    return list(ImportJob.objects.select_related("created_by")[:SHOWN])


def one_import(job_id: int) -> ImportJob:
    """Return one uploaded file; 404 where there is none."""
    found = ImportJob.objects.select_related("created_by").filter(pk=job_id).first()
    if found is None:
        raise Http404(job_id)
    return found


def samples(job: ImportJob, *, most: int = 3) -> dict[str, list[str]]:
    """Return the first cells of each column that say anything; of a contact only a part."""
    piece = job.pieces.order_by("number").first()
    rows = piece.records[:20] if piece else []
    found = {
        column: [row["cells"][column] for row in rows if row["cells"].get(column)][:most]
        for column in job.columns
    }
    return {
        column: [_shown(cell, job.mapping.get(column, ""))[:40] for cell in cells]
        for column, cells in found.items()
    }


def _shown(cell: str, target: str) -> str:
    """Hide most of a contact: in its column, or by its looks where nobody said what a column is."""
    cell = cell.strip()
    local, at, host = cell.partition("@")
    is_address, is_number = bool(at) and " " not in cell, _NUMBER.fullmatch(cell)
    if target not in CONTACTS and (target or not (is_address or is_number)):
        return cell
    if is_address:
        return f"{local[:1]}***@{host}"
    return f"**** {cell[-4:]}" if is_number else f"{cell[:1]}*"


def problems_of(job: ImportJob, *, most: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield what can't be imported, in order: number, line, reason, cells."""
    given = 0
    for piece in job.pieces.order_by("number").iterator(chunk_size=1):
        problems = piece.problems
        cells = {row["number"]: row["cells"] for row in piece.records} if problems else {}
        for problem in problems:
            if most is not None and given >= most:
                return
            given += 1
            yield {**problem, "cells": cells.get(problem["number"], {})}


def saved_mappings() -> list[SavedMapping]:
    """Return the mappings that were kept, by name."""
    return list(SavedMapping.objects.all())


def saved_mapping(name: str) -> SavedMapping | None:
    """Return the mapping of a name, or None."""
    return SavedMapping.objects.filter(name=name).first()


def recent_exports() -> list[ExportLog]:
    """Return who took which list out last."""
    return list(ExportLog.objects.select_related("user")[:SHOWN])
