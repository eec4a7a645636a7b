"""The entitlement sheet: what is due, line by line, each with its article and its reckoning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from compensation.rules.book import RuleBook, RuleVersion, Source
from compensation.rules.facts import FactError, Facts
from compensation.rules.money import NOTHING, at_least_nothing, rounded, written
from complaints.clock_arithmetic import WorkingCalendar

CREDIT = "credit"


class Line(NamedTuple):
    """One item: the rule and version it follows from, how it was reckoned, and what it comes to.

    Of heads that exclude each other (`head` names them) only the chosen one counts. A credit is
    negative, so that the lines that count make what is payable.
    """

    kind: str
    rule: str
    version: str
    article: str
    formula: str
    inputs: Mapping[str, str]
    amount: Decimal
    head: str = ""
    chosen: bool = True
    source: str = Source.TEXT
    title: str = ""
    gist: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return the line as JSON can carry it."""
        return {
            "kind": self.kind,
            "rule": self.rule,
            "version": self.version,
            "article": self.article,
            "formula": self.formula,
            "inputs": dict(self.inputs),
            "amount": written(self.amount),
            "head": self.head,
            "chosen": self.chosen,
            "source": self.source,
            "title": self.title,
            "gist": self.gist,
        }


@dataclass
class Sheet:
    """What the law gives for some facts; it grows while a kind's rules are read."""

    kind: str
    result: dict[str, Any] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    total: Decimal | None = None

    def add(
        self,
        kind: str,
        version: RuleVersion,
        amount: Decimal,
        inputs: Mapping[str, Any],
        *,
        head: str = "",
        chosen: bool = True,
        formula: str = "",
        unchecked: bool = False,
    ) -> Decimal:
        """Put down a line, rounded; lines of nothing are left out. Returns the amount.

        `unchecked` marks a line that rests on a figure whose source nobody has checked.
        """
        amount = rounded(amount)
        if amount:
            self.lines.append(
                Line(
                    kind=kind,
                    rule=version.rule,
                    version=version.name,
                    article=version.article,
                    formula=formula or version.reckoning,
                    inputs={name: str(value) for name, value in inputs.items()},
                    amount=amount,
                    head=head,
                    chosen=chosen,
                    source=Source.UNVERIFIED if unchecked else version.source,
                    title=version.title,
                    gist=version.gist,
                )
            )
        return amount

    def credit(self, version: RuleVersion, paid: Decimal) -> None:
        """Set off what was paid before, as far as it goes: what is over is no debt of anybody."""
        used = min(rounded(paid), self.gross())
        self.add(CREDIT, version, -used, {"paid": written(paid)}, formula="−min(paid, claim)")

    def warn(self, code: str) -> None:
        """Note something that a person should know; the first one is the result's `warning`."""
        if code not in self.warnings:
            self.warnings.append(code)
        self.result.setdefault("warning", code)

    def block(self, by: str) -> None:
        """Note what keeps extra damages away; the first reason stays."""
        self.result.setdefault("blocked_by", by)

    def money(self, name: str, amount: Decimal) -> None:
        """Put an amount into the result."""
        self.result[name] = written(amount)

    def gross(self) -> Decimal:
        """Return the sum of the lines that count, before credits."""
        return sum((one.amount for one in self.lines if one.chosen and one.kind != CREDIT), NOTHING)

    def close(self) -> Decimal:
        """Put down what is payable: the sum of the lines that count, never less than nothing."""
        counted = sum((one.amount for one in self.lines if one.chosen), NOTHING)
        self.total = at_least_nothing(counted)
        self.money("payable", self.total)
        return self.total

    @property
    def unchecked(self) -> list[str]:
        """Rules used whose text nobody has checked."""
        return sorted({one.rule for one in self.lines if one.source == Source.UNVERIFIED})

    def as_data(self) -> dict[str, Any]:
        """Return the result with its lines, as JSON can carry it; excluded heads stand apart."""
        more: dict[str, Any] = {"lines": [one.as_data() for one in self.lines if one.chosen]}
        others = [one.as_data() for one in self.lines if not one.chosen]
        if others:
            more["other_heads"] = others
        if self.warnings:
            more["warnings"] = list(self.warnings)
        if self.unchecked:
            more["source_not_checked"] = self.unchecked
        return {**self.result, **more}


@dataclass
class Days:
    """The working days of a calendar; remembers whether one was not published yet when asked."""

    calendar: WorkingCalendar
    provisional: bool = False

    def is_working_day(self, day: date) -> bool:
        """Say whether people work on a day."""
        self.provisional = self.provisional or self.calendar.is_provisional(day)
        return self.calendar.is_working_day(day)


@dataclass(frozen=True)
class Case:
    """What a kind's rules read and write: the facts, the book, the calendar, the sheet.

    `on` is the day whose rules hold where the facts tell no date of their own.
    """

    facts: Facts
    book: RuleBook
    calendar: Days
    on: date
    sheet: Sheet

    def rule(self, name: str, day: date | None = None) -> RuleVersion | None:
        """Return a rule's version of a day, or None where none was in force."""
        return self.book.at(name, day or self.on)

    def standing(self, name: str) -> RuleVersion:
        """Return the version of a rule that is not chosen by a date of the facts.

        Raises FactError where the book has none in force.
        """
        version = self.book.at(name, self.on)
        if version is None:
            raise FactError(name, "is not in force")
        return version
