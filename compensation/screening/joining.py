"""Connected groups: what is joined with one of a group belongs to the group."""

from __future__ import annotations

from collections.abc import Iterable


class Groups:
    """A union-find over names; a name that was never joined is a group of its own."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, name: str) -> str:
        """Return the name by which a name's whole group goes."""
        above = self._above
        top = name
        while (higher := above.get(top, top)) != top:
            top = higher
        while name != top:
            above[name], name = top, above.get(name, name)
        return top

    def join(self, names: Iterable[str]) -> None:
        """Make one group of all names and whatever they were joined with before."""
        first = ""
        for name in names:
            top = self.root(name)
            if not first:
                first = top
            elif top != first:
                self._above[top] = first
