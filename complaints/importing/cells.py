"""Cells that a spreadsheet must not take for formulas."""

from __future__ import annotations

from typing import Any

# Spreadsheets of East Asia take the full-width signs for the narrow ones.
_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


def safe_cell(value: Any) -> Any:
    """Return a text so that no spreadsheet computes it; numbers and the like stay as they are."""
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value
