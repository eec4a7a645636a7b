"""Smaller Chinese fonts in finished PDFs: 120 KiB instead of 380 for an agreement.

WeasyPrint keeps the glyph numbers of the whole face, and with them an index of 60,000 empty
entries for each face. A face whose characters are numbered inside it (CID-keyed CFF, as the Noto
and Source Han faces are) needs none: the number of a character is found in its own list. So such
a face is cut again from the original, down to the glyphs in use, and embedded bare. Faces of any
other build stay as WeasyPrint made them.
"""

from __future__ import annotations

import io
import struct
from typing import Any

from fontTools.cffLib import CFFFontSet
from weasyprint.text.ffi import ffi, harfbuzz, harfbuzz_subset
from weasyprint.text.fonts import get_hb_object_data

_TABLE = struct.Struct(">4sIII")


def shrink_fonts(document: Any, pdf: Any) -> None:
    """Replace the font files of a PDF that is about to be written (WeasyPrint's `finisher`)."""
    if not harfbuzz_subset:
        return
    streams = {
        id(stream.stream[0]): stream
        for stream in pdf.objects
        if "/OpenType" in getattr(stream, "extra", {}).values()
    }
    for font in document.fonts.values():
        stream = streams.get(id(font.file_content))
        if stream is None:
            continue
        glyphs = {
            glyph
            for other in document.fonts.values()
            if other.hash == font.hash
            for glyph in other.to_unicode
        }
        table = _proven_cut(font.hb_face, glyphs | {0})
        if table:
            stream.stream[0] = table
            stream.extra["Subtype"] = "/CIDFontType0C"


def _proven_cut(face: Any, glyphs: set[int]) -> bytes | None:
    """Return a cut face whose list of characters is the list of its glyphs, one for one.

    HarfBuzz adds glyphs that others may turn into; the next round asks for those too.
    """
    for _round in range(4):
        table = _cut(face, sorted(glyphs))
        numbers = _numbers(table) if table else []
        if numbers == sorted(glyphs):
            return table
        if not glyphs < set(numbers):
            return None
        glyphs = set(numbers)
    return None


def _cut(face: Any, glyphs: list[int]) -> bytes | None:
    """Return the CFF table of a face cut down to some glyphs, None where it has none."""
    plan = ffi.gc(
        harfbuzz_subset.hb_subset_input_create_or_fail(),
        harfbuzz_subset.hb_subset_input_destroy,
    )
    _fill(harfbuzz_subset.hb_subset_input_glyph_set(plan), glyphs)
    # Without these tables hardly a glyph is kept for the sake of another.
    unneeded = sorted(harfbuzz.hb_tag_from_string(name, -1) for name in (b"GSUB", b"GPOS"))
    dropped = harfbuzz_subset.HB_SUBSET_SETS_DROP_TABLE_TAG
    _fill(harfbuzz_subset.hb_subset_input_set(plan, dropped), unneeded)
    harfbuzz_subset.hb_subset_input_set_flags(plan, harfbuzz_subset.HB_SUBSET_FLAGS_DESUBROUTINIZE)
    cut = harfbuzz_subset.hb_subset_or_fail(face, plan)
    if not cut:
        return None
    return _table(get_hb_object_data(ffi.gc(cut, harfbuzz.hb_face_destroy)), b"CFF ")


def _fill(numbers: Any, values: list[int]) -> None:
    array = ffi.new(f"hb_codepoint_t[{len(values)}]", values)
    harfbuzz.hb_set_add_sorted_array(numbers, array, len(values))


def _table(data: bytes, name: bytes) -> bytes | None:
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        tag, _sum, offset, length = _TABLE.unpack_from(data, 12 + number * _TABLE.size)
        if tag == name:
            return data[offset : offset + length]
    return None


def _numbers(table: bytes) -> list[int]:
    """Return the numbers of a CID-keyed CFF's characters in their order; none for another CFF."""
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(table), None)
    top = fonts[fonts.fontNames[0]]
    if not hasattr(top, "ROS"):
        return []
    return [0, *(int(name.removeprefix("cid")) for name in top.charset if name != ".notdef")]
