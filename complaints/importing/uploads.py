"""Uploaded tables of any make: CSV in the usual encodings, XLSX, JSON; rows of named texts.

What a file is, its content says, not its name. Every row keeps its number and line; one that can't
be used says why.
"""

from __future__ import annotations

import csv
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from complaints.importing.columns import found_encoding
from complaints.importing.records import UNSTORABLE, BoundedLines, Record, records_of
from complaints.importing.refusals import FileRefused

MOST_ROWS, MOST_COLUMNS, LONGEST_NAME = 100_000, 200, 120
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2_000, 400 * 1024 * 1024, 200
_DELIMITERS = ",\t;|"
_HEAD = 4096
# What the library raises for what is no workbook, or a damaged one; SyntaxError for broken XML.
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RuntimeError,
)


@contextmanager
def open_upload(path: Path) -> Iterator[tuple[list[str], Iterator[Record]]]:
    """Open an uploaded table for one reading: its columns, and its rows as they come.

    Raises FileRefused for what is no such table, an empty one, one without a header, with too many
    columns, or an archive that would unpack to too much.
    """
    with path.open("rb") as file:
        start = file.read(_HEAD)
    if not start.strip():
        raise FileRefused(_("文件是空的。"))
    reading = _xlsx if start.startswith(b"PK") else _json if _is_json(start) else _csv
    if start.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8", b"GIF8", b"MZ")):
        raise FileRefused(_("这不是表格。请上传 CSV、XLSX 或 JSON。"))
    with reading(path) as (columns, records):
        yield _checked(columns), records


def _checked(columns: list[str]) -> list[str]:
    if not any(columns):
        raise FileRefused(_("第一行没有列名。"))
    if len(columns) > MOST_COLUMNS:
        raise FileRefused(_("列太多，最多 %(most)d 列。") % {"most": MOST_COLUMNS})
    if len(set(columns)) < len(columns) or not all(columns):
        raise FileRefused(_("表头里有重复或空的列名。"))
    if max(map(len, columns)) > LONGEST_NAME:
        raise FileRefused(_("列名太长，第一行好像不是表头。"))
    return columns


def _is_json(start: bytes) -> bool:
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


@contextmanager
def _csv(path: Path) -> Iterator[tuple[list[str], Iterator[Record]]]:
    encoding = found_encoding(path)
    with path.open("rt", encoding=encoding, errors="surrogateescape", newline="") as file:
        lines = BoundedLines(file)
        try:
            first = next(lines, "")
        except csv.Error as error:
            raise FileRefused(_("第一行太长，好像不是表头。")) from error
        if "\x00" in first:
            raise FileRefused(_("这不是表格。请上传 CSV、XLSX 或 JSON。"))
        delimiter = max(_DELIMITERS, key=lambda mark: len(_split(first, mark)))
        columns = [_text(name) for name in _split(first, delimiter)]
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        yield columns, _shifted(records_of(reader, lines, columns))


def _split(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])


def _shifted(records: Iterable[Record]) -> Iterator[Record]:
    """Count the header's line, which was read apart."""
    for record in records:
        yield Record(record.number, record.line + 1, record.cells, record.problem)


@contextmanager
def _xlsx(path: Path) -> Iterator[tuple[list[str], Iterator[Record]]]:
    _check_archive(path)
    # By its name the library would refuse what is called otherwise.
    with path.open("rb") as file, _sheet_of(file) as (columns, records):
        yield columns, records


@contextmanager
def _sheet_of(file: BinaryIO) -> Iterator[tuple[list[str], Iterator[Record]]]:
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
        columns = _trimmed([_text(cell) for cell in next(rows, ())])
    except _BROKEN as error:
        raise FileRefused(_("打不开这个 XLSX 文件。")) from error
    try:
        yield columns, _sheet_records(_unbroken(rows), columns)
    finally:
        book.close()


def _unbroken(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Refuse a sheet that turns out to be damaged in the middle; half of it would mislead."""
    try:
        yield from rows
    except _BROKEN as error:
        raise FileRefused(_("打不开这个 XLSX 文件。")) from error


def _check_archive(path: Path) -> None:
    """Refuse an archive that is no workbook, or that would unpack to too much."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            packed = max(1, sum(part.compress_size for part in parts))
            if (
                len(parts) > MOST_PARTS
                or unpacked > MOST_UNPACKED
                or unpacked > MOST_RATIO * packed
            ):
                raise FileRefused(_("这个 XLSX 解开后太大，没有读取。"))
            if "[Content_Types].xml" not in archive.namelist():
                raise FileRefused(_("这不是表格。请上传 CSV、XLSX 或 JSON。"))
            for part in parts:
                with archive.open(part) as inside:
                    if b"<!DOCTYPE" in inside.read(_HEAD):
                        raise FileRefused(_("这个 XLSX 里有不该有的声明，没有读取。"))
    except _BROKEN as error:
        raise FileRefused(_("打不开这个 XLSX 文件。")) from error


def _sheet_records(rows: Iterable[tuple[Any, ...]], columns: list[str]) -> Iterator[Record]:
    number = 0
    for line, row in enumerate(rows, start=2):
        cells = [_text(cell) for cell in row]
        if not any(cells):
            continue
        number += 1
        if any(cells[len(columns) :]):
            problem = _("这一行比表头多出内容。")
            yield Record(number, line, {}, problem=problem)
        else:
            cells += [""] * (len(columns) - len(cells))
            yield Record(number, line, dict(zip(columns, cells, strict=False)))


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


@contextmanager
def _json(path: Path) -> Iterator[tuple[list[str], Iterator[Record]]]:
    items = list(_items(path))
    columns: dict[str, None] = {}
    for item in items[:1000]:
        if isinstance(item, dict):
            columns |= dict.fromkeys(map(_text, item))
    yield list(columns), _json_records(items, set(columns))


def _items(path: Path) -> list[Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        try:
            whole = json.loads(text)
        except json.JSONDecodeError:
            return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise FileRefused(_("JSON 读不懂。要一个对象的列表，或者一行一个对象。")) from error
    items = whole if isinstance(whole, list) else [whole]
    if not items:
        raise FileRefused(_("文件是空的。"))
    return items


def _json_records(items: list[Any], columns: set[str]) -> Iterator[Record]:
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            yield Record(number, number, {}, problem=_("这一条不是对象。"))
        elif any(isinstance(value, dict | list) for value in item.values()):
            yield Record(number, number, {}, problem=_("这一条里有嵌套的内容。"))
        elif set(map(_text, item)) - columns:
            yield Record(number, number, {}, problem=_("这一条有别的条目没有的列。"))
        else:
            cells = {_text(name): _text(value) for name, value in item.items()}
            yield Record(number, number, dict.fromkeys(columns, "") | cells)


def _text(value: Any) -> str:
    """Return a cell as text: dates as ISO, whole numbers without a point, nothing unstorable."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return UNSTORABLE.sub("", str(value)).strip()
