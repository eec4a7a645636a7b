"""QR codes as the data of one SVG path, a unit a module, quiet zone included."""

from __future__ import annotations

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4


@dataclass(frozen=True)
class QrPath:
    """The dark modules as rectangles, in a square of `side` units."""

    path: str
    side: int


def qr_path(text: str) -> QrPath:
    """Return the QR code of a text; runs of dark modules become one rectangle."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    return QrPath("".join(_row(row, y) for y, row in enumerate(rows)), len(rows))


def _row(row: list[bool], y: int) -> str:
    parts, x = [], 0
    while x < len(row):
        width = 0
        while x + width < len(row) and row[x + width]:
            width += 1
        if width:
            parts.append(f"M{x} {y}h{width}v1h-{width}z")
        x += max(width, 1)
    return "".join(parts)
