"""JSON of strangers: names told twice are remembered, numbers no program can hold are none."""

from __future__ import annotations

import json
from typing import Any

from compensation.rules.facts import FactError

MOST_DIGITS = 40


class Repeated:
    """Stands for the values of a name that an object tells more than once."""


def parsed(text: str) -> Any:
    """Return what a JSON text says. Raises ValueError, and RecursionError for a bottomless one."""
    return json.loads(text, object_pairs_hook=_object, parse_int=_whole)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        found[name] = Repeated() if name in found else value
    return found


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else float("inf")


def refuse_repeats(case: dict[str, Any]) -> None:
    """Raise FactError, naming the fact, where kind, facts or a part of them is told twice."""
    left = [(name, case.get(name)) for name in ("kind", "facts")]
    while left:
        path, value = left.pop()
        if isinstance(value, Repeated):
            raise FactError(path.removeprefix("facts."), "is told twice")
        if isinstance(value, dict):
            left += [(f"{path}.{name}", part) for name, part in value.items()]
        elif isinstance(value, list):
            left += [(f"{path}[{number}]", part) for number, part in enumerate(value)]
