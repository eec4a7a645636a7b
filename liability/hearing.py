"""Who must have been heard before a finding, and who was. Pure: plain values in and out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

RESPONDENT = "respondent"


@dataclass(frozen=True)
class Said:
    """One statement: heard at a moment, or asked for with a time to answer."""

    party: str
    name: str
    heard_at: datetime | None = None
    answer_by: datetime | None = None

    def counts(self, present: datetime) -> bool:
        """Say whether the side was heard, or let its time pass."""
        return self.heard_at is not None or (
            self.answer_by is not None and self.answer_by <= present
        )


@dataclass(frozen=True)
class Side:
    """One side that a finding touches; `waits_until` when it was asked and still has time."""

    party: str
    name: str
    heard: bool
    waits_until: datetime | None = None


def same_name(one: str, other: str) -> bool:
    """Say whether two names are one, whatever their width, case and spaces."""
    return _plain(one) == _plain(other)


def sides(
    said: Iterable[Said], *, bearers: Iterable[tuple[str, str]] = (), present: datetime
) -> list[Side]:
    """Return the respondent, and each outside party that is to bear a share (`bearers`: party and
    name), with whether it was heard.

    A party is heard by its own name; the consumer was heard by complaining.
    """
    told = list(said)
    found = [_side(RESPONDENT, "", [each for each in told if each.party == RESPONDENT], present)]
    named: dict[str, tuple[str, str]] = {}
    for party, name in bearers:
        if _plain(name):
            named.setdefault(_plain(name), (party, name.strip()))
    for plain, (party, name) in named.items():
        theirs = [each for each in told if _plain(each.name) == plain]
        found.append(_side(party, name, theirs, present))
    return found


def _side(party: str, name: str, said: list[Said], present: datetime) -> Side:
    if any(each.counts(present) for each in said):
        return Side(party, name, heard=True)
    waiting = [each.answer_by for each in said if each.answer_by is not None]
    return Side(party, name, heard=False, waits_until=max(waiting, default=None))


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
