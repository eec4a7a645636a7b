"""Cleaning of text that strangers wrote, before it is printed or shown as a name."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

NAME_LENGTH = 150
# Controls but tab and newline; marks that turn or hide text; surrogates; non-characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff9-\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def clean_text(text: str) -> str:
    """Return text in NFC without control, direction-turning, hidden and unpaired characters.

    Newlines stay; carriage returns become newlines, tabs become spaces.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))


def clean_tree(value: Any) -> Any:
    """Return a JSON value with every string in it cleaned by `clean_text`."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list | tuple):
        return [clean_tree(item) for item in value]
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_tree(item) for key, item in value.items()}
    return value


def clean_name(name: str) -> str:
    """Return a file's own name as harmless text: no folders, one line, at most 150 characters.

    The name is only ever shown; it never becomes a path. The extension survives shortening.
    """
    text = re.sub(r"\s+", " ", clean_text(name))
    text = re.split(r"[/\\]", text)[-1].strip(" .")
    if len(text) <= NAME_LENGTH:
        return text or "file"
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > 10:
        return text[:NAME_LENGTH]
    return stem[: NAME_LENGTH - len(ending) - 1] + dot + ending


def extension_of(name: str) -> str:
    """Return the lower-case extension of a cleaned name, or the empty string."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""
