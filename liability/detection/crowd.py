"""All complaints together, and those that share a value of the key: siblings and their seasons."""

from __future__ import annotations

from dataclasses import dataclass, field

from liability.detection.series import Key, Series
from liability.detection.tail import chance_of_at_least

YEAR = 365
_SHIFTS = (-30, -15, 0, 15, 30)
"""A season does not come on the same day every year; the new year's feast moves by weeks."""
_MOST_YEARS = 4
_SHORTEST_SEASON = 7
_OWN_WEIGHT = 0.1
_GROUP_WEIGHT = 3.0
_TREND_WEIGHT = 5.0
_DOUBTFUL = 0.05
_FEWEST_SHARING = 5
_MOST_TALLIED = 20_000

Group = tuple[int, str]
EVERYBODY: Group = (-1, "")


@dataclass(slots=True)
class Crowd:
    """Series of groups of keys, and which keys are in a surge and must not count as normal."""

    groups: dict[Group, Series] = field(default_factory=dict)
    surging: dict[Key, Series] = field(default_factory=dict)

    def add(self, day: int, key: Key) -> None:
        """Add a complaint to every group that its key belongs to."""
        for group in groups_of(key):
            if group not in self.groups:
                self.groups[group] = Series(day)
            self.groups[group].add(day, key)

    def trend(self, key: Key, day: int, window: int, past: int) -> float:
        """Return how many times more than usual siblings are complained of just now, at least 1.

        The busiest sibling is left out: one alone makes no trend.
        """
        return max(self._trend(group, key, day, window, past) for group in groups_of(key))

    def _trend(self, group: Group, key: Key, day: int, window: int, past: int) -> float:
        series = self.groups[group]
        if past < window or series.count(day - window, day) > _MOST_TALLIED:
            return 1.0
        now = series.tally(day - window, day)
        left_out: list[object] = [key, *self.surging]
        for other in left_out:
            now.pop(other, None)
        if len(now) < _FEWEST_SHARING:
            return 1.0
        busiest, most = now.most_common(1)[0]
        before = series.tally(day - window - past, day - window)
        for other in [busiest, *left_out]:
            before.pop(other, None)
        usual, seen = before.total() * window / past, now.total() - most
        if not evident(seen, usual):
            return 1.0
        return (seen + _TREND_WEIGHT) / (usual + _TREND_WEIGHT)

    def season(self, key: Key, day: int, window: int) -> tuple[float, int]:
        """Return how many times a year's mean siblings had at this season, at least 1, and years.

        Of the groups of siblings, the one with the strongest season speaks.
        """
        best = (1.0, 0)
        for group in groups_of(key)[1:]:
            series = self.groups[group]
            years = years_known(series, day, window)
            if years:
                count, mean = same_season(series, day, window, years)
                usual = mean * years
                if evident(count, usual):
                    best = max(best, ((count + _GROUP_WEIGHT) / (usual + _GROUP_WEIGHT), years))
        return best


def groups_of(key: Key) -> list[Group]:
    """Return the groups a key belongs to; with one column there are only all complaints."""
    shared = list(enumerate(key)) if len(key) > 1 else []
    return [EVERYBODY, *shared]


def years_known(series: Series, day: int, window: int) -> int:
    """Return how many earlier years hold the whole season about a day."""
    return max(0, min(_MOST_YEARS, (day - window - _SHIFTS[-1] - series.born) // YEAR))


def same_season(series: Series, day: int, window: int, years: int) -> tuple[int, float]:
    """Return the sum of each year's fullest window about this day, and the mean of any window."""
    fullest = 0
    for back in range(1, years + 1):
        end = day - YEAR * back
        fullest += max(series.count(end + by - window, end + by) for by in _SHIFTS)
    whole = series.count(day - window - YEAR * years, day - window)
    return fullest, whole * window / (YEAR * years)


def evident(count: int, usual: float) -> bool:
    """Whether a count is above the usual one by more than chance easily explains."""
    return chance_of_at_least(count, usual) < _DOUBTFUL


def own_season(series: Series, day: int, window: int, normal: float) -> tuple[float, int, int]:
    """Return what earlier years let expect of a key at this season, from how many, of how many.

    Nothing (0) where they show no season. The normal level counts as a tenth of a year more.
    Where the past is too short for the whole window, it speaks for the window's last part.
    """
    known = min(window, day - _SHIFTS[-1] - YEAR - series.born)
    if known < _SHORTEST_SEASON:
        return 0.0, 0, 0
    years = max(1, years_known(series, day, window))
    count, _ = same_season(series, day, known, years)
    usual = normal * known / window
    if not evident(count, usual * years):
        return 0.0, 0, 0
    seasonal = (count + _OWN_WEIGHT * usual) / (years + _OWN_WEIGHT)
    return seasonal + normal - usual, years, count
