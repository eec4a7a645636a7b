"""Compiles translation catalogues with Babel: no gettext programs are needed."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_translations(folder: Path) -> list[Path]:
    """Write the .mo file of each .po file that is newer; give those written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as catalogue:
            messages = read_po(catalogue, locale=source.parent.parent.name)
        unfinished = target.with_suffix(f".{os.getpid()}.unfinished.mo")
        with unfinished.open("wb") as output:
            write_mo(output, messages)
        unfinished.replace(target)
        written.append(target)
    return written
