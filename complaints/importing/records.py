"""CSV files, plain or gzipped, record by record in constant memory.

A file is believed only as long as its quotes are. Where a quoted field is not closed, or the file
ends inside one, the record that it began in is bad and reading ends there: what follows may be the
inside of a text, and no case is ever made of that.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.importing.refusals import FileRefused

LONGEST_LINE = 1_000_000
HEADER_SEARCH = 50
_BREAKS = (csv.Error, EOFError, zlib.error, gzip.BadGzipFile)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Record:
    """A record of the file: its number, the line on which it begins, and its cells by column.

    `problem` says why its cells are not to be used; `cells` is empty then. An `unfinished` record
    is the last of a file that has no line end there.
    """

    number: int
    line: int
    cells: dict[str, str]
    problem: str = ""
    unfinished: bool = False


class _Reader(Protocol):
    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


class BoundedLines:
    """Lines of a bounded length, so that a file without line ends can't fill the memory."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.unfinished = False

    def __iter__(self) -> BoundedLines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.unfinished = line[-1] not in "\r\n"
        if self.unfinished and len(line) == LONGEST_LINE:
            raise csv.Error("line too long")
        return line


@contextmanager
def open_table(path: Path, layouts: Iterable[tuple[str, ...]]) -> Iterator[Iterator[Record]]:
    """Open a file for one reading of its records.

    `layouts` names the columns that the header must have, one set for each known layout. Raises
    FileRefused when the first line isn't such a header, OSError when the file can't be opened.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = BoundedLines(file)
        reader = csv.reader(lines, strict=True)
        columns = _header(reader, list(layouts))
        yield records_of(reader, lines, columns)


def _header(reader: _Reader, layouts: list[tuple[str, ...]]) -> list[str]:
    try:
        first = next(reader, None)
        if first is None:
            raise FileRefused(_("文件是空的。"))
        columns = [name.strip() for name in first]
        if _fits(columns, layouts):
            return columns
        raise FileRefused(_why_no_header(reader, columns, layouts))
    except _BREAKS as error:
        raise FileRefused(_("读不出表头。请确认这是完整的 CSV 文件。")) from error


def _fits(columns: list[str], layouts: list[tuple[str, ...]]) -> bool:
    return len(set(columns)) == len(columns) and any(
        set(layout) <= set(columns) for layout in layouts
    )


def _why_no_header(reader: _Reader, columns: list[str], layouts: list[tuple[str, ...]]) -> str:
    for number, row in zip(range(2, HEADER_SEARCH), reader, strict=False):
        if _fits([name.strip() for name in row], layouts):
            return _(
                "第 1 行不是表头，表头好像在第 %(line)d 行。请删掉它上面的内容，再试一次。"
            ) % {"line": number}
    nearest = min(layouts, key=lambda layout: len(set(layout) - set(columns)))
    missing = [name for name in nearest if name not in columns]
    if not missing:
        return _("表头里有重复的列名。")
    return _("第 1 行不是要找的表头，缺少这些列：%(columns)s。") % {
        "columns": pgettext("list separator", "、").join(missing)
    }


def records_of(reader: _Reader, lines: BoundedLines, columns: list[str]) -> Iterator[Record]:
    """Yield the records after the header; a quote that is never closed ends the reading."""
    number, line = 1, reader.line_num + 1
    while True:
        try:
            cells = next(reader, None)
        except _BREAKS as error:
            yield Record(number, line, {}, problem=_breakage(error, reader.line_num - line + 1))
            return
        if cells is None:
            return
        if cells:
            yield _record(number, line, cells, columns, unfinished=lines.unfinished)
            number += 1
        line = reader.line_num + 1


def _record(
    number: int, line: int, cells: list[str], columns: list[str], *, unfinished: bool
) -> Record:
    problem = ""
    if len(cells) != len(columns):
        problem = _("应有 %(expected)d 列，实有 %(found)d 列。") % {
            "expected": len(columns),
            "found": len(cells),
        }
    elif cells == columns:
        problem = _("表头在文件中间又出现了一次。")
    elif UNSTORABLE.search("".join(cells)):
        problem = _("含有不是 UTF-8 的字节，或者空字符。")
    if problem:
        return Record(number, line, {}, problem=problem)
    by_column = dict(zip(columns, map(str.strip, cells), strict=True))
    return Record(number, line, by_column, unfinished=unfinished)


def _breakage(error: Exception, lines: int) -> str:
    if not isinstance(error, csv.Error):
        return _("压缩文件不完整，到这里就断了。后面的内容没有读取。")
    if "end of data" in str(error):
        return _(
            "引号没有闭合，一直到文件末尾（共 %(lines)d 行）。"
            "文件可能被截断，这条和后面的内容没有读取。"
        ) % {"lines": max(lines, 1)}
    if "too long" in str(error) or "field limit" in str(error):
        return _("有一栏太长，可能是引号没有闭合。这条和后面的内容没有读取。")
    return _("引号用错了，分不清哪里是正文。这条和后面的内容没有读取。")
