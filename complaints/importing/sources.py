"""Reading a file of a known source: twice, first for its dates, then for its complaints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from complaints.importing.cfpb import CFPB
from complaints.importing.dates import DateEvidence
from complaints.importing.heimao import HEIMAO
from complaints.importing.meanings import LAST_LINE_UNFINISHED, Row, Source, SourceComplaint
from complaints.importing.nhtsa import NHTSA
from complaints.importing.records import Record, open_table
from complaints.importing.refusals import BadRecord

SOURCES: dict[str, Source] = {source.name: source for source in (CFPB, NHTSA, HEIMAO)}


@dataclass(frozen=True)
class Problem:
    """A record that can't be imported: its number, the line on which it begins, and why."""

    record: int
    line: int
    reason: str


def found_date_format(path: Path, source: Source) -> str:
    """Return how the file writes dates, by all of its dates; "" when it has none.

    Raises FileRefused when the file doesn't decide it, or isn't one of the source's.
    """
    evidence = DateEvidence()
    with open_table(path, source.layouts) as records:
        for record in records:
            for column in source.date_columns:
                evidence.add(record.cells.get(column, ""))
    return evidence.decide()


def read_complaints(
    path: Path, source: Source, *, date_format: str, zone: tzinfo, now: datetime
) -> Iterator[SourceComplaint | Problem]:
    """Read a file's complaints and problems, in order. Raises FileRefused for a wrong header."""
    with open_table(path, source.layouts) as records:
        for record in records:
            yield _read(record, source, date_format, zone, now)


def _read(
    record: Record, source: Source, date_format: str, zone: tzinfo, now: datetime
) -> SourceComplaint | Problem:
    if record.problem:
        return Problem(record.number, record.line, record.problem)
    try:
        complaint = source.read(Row(record.cells, date_format, zone, now))
    except BadRecord as bad:
        return Problem(record.number, record.line, bad.reason)
    if record.unfinished:
        return replace(complaint, flags=(*complaint.flags, LAST_LINE_UNFINISHED))
    return complaint
