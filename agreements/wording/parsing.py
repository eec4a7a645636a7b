"""Reading the wording of an agreement: headings, paragraphs, lists, parts made of data. Pure.

One line is one paragraph:

    # heading            begins a section
    - text               an item of a list
    [[lines]]            a part that is made of the agreement's data
    ?penalty_rate text   only where the variable has a value; !penalty_rate: only where it has none

`{{name}}` is a variable of the list. Everything else is plain words and is printed as such.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

TEXT, ITEM, PART = "text", "item", "part"
MOST_CHARACTERS, MOST_LINES = 20_000, 400

PARTS = ("parties", "lines", "duties", "performance", "clauses", "signatures")
"""What no agreement goes without: each stands in a wording exactly once."""

_CONDITION = re.compile(r"([?!])([a-z_\u4e00-\u9fff]{1,40}) +(.*)")
_VARIABLE = re.compile(r"\{\{([^{}\n]{0,60})\}\}")


@dataclass(frozen=True)
class Line:
    """One paragraph of a section: words, an item, or the name of a part."""

    kind: str
    text: str
    condition: str = ""
    wanted: bool = True


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Fault:
    """Why a wording can't be used: a code, the line (0: the whole), and the words at fault."""

    code: str
    line: int = 0
    words: str = ""


def parse(body: str) -> list[Section]:
    """Return the sections of a wording; it holds only what `faults` finds nothing against."""
    sections: list[tuple[str, list[Line]]] = []
    for raw in body.splitlines():
        words = raw.strip()
        if words.startswith("# "):
            sections.append((words[2:].strip(), []))
        elif words and sections:
            sections[-1][1].append(_line(words))
    return [Section(heading, tuple(lines)) for heading, lines in sections]


def _line(words: str) -> Line:
    condition, wanted = "", True
    match = _CONDITION.fullmatch(words)
    if match is not None:
        condition, wanted, words = match[2], match[1] == "?", match[3].strip()
    if words.startswith("[[") and words.endswith("]]"):
        return Line(PART, words[2:-2].strip(), condition, wanted)
    if words.startswith("- "):
        return Line(ITEM, words[2:].strip(), condition, wanted)
    return Line(TEXT, words, condition, wanted)


def names_in(text: str) -> list[str]:
    """Return the variables that a text uses, in order."""
    return [name.strip() for name in _VARIABLE.findall(text)]


def faults(body: str, *, known: Collection[str]) -> list[Fault]:
    """Return everything that keeps a wording from being saved; `known` are the variables."""
    if len(body) > MOST_CHARACTERS or body.count("\n") >= MOST_LINES:
        return [Fault("too_long")]
    found = [*_line_faults(body, known)]
    parts = [line.text for section in parse(body) for line in section.lines if line.kind == PART]
    found += [Fault("part_missing", words=part) for part in PARTS if part not in parts]
    found += [Fault("part_twice", words=part) for part in PARTS if parts.count(part) > 1]
    conditional = {
        line.text
        for section in parse(body)
        for line in section.lines
        if line.kind == PART and line.condition
    }
    found += [Fault("part_conditional", words=part) for part in sorted(conditional)]
    return found


def _line_faults(body: str, known: Collection[str]) -> list[Fault]:
    found, begun = [], False
    for number, raw in enumerate(body.splitlines(), start=1):
        words = raw.strip()
        begun = begun or words.startswith("# ")
        if not words:
            continue
        if not begun:
            found.append(Fault("no_heading", number, words[:60]))
        names = names_in(words)
        line = _line(words)
        if line.condition:
            names.append(line.condition)
        found += [Fault("unknown", number, name) for name in names if name not in known]
        left = _VARIABLE.sub("", words)
        if "{{" in left or "}}" in left or "{%" in left:
            found.append(Fault("braces", number, words[:60]))
        if line.kind == PART and line.text not in PARTS:
            found.append(Fault("unknown_part", number, line.text))
    return found
