"""Days on which complaints came, in order, and how many fell between two of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

Key = tuple[str, ...]


@dataclass(slots=True)
class Series:
    """Complaints of one kind. A span (after, until] leaves out its first day, holds its last."""

    born: int
    """The first day on which the kind was known to exist."""
    days: list[int] = field(default_factory=list)
    names: list[object] = field(default_factory=list)
    """What each complaint is called: its id, or in a group the key that it belongs to."""

    def add(self, day: int, name: object) -> None:
        """Add a complaint; days never go back."""
        self.days.append(day)
        self.names.append(name)

    def count(self, after: int, until: int) -> int:
        """Return how many came after one day and until another."""
        days = self.days
        if until < after:
            return 0
        return bisect_right(days, until) - bisect_right(days, after)

    def named(self, after: int, until: int) -> list[object]:
        """Return what came in a span, in order of receipt."""
        return self.names[bisect_right(self.days, after) : bisect_right(self.days, until)]

    def tally(self, after: int, until: int) -> Counter[object]:
        """Return how many of each name came in a span."""
        return Counter(self.named(after, until))
