"""Structure of films, HEIC pictures, PDF files and plain texts."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from typing import IO

CHUNK = 1024 * 1024
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_HEIF_MAJORS = _HEIC_BRANDS | {b"mif1", b"msf1"}
_MP4_BRANDS = re.compile(rb"isom|iso[2-9]|mp4[12]|avc1|M4V |MSNV|dash|3gp[4-9]")
_BOX_NAME = re.compile(rb"[A-Za-z0-9\xa9 ]{4}")
_MARKUP_START = re.compile(
    rb"\s*(<[!?a-z/]|%!ps|%pdf|#!|\{\\rtf|from |mime-version:|content-type:|begin:v)", re.I
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_ACTIVE_PDF = re.compile(rb"/JavaScript|/Launch[\s/<>(\[]|/RichMedia")


def boxed_type(head: bytes) -> str | None:
    """Return "heic", "mp4" or "mov" for the `ftyp` box that starts a file, or None."""
    if head[4:8] != b"ftyp":
        return None
    (length,) = struct.unpack(">I", head[:4])
    major = head[8:12]
    others = {head[at : at + 4] for at in range(16, min(length, len(head)), 4)}
    if major in _HEIF_MAJORS:
        return "heic" if major in _HEIC_BRANDS or others & _HEIC_BRANDS else None
    if major == b"qt  ":
        return "mov"
    return "mp4" if _MP4_BRANDS.fullmatch(major) else None


def top_boxes(stream: IO[bytes]) -> list[bytes] | None:
    """Return the names of the top boxes, or None when they don't fill the file exactly."""
    size = stream.seek(0, 2)
    names: list[bytes] = []
    position = 0
    while position < size and len(names) < 100_000:
        stream.seek(position)
        head = stream.read(16)
        if len(head) < 8 or not _BOX_NAME.fullmatch(head[4:8]):
            return None
        length = struct.unpack(">I", head[:4])[0]
        if length == 1 and len(head) == 16:
            length = struct.unpack(">Q", head[8:16])[0]
        length = length or size - position
        if length < 8:
            return None
        names.append(head[4:8])
        position += length
    return names if position == size else None


def is_whole_pdf(stream: IO[bytes]) -> bool:
    """Tell whether a PDF ends as one."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 4096))
    return b"%%EOF" in stream.read()


def is_active_pdf(stream: IO[bytes]) -> bool:
    """Tell whether a PDF openly holds scripts or starts programs."""
    return any(_ACTIVE_PDF.search(chunk) for chunk in chunks(stream, overlap=16))


def is_plain_text(stream: IO[bytes]) -> bool:
    """Tell whether a file is text in UTF-8, GB18030 or marked UTF-16, and no markup or script."""
    stream.seek(0)
    head = stream.read(2048)
    if _MARKUP_START.match(head.removeprefix(codecs.BOM_UTF8)):
        return False
    wide = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encodings = ("utf-16",) if wide else ("utf-8", "gb18030")
    return any(_decodes(stream, encoding) for encoding in encodings)


def _decodes(stream: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(CHUNK):
            if _CONTROLS.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def chunks(stream: IO[bytes], *, overlap: int) -> Iterator[bytes]:
    """Yield a file in pieces, each starting with the last `overlap` bytes of the one before."""
    stream.seek(0)
    kept = b""
    while chunk := stream.read(CHUNK):
        yield kept + chunk
        kept = (kept + chunk)[-overlap:]
