"""Putting an agreement's values into its wording. Pure; a value is never read again as wording."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict

from agreements.wording.parsing import ITEM, PART, TEXT, Line, Section

_VARIABLE = re.compile(r"\{\{([^{}\n]{0,60})\}\}")


class PrintedLine(TypedDict):
    """A line as it is printed: `kind` is text, items or part."""

    kind: str
    text: str
    items: list[str]


class PrintedSection(TypedDict):
    """A section as it is printed."""

    heading: str
    lines: list[PrintedLine]


def fill(sections: Sequence[Section], values: Mapping[str, str]) -> list[PrintedSection]:
    """Return what is printed; sections of which nothing is left are dropped with their heading.

    A variable without a value leaves nothing behind; wordings guard it with a condition.
    """
    printed = [
        PrintedSection(
            heading=_filled(section.heading, values), lines=_lines(section.lines, values)
        )
        for section in sections
    ]
    return [section for section in printed if section["lines"]]


def _lines(lines: Sequence[Line], values: Mapping[str, str]) -> list[PrintedLine]:
    printed: list[PrintedLine] = []
    for line in lines:
        if line.condition and bool(values.get(line.condition, "").strip()) != line.wanted:
            continue
        text = line.text if line.kind == PART else _filled(line.text, values).strip()
        if not text:
            continue
        if line.kind == ITEM and printed and printed[-1]["kind"] == "items":
            printed[-1]["items"].append(text)
        elif line.kind == ITEM:
            printed.append(PrintedLine(kind="items", text="", items=[text]))
        else:
            kind = TEXT if line.kind == TEXT else PART
            printed.append(PrintedLine(kind=kind, text=text, items=[]))
    return printed


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: values.get(match[1].strip(), ""), text)
