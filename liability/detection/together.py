"""What comes together: complaints in clumps of a day, and keys that rise at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from liability.detection.crowd import evident
from liability.detection.series import Key
from liability.detection.tail import chance_of_at_least

WEEK = 7
_FEWEST_RISING = 5
_BY_CHANCE = 0.05
"""So many siblings rise evidently by chance."""
_SURELY_MORE = 0.001
_SHARE_RISING = 0.1
_WEIGHT = 1.0
_MOST_CLUMPED = 4.0


class Clumps:
    """How many more complaints come with one on its day than chance would bring, over all keys.

    Pairs on one day are compared with pairs a week apart: what raises a level raises both, what
    makes people write twice, or sends a pile of letters on one day, only the first.
    """

    def __init__(self) -> None:
        self._same_day = 0
        self._week_apart = 0
        self._complaints = 0

    @property
    def value(self) -> float:
        """What is surely beyond chance: the variance of a count is (1 + value) times its mean."""
        if not self._complaints:
            return 0.0
        doubt = 2 * sqrt(self._same_day + self._week_apart)
        sure = (self._same_day - self._week_apart - doubt) / self._complaints
        return min(_MOST_CLUMPED, max(0.0, sure))

    def add(self, today: int, week_before: int) -> None:
        """Take a day of a key into account, with how many came on the same day a week before."""
        self._complaints += today
        self._same_day += today * (today - 1)
        self._week_apart += today * week_before


@dataclass(frozen=True, slots=True)
class Standing:
    """How a key stands in a window: how many came, and how many were usual."""

    key: Key
    count: int
    usual: float


def rise_together(standings: Iterable[Standing], but: Key) -> float:
    """Return how many times more than usual those keys are complained of that rise just now, at
    least 1: more than 1 only where so many rise together that one more is no news.
    """
    siblings = [each for each in standings if each.key != but]
    rising = [each for each in siblings if evident(each.count, each.usual)]
    usual = sum(each.usual for each in rising)
    by_chance = chance_of_at_least(len(rising), _BY_CHANCE * len(siblings))
    few = len(rising) < _FEWEST_RISING or by_chance > _SURELY_MORE
    if few or usual < _SHARE_RISING * sum(each.usual for each in siblings):
        return 1.0
    count = sum(each.count for each in rising)
    return max(1.0, (count + _WEIGHT) / (usual + _WEIGHT))
