"""Two people changed the same fields: what each wrote, and what has to be chosen between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Compared:
    """One field as it was, as somebody else left it, and as I would have it; plain texts."""

    name: str
    before: str
    theirs: str
    mine: str

    @property
    def is_conflict(self) -> bool:
        """Whether both changed it, and differently: somebody must choose."""
        return self.before not in (self.theirs, self.mine) and self.theirs != self.mine

    @property
    def differs(self) -> bool:
        """Whether the two would leave it differently."""
        return self.theirs != self.mine

    @property
    def proposed(self) -> str:
        """What is chosen unless somebody says otherwise: whoever changed it; of two, mine."""
        return self.theirs if self.mine == self.before else self.mine


def compared(
    before: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]
) -> list[Compared]:
    """Return every field of mine; one without an earlier value was not changed by them."""
    return [
        Compared(name, before.get(name, theirs.get(name, "")), theirs.get(name, ""), value)
        for name, value in mine.items()
    ]
