"""What changed from one round of options to the next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class LineSeen(Protocol):
    """A line as a card shows it."""

    @property
    def label(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...


class OptionSeen(Protocol):
    """An option as a card shows it."""

    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def payable(self) -> Decimal: ...
    @property
    def cost(self) -> Decimal: ...
    @property
    def lines(self) -> Sequence[LineSeen]: ...


@dataclass(frozen=True)
class LineChange:
    """An item that is new, gone or of another amount; None where it was or is not."""

    label: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class OptionChange:
    """An option that is new, gone or different; None where it was or is not."""

    title: str
    before: Decimal | None
    after: Decimal | None
    lines: Sequence[LineChange] = ()

    @property
    def is_new(self) -> bool:
        """Whether the round before had nothing like it."""
        return self.before is None

    @property
    def is_gone(self) -> bool:
        """Whether this round has nothing like it."""
        return self.after is None


def changes_between(
    before: Sequence[OptionSeen], after: Sequence[OptionSeen]
) -> list[OptionChange]:
    """Return what is new, different and gone, in this order of the new round.

    Options are the same by title, else by kind; what is the same to the fen is left out.
    """
    left, found = list(before), []
    for option in after:
        old = _like(option, left)
        if old is None:
            found.append(OptionChange(option.title, None, option.payable))
            continue
        left.remove(old)
        lines = _line_changes(old.lines, option.lines)
        if lines or old.payable != option.payable:
            found.append(OptionChange(option.title, old.payable, option.payable, lines))
    return [*found, *(OptionChange(one.title, one.payable, None) for one in left)]


def _like(option: OptionSeen, others: Sequence[OptionSeen]) -> OptionSeen | None:
    titled = next((one for one in others if one.title == option.title), None)
    return titled or next((one for one in others if one.kind == option.kind), None)


def _line_changes(before: Sequence[LineSeen], after: Sequence[LineSeen]) -> list[LineChange]:
    old, new = _sums(before), _sums(after)
    labels = [*new, *(label for label in old if label not in new)]
    changes = [LineChange(label, old.get(label), new.get(label)) for label in labels]
    return [change for change in changes if change.before != change.after]


def _sums(lines: Sequence[LineSeen]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[line.label] = sums.get(line.label, Decimal(0)) + line.amount
    return sums
