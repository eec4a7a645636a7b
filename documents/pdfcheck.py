"""Looks into a PDF that we made, before it is kept: pages, and nothing that acts or leads away.

Reads the syntax that our renderer writes: objects in the open or in object streams.
"""

from __future__ import annotations

import re
import zlib

from documents.errors import PdfRefused

MAX_BYTES = 16 * 1024 * 1024
MAX_PAGES = 60
_STREAM = re.compile(rb"<<(?P<dict>[^\r\n]*)>>\r?\nstream\r?\n(?P<data>.*?)\r?\nendstream", re.S)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_FORBIDDEN = re.compile(
    rb"/(EmbeddedFiles?|Filespec|AF|Launch|JavaScript|JS|URI|OpenAction|AA|RichMedia|GoToR|GoToE"
    rb"|SubmitForm|ImportData|AcroForm|XFA|Encrypt|Movie|Sound)(?![A-Za-z0-9])"
)


def check_pdf(data: bytes) -> int:
    """Return the number of pages. Raises PdfRefused with the code of the first fault."""
    if len(data) > MAX_BYTES:
        raise PdfRefused("pdf_too_big")
    if not data.startswith(b"%PDF-") or not data.rstrip().endswith(b"%%EOF"):
        raise PdfRefused("pdf_damaged")
    syntax = _syntax(data)
    if _FORBIDDEN.search(syntax):
        raise PdfRefused("pdf_active_content")
    pages = len(_PAGE.findall(syntax))
    if not 0 < pages <= MAX_PAGES:
        raise PdfRefused("pdf_page_count")
    return pages


def _syntax(data: bytes) -> bytes:
    """Return all objects as text, without the contents of streams, names unescaped."""
    parts = [_STREAM.sub(rb"<<\g<dict>>>", data)]
    for match in _STREAM.finditer(data):
        if b"/ObjStm" in match["dict"]:
            parts.append(_inflate(match["data"]))
    return _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), b"\n".join(parts))


def _inflate(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise PdfRefused("pdf_damaged") from error
    if unpacker.unconsumed_tail:
        raise PdfRefused("pdf_too_big")
    return text
