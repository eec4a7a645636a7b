"""Rules as dated versions, and the choice of a version by a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property


class Source(StrEnum):
    """How far a version's figures were checked against the text of the provision."""

    TEXT = "text"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"
    POLICY = "policy"


@dataclass(frozen=True)
class RuleVersion:
    """One rule as it stood from a day to a day (both included, None where open).

    `parameters` are numbers that a fixed formula reads; there are no expressions. A version that is
    switched off ends the rule from its first day on. `gist` says in plain words what it gives.
    """

    rule: str
    title: str
    article: str
    formula: str
    group: str
    parameters: Mapping[str, Decimal] = field(default_factory=dict)
    effective_from: date | None = None
    effective_to: date | None = None
    source: str = Source.TEXT
    active: bool = True
    region: str = ""
    label: str = ""
    gist: str = ""

    @cached_property
    def name(self) -> str:
        """What the version is called on sheets: its first day, or a label of its own."""
        return self.label or (self.effective_from.isoformat() if self.effective_from else "always")

    def holds_on(self, day: date) -> bool:
        """Say whether the version is in force on a day."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    def number(self, name: str) -> Decimal:
        """Return a parameter. Raises KeyError for one that the version has not."""
        return self.parameters[name]

    def whole(self, name: str) -> int:
        """Return a parameter that counts something."""
        return int(self.parameters[name])

    @cached_property
    def reckoning(self) -> str:
        """The formula with the version's own figures in the place of their names."""
        if not self.parameters:
            return self.formula
        names = re.compile(rf"\b({'|'.join(map(re.escape, self.parameters))})\b")
        return names.sub(lambda found: f"{self.parameters[found[0]].normalize():f}", self.formula)


class RuleBook:
    """All versions of all rules. Adding one gives a new book: the old one can be replayed."""

    def __init__(self, versions: Iterable[RuleVersion]) -> None:
        self._by_rule: dict[str, list[RuleVersion]] = {}
        for version in versions:
            self._by_rule.setdefault(version.rule, []).append(version)
        for found in self._by_rule.values():
            found.reverse()
            found.sort(key=lambda one: one.effective_from or date.min, reverse=True)

    def __iter__(self) -> Iterator[RuleVersion]:
        for rule in sorted(self._by_rule):
            yield from reversed(self._by_rule[rule])

    def at(self, rule: str, day: date) -> RuleVersion | None:
        """Return the version in force on a day: the one begun last, of two the one added last.

        None where none is in force, or where the rule is switched off.

        Raises KeyError for a rule that the book does not know.
        """
        for version in self._by_rule[rule]:
            if version.holds_on(day):
                return version if version.active else None
        return None

    def with_version(self, added: RuleVersion) -> RuleBook:
        """Return a book in which a version has joined; an earlier one gives way from its day on."""
        return RuleBook([*self, added])
