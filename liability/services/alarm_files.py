"""Files for the batch-defect alarm: complaints and units sold, read row by row, none lost.

What a file holds: a day of receipt, the columns that make the key, an id; units sold hold key
columns, a number, and where sales are told by period, its first day. CSV in the usual encodings,
plain or gzipped, XLSX and JSON are taken.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from sys import intern
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.importing.dates import OLDEST_YEAR, DateEvidence, read_date
from complaints.importing.mapping import TARGETS
from complaints.importing.records import Record
from complaints.importing.refusals import FileRefused
from complaints.importing.sources import Problem
from complaints.importing.uploads import open_upload
from liability.detection import Complaint
from liability.detection.series import Key

_GZIP = b"\x1f\x8b"
_GZIP_BITS = 31
_PIECE = 1 << 20
_OWN_IDS = 0.9


@dataclass
class Stream:
    """The complaints of a file by day, and the rows that could not be used."""

    complaints: list[Complaint] = field(default_factory=list)
    bad: list[Problem] = field(default_factory=list)
    id_column: str = ""
    """The column that the ids come from; "" when they are the numbers of the rows."""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    line: int
    day: str
    key: Key
    id: str


def read_stream(
    path: Path, *, received: str, key: Sequence[str], id_column: str = "", date_format: str = ""
) -> Stream:
    """Read a file of complaints.

    Raises FileRefused for a file that can't be read as a table, a column that it hasn't, or dates
    that could be read in two ways; OSError when it can't be opened.
    """
    stream, rows, keys = Stream(), [], _Keys()
    with opened_table(path) as (columns, records):
        _check_columns([received, *key, *([id_column] if id_column else [])], columns)
        stream.id_column = id_column or _likely_id(columns, {received, *key})
        for record in records:
            row = _row(record, received, key, stream, keys)
            if row:
                rows.append(row)
    if stream.id_column and not id_column and not _tell_apart(rows):
        stream.id_column = ""
        rows = [replace(row, id=str(row.number)) for row in rows]
    _take(stream, rows, received, date_format or _decided(row.day for row in rows))
    stream.bad.sort(key=lambda problem: problem.record)
    return stream


def _tell_apart(rows: Sequence[_Row]) -> bool:
    """Whether a column that only looks like an id is one: nearly every row has its own."""
    return len({row.id for row in rows}) >= _OWN_IDS * len(rows)


def _take(stream: Stream, rows: list[_Row], received: str, date_format: str) -> None:
    """Add what the rows say, one complaint about the same key once, on the day it first came."""
    days: dict[str, int | None] = {}
    dated: list[tuple[int, _Row]] = []
    for row in rows:
        if row.day not in days:
            days[row.day] = _day(row.day, date_format)
        day = days[row.day]
        if day is None:
            problem = _("「%(column)s」不是日期：%(value)s")
            reason = problem % {"column": received, "value": row.day[:40]}
            stream.bad.append(Problem(row.number, row.line, reason))
        else:
            dated.append((day, row))
    dated.sort(key=lambda each: each[0])
    held: set[tuple[str, Key]] = set()
    for day, row in dated:
        if (row.id, row.key) in held:
            reason = _("编号 %(id)s 重复，只算一次。") % {"id": row.id[:40]}
            stream.bad.append(Problem(row.number, row.line, reason))
            continue
        held.add((row.id, row.key))
        stream.complaints.append(Complaint(day, row.key, row.id))


class _Keys(dict[Key, Key]):
    """Keys by themselves, so that a million rows hold each key once."""

    def same(self, key: Key) -> Key:
        return self.setdefault(key, key)


@contextmanager
def opened_table(path: Path) -> Iterator[tuple[list[str], Iterator[Record]]]:
    """Open a table, unpacked if it is gzipped. A damaged archive gives what came before."""
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
    if not packed:
        with open_upload(path) as table:
            yield table
        return
    with TemporaryDirectory() as folder:
        plain = Path(folder) / "table"
        whole = _unpack(path, plain)
        with open_upload(plain) as (columns, records):
            yield columns, records if whole else _with_break(records)


def _unpack(path: Path, plain: Path) -> bool:
    """Unpack as much as can be; tell whether that was all."""
    unpacker, ended = zlib.decompressobj(_GZIP_BITS), True
    with path.open("rb") as packed, plain.open("wb") as file:
        while piece := packed.read(_PIECE):
            while piece:
                try:
                    file.write(unpacker.decompress(piece))
                except zlib.error:
                    return False
                piece, ended = unpacker.unused_data, unpacker.eof
                if ended:
                    unpacker = zlib.decompressobj(_GZIP_BITS)
    return ended


def _with_break(records: Iterator[Record]) -> Iterator[Record]:
    """Doubt the last record of an archive that ends early: it may have been cut."""
    last: Record | None = None
    for record in records:
        if last:
            yield last
        last = record
    number, line = (last.number, last.line) if last else (0, 1)
    yield Record(number, line, {}, problem=_("压缩文件不完整，到这里就断了。后面的内容没有读取。"))


def _check_columns(wanted: Sequence[str], columns: Sequence[str]) -> None:
    comma = pgettext("list separator", "、")
    if absent := [name for name in wanted if name not in columns]:
        raise FileRefused(
            _("文件里没有这些列：%(absent)s。文件里的列是：%(columns)s。")
            % {"absent": comma.join(absent), "columns": comma.join(columns)}
        )


def _likely_id(columns: Sequence[str], taken: set[str]) -> str:
    """Return the column that looks like an id: called so, or ending so; else none."""
    free = [column for column in columns if column not in taken]
    known = {name.casefold() for name in TARGETS["external_ref"].known_as} | {"external_ref"}
    for column in free:
        if column.casefold() in known:
            return column
    endings = ("id", "编号", "_no", "number")
    return next((name for name in free if name.casefold().endswith(endings)), "")


def _row(
    record: Record, received: str, key: Sequence[str], stream: Stream, keys: _Keys
) -> _Row | None:
    problem = record.problem
    for column in (received, *key) if not problem else ():
        if not problem and not record.cells[column]:
            problem = _("「%(column)s」是空的。") % {"column": column}
    if problem:
        stream.bad.append(Problem(record.number, record.line, problem))
        return None
    parts = tuple(" ".join(record.cells[column].split()) for column in key)
    name = record.cells[stream.id_column] if stream.id_column else ""
    day = intern(record.cells[received])
    return _Row(record.number, record.line, day, keys.same(parts), name or str(record.number))


def _decided(days: Iterator[str]) -> str:
    evidence = DateEvidence()
    for day in days:
        evidence.add(day)
    return evidence.decide()


def _day(text: str, date_format: str) -> int | None:
    try:
        day = read_date(text, date_format)
    except (ValueError, KeyError):
        return None
    return day.toordinal() if OLDEST_YEAR <= day.year <= 9000 else None
