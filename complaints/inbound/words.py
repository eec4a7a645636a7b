"""Bytes of any charset as clean text."""

from __future__ import annotations

import re

from documents.text import clean_text

# What senders call these charsets is often less than what they use.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "unknown-8bit": "utf-8",
}
_GUESSES = ("utf-8", "gb18030")
_TEXT_CODECS = re.compile(
    r"(utf|gb|big5|hz|iso|cp|windows|koi|latin|shift|euc|ascii|mac|johab|tis|x-sjis|sjis)"
)
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
_HIDDEN = re.compile("[\u00a0\u200c\u200d\u034f\u2800\u3164]")


def bytes_to_text(data: bytes, charset: str) -> str:
    """Decode by the charset that was named, else by what it probably is; raises nothing."""
    named = charset.strip(" \"'").lower()
    named = _WIDER.get(named, named)
    for codec in (named, *_GUESSES):
        if not codec or not _TEXT_CODECS.match(codec):
            continue
        try:
            return data.decode(codec)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def tidy_text(text: str) -> str:
    """Return clean lines without trailing space and with at most one blank line in a row."""
    lines = [line.rstrip() for line in _HIDDEN.sub(" ", clean_text(text)).split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def tidy_line(text: str) -> str:
    """Return clean text as one line."""
    return re.sub(r"\s+", " ", _HIDDEN.sub(" ", clean_text(text))).strip()
