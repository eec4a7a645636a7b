"""The light markup of public pages: paragraphs, lists, bold words and links. No HTML comes of it.

A text is read into blocks, which a template draws; whatever is not markup is plain text. Links lead
to https, tel or mail addresses, or to a page of this site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PARAGRAPH, BULLETS, NUMBERS = "p", "ul", "ol"
_INLINE = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*|\[(?P<words>[^\]\[\n]+)\]\((?P<href>(?:[^()\s]|\([^()\s]*\))+)\)"
)
_TARGET = re.compile(r"https://[^\s\"<>\\]+|tel:\+?[0-9-]+|mailto:[^\s\"<>\\]+|/(?![/\\])[\w/.-]*")
_BULLET, _NUMBER = re.compile(r"[-*] +(.+)"), re.compile(r"[0-9]{1,2}[.、] *(.+)")


@dataclass(frozen=True)
class Piece:
    """Some words: plain, bold, or a link."""

    words: str
    bold: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph (one item) or a list."""

    kind: str
    items: tuple[tuple[Piece, ...], ...]


def blocks_of(text: str) -> list[Block]:
    """Return a text as blocks; an empty line ends a paragraph, every list item is a line."""
    blocks: list[Block] = []
    kind = ""
    lines: list[str] = []

    def end() -> None:
        if lines:
            whole = [" ".join(lines)] if kind == PARAGRAPH else lines
            blocks.append(Block(kind, tuple(_pieces(each) for each in whole)))

    for line in [*(raw.strip() for raw in text.splitlines()), ""]:
        found, words = _line(line)
        if found != kind:
            end()
            kind, lines = found, []
        if words:
            lines.append(words)
    return blocks


def _line(line: str) -> tuple[str, str]:
    if not line:
        return "", ""
    for kind, pattern in ((BULLETS, _BULLET), (NUMBERS, _NUMBER)):
        match = pattern.fullmatch(line)
        if match:
            return kind, match[1]
    return PARAGRAPH, line


def _pieces(line: str) -> tuple[Piece, ...]:
    found, place = [], 0
    for match in _INLINE.finditer(line):
        href = match["href"] or ""
        if href and not _TARGET.fullmatch(href):
            continue
        if match.start() > place:
            found.append(Piece(line[place : match.start()]))
        found.append(Piece(match["bold"] or match["words"], bold=bool(match["bold"]), href=href))
        place = match.end()
    if place < len(line):
        found.append(Piece(line[place:]))
    return tuple(found)


def refused_links(text: str) -> list[str]:
    """Return the targets of links that lead where none may lead; they would be shown as text."""
    return [
        match["href"]
        for match in _INLINE.finditer(text)
        if match["href"] and not _TARGET.fullmatch(match["href"])
    ]
