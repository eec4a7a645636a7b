"""Who gets a case: a pure rule over what is known of people and of the case.

Left out are people who are away, who must not handle it, who gave it back, and who are full (an
emergency may go two above somebody's limit). Of the others those of the case's team who have every
skill come first, then anybody with the skills, then the team without them. Within a group somebody
who knows the customer comes first, then whoever carries least for what they can carry.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

EMERGENCY_EXTRA = 2
AWAY, BARRED, FULL, GAVE_BACK = "away", "barred", "full", "gave_back"


@dataclass(frozen=True)
class Candidate:
    """Somebody who takes cases."""

    pk: int
    team: int | None = None
    skills: frozenset[int] = frozenset()
    open_cases: int = 0
    limit: int = 30
    is_away: bool = False
    is_barred: bool = False
    is_familiar: bool = False

    @property
    def load(self) -> float:
        """How much of their limit is taken up."""
        return self.open_cases / self.limit if self.limit else float("inf")


@dataclass(frozen=True)
class Need:
    """What a case asks for."""

    team: int | None = None
    skills: frozenset[int] = frozenset()
    is_emergency: bool = False
    not_to: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Choice:
    """Who was chosen (None for nobody), for which reasons, and who was left out for which."""

    chosen: Candidate | None = None
    why: tuple[str, ...] = ()
    passed: dict[str, list[int]] = field(default_factory=dict)


def choose(candidates: Iterable[Candidate], need: Need) -> Choice:
    """Choose one of `candidates`; the order in which they come makes no difference."""
    free: list[Candidate] = []
    passed: dict[str, list[int]] = {}
    for person in sorted(candidates, key=lambda person: person.pk):
        obstacle = _obstacle(person, need)
        if obstacle:
            passed.setdefault(obstacle, []).append(person.pk)
        else:
            free.append(person)
    for why, group in _groups(free, need):
        if group:
            chosen = min(group, key=lambda person: _rank(person, need))
            return Choice(chosen, (*why, *_more_reasons(chosen, group, need)), passed)
    return Choice(passed=passed)


def _obstacle(person: Candidate, need: Need) -> str:
    if person.pk in need.not_to:
        return GAVE_BACK
    if person.is_barred:
        return BARRED
    if person.is_away:
        return AWAY
    limit = person.limit + (EMERGENCY_EXTRA if need.is_emergency else 0)
    return FULL if person.open_cases >= limit else ""


def _groups(free: list[Candidate], need: Need) -> list[tuple[tuple[str, ...], list[Candidate]]]:
    able = [person for person in free if need.skills <= person.skills]
    skill = ("skills",) if need.skills else ()
    if need.team is None:
        return [(skill, able)]
    ours = [person for person in free if person.team == need.team]
    return [
        (("team", *skill), [person for person in able if person.team == need.team]),
        (("other_team", *skill), able),
        (("team", "lacks_skill"), ours),
    ]


def _rank(person: Candidate, need: Need) -> tuple[bool, float, int]:
    stranger = not person.is_familiar and not need.is_emergency
    return (stranger, person.load, person.pk)


def _more_reasons(chosen: Candidate, group: list[Candidate], need: Need) -> Iterable[str]:
    if chosen.is_familiar:
        yield "familiar"
    if len(group) > 1 and chosen.load <= min(person.load for person in group):
        yield "least_loaded"
    if len(group) == 1:
        yield "only_one"
    if need.is_emergency and chosen.open_cases >= chosen.limit:
        yield "over_limit"
