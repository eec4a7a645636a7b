"""Variables in texts: `{{编号}}` or `{{reference}}`. Names only: nothing is evaluated or walked.

What stands between two braces on each side is a name from a fixed list, or it is refused; braces
that are not a pair are plain text. A value is put in as it is and never read again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

_VARIABLE = re.compile(r"\{\{([^{}\n]{0,60})\}\}")


@dataclass(frozen=True)
class Filled:
    """A text with its values put in; `unknown` and `blank` are names that got none, in order."""

    text: str
    unknown: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every variable got its value."""
        return not (self.unknown or self.blank)


def variables_in(text: str) -> tuple[str, ...]:
    """Return the names that a text uses, each once, in the order of their first use."""
    return tuple(dict.fromkeys(name.strip() for name in _VARIABLE.findall(text)))


def unknown_in(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the names that a text uses and nobody knows."""
    return tuple(name for name in variables_in(text) if name not in known)


def filled(text: str, values: Mapping[str, str]) -> Filled:
    """Put values into a text; a variable without one stays as it is written.

    A value that stands in the text already is plain words, also where it looks like a variable.
    """
    quoted = sorted({each for each in values.values() if _VARIABLE.search(each)}, key=len)
    reading = re.compile("|".join([*map(re.escape, reversed(quoted)), _VARIABLE.pattern]))
    unknown: dict[str, None] = {}
    blank: dict[str, None] = {}

    def value(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        name = match[1].strip()
        if name not in values:
            unknown[name] = None
            return match[0]
        if not values[name].strip():
            blank[name] = None
            return match[0]
        return values[name]

    done = reading.sub(value, text)
    return Filled(done, tuple(unknown), tuple(blank))


def pieces(text: str, classify: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return a text cut into (kind, words): kind is "" for plain words, else what `classify` says.

    The words of all pieces together are the text.
    """
    found, place = [], 0
    for match in _VARIABLE.finditer(text):
        if match.start() > place:
            found.append(("", text[place : match.start()]))
        found.append((classify(match[1].strip()), match[0]))
        place = match.end()
    if place < len(text):
        found.append(("", text[place:]))
    return found
