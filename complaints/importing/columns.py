"""One named column of any CSV file, row by row in constant memory, plain or gzipped.

UTF-8 (with or without its mark), UTF-16 with a mark, and GB18030 are told apart by reading the
bytes through once; commas, semicolons and tabs by the header.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.importing.refusals import FileRefused

DELIMITERS = (",", "\t", ";")
LONGEST_CELL = 16_000_000
_PIECE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Cell:
    """The text of one row; `problem` says why there is none."""

    row: int
    line: int
    text: str = ""
    problem: str = ""


def read_column(path: Path, column: str) -> Iterator[Cell]:
    """Yield the texts of a column, the first row after the header being row 1.

    Raises FileRefused, before the first row, for an unknown column (naming those found), an empty
    file or one in no known encoding; OSError when the file can't be read.
    """
    encoding = found_encoding(path)
    csv.field_size_limit(LONGEST_CELL)
    with TextIOWrapper(_opened(path), encoding=encoding, newline="") as text:
        delimiter, place = _placed(text.readline(), column)
    with TextIOWrapper(_opened(path), encoding=encoding, newline="") as text:
        yield from _cells(csv.reader(_lines(text), delimiter=delimiter), place)


def _opened(path: Path) -> BufferedReader:
    if path.suffix == ".gz":
        return BufferedReader(gzip.open(path, "rb"))
    return path.open("rb")


def found_encoding(path: Path) -> str:
    """Return the encoding of a file. Raises FileRefused for one that we do not know."""
    with _opened(path) as file:
        start = file.read(4)
    for mark, name in _MARKS:
        if start.startswith(mark):
            if name == "utf-16" and not _decodes(path, name):
                break
            return name
    for name in ("utf-8", "gb18030"):
        if _decodes(path, name):
            return name
    raise FileRefused(_("认不出文件的编码。请存成 UTF-8 或 GB18030 再试。"))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _opened(path) as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileRefused(_("压缩文件不完整，读不完。")) from error
    return True


def _placed(header: str, column: str) -> tuple[str, int]:
    if not header.strip():
        raise FileRefused(_("文件是空的，或者第一行没有列名。"))
    found: list[str] = []
    for delimiter in DELIMITERS:
        names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter))]
        if column in names:
            return delimiter, names.index(column)
        found = max(found, names, key=len)
    raise FileRefused(
        _("没有名为「%(column)s」的列。文件里的列是：%(columns)s。")
        % {"column": column, "columns": pgettext("list separator", "、").join(found)}
    )


class _Reader(Protocol):
    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


def _lines(text: TextIOWrapper) -> Iterator[str]:
    for line in text:
        yield line.replace("\x00", "")


def _cells(reader: _Reader, place: int) -> Iterator[Cell]:
    next(reader, None)
    row, line = 0, reader.line_num + 1
    for cells in reader:
        if cells:
            row += 1
            if place < len(cells):
                yield Cell(row, line, cells[place])
            else:
                yield Cell(row, line, problem=_("这一行没有要读的那一列。"))
        line = reader.line_num + 1
