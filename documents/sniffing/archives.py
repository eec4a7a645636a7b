"""Word and Excel files: zip containers, looked at without unpacking them."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from documents.filetypes import MEGABYTE
from documents.refusals import refusal

MAX_UNPACKED = 200 * MEGABYTE
MAX_ENTRIES = 1000
MAX_RATIO = 100
MAX_DIRECTORY = MEGABYTE
_END = b"PK\x05\x06"
_END_SIZE = 22
_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_ARCHIVES = frozenset(
    {"zip", "rar", "7z", "gz", "tgz", "bz2", "xz", "tar", "jar", "war"}
    | {"docx", "docm", "xlsx", "xlsm", "pptx", "pptm", "ods", "odt"}
)
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    EOFError,
    OSError,
)


def find_directory(stream: IO[bytes]) -> tuple[int, int, int] | None:
    """Return (entries, directory size, directory offset) of a zip that ends this file, or None."""
    size = stream.seek(0, 2)
    tail_size = min(size, 65_535 + _END_SIZE)
    stream.seek(size - tail_size)
    tail = stream.read(tail_size)
    found = tail.rfind(_END)
    while found >= 0:
        record = tail[found : found + _END_SIZE]
        if len(record) == _END_SIZE:
            entries, length, offset, comment = struct.unpack("<HIIH", record[10:22])
            if found + _END_SIZE + comment <= len(tail) and offset + length <= size:
                return entries, length, offset
        found = tail.rfind(_END, 0, found)
    return None


def office_type(stream: IO[bytes], name: str) -> str | None:
    """Return "docx" or "xlsx", or None for any other zip.

    Raises FileRefused for bombs, macros, archives inside, odd paths and broken containers. Only
    the directory and the list of content types are read, each with a limit.
    """
    directory = find_directory(stream)
    if directory is None or directory[1] > MAX_DIRECTORY or directory[0] > MAX_ENTRIES:
        raise refusal("damaged" if directory is None else "archive_too_big", name)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _check_sizes(entries, name)
            names = _checked_names(entries, name)
            key = next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
            if key and "[Content_Types].xml" in names:
                _check_macros(archive, names, name)
                return key
            return None
    except _BROKEN as error:
        raise refusal("damaged", name) from error


def _check_sizes(entries: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    too_dense = unpacked > MEGABYTE and unpacked > MAX_RATIO * packed
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or too_dense:
        raise refusal("archive_too_big", name)


def _checked_names(entries: list[zipfile.ZipInfo], name: str) -> set[str]:
    names = {entry.filename for entry in entries}
    if len(names) != len(entries) or any(entry.flag_bits & 1 for entry in entries):
        raise refusal("damaged", name)
    for inner in names:
        path = PurePosixPath(inner)
        if path.is_absolute() or ".." in path.parts or "\\" in inner or ":" in inner:
            raise refusal("hidden_content", name)
        if path.suffix.lower().lstrip(".") in _ARCHIVES:
            raise refusal("archive_nested", name)
    return names


def _check_macros(archive: zipfile.ZipFile, names: set[str], name: str) -> None:
    info = archive.getinfo("[Content_Types].xml")
    if info.file_size > MEGABYTE:
        raise refusal("archive_too_big", name)
    types = archive.read(info).lower()
    if b"macroenabled" in types or any("vbaproject" in inner.lower() for inner in names):
        raise refusal("macros", name)
    if b"<!doctype" in types or b"<!entity" in types:
        raise refusal("hidden_content", name)
