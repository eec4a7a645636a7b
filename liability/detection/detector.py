"""The detector: fed with days in order of receipt, it tells of surges on the day they show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from liability.detection.crowd import EVERYBODY, Crowd, own_season, years_known
from liability.detection.family import BLOCK, UNKNOWN, Prior, Unevenness, prior_of
from liability.detection.series import Key, Series
from liability.detection.tail import chance_of_at_least
from liability.detection.together import WEEK, Clumps, Standing, rise_together
from liability.detection.units import Units
from liability.detection.watched import YEAR, Watched

WINDOWS = (7, 14, 28, 56, 91, 182)
LEARNING = 56
"""Days from the stream's first in which nothing is known well enough to tell of a surge."""
SETTLED = 182
LONGEST_INTERVAL = 1e9
MOST_ASKED = 1000
"""Of more keys than this, every second, third, … tells what is usual."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be chosen: how often chance may cry wolf, and what is too small to speak of."""

    false_alarms_a_year: float = 0.1
    fewest: int = 5
    least_ratio: float = 1.5


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint: the day of its receipt as an ordinal, what it is of, and its id."""

    day: int
    key: Key
    id: str


@dataclass(frozen=True, slots=True)
class Season:
    """What was considered for the time of year.

    `source`: what raised the expectation: own_years, sibling_years, siblings_now, aftermath (of
    an earlier surge), or none; `factor`: times the normal level; `years`: earlier years looked at.
    """

    source: str = "none"
    factor: float = 1.0
    years: int = 0


@dataclass(frozen=True, slots=True)
class Alarm:
    """A surge of one key.

    `count` complaints in the `window` days up to `day`, `expected` of them by chance; `statistic`
    is the number of years in which chance alone would once show the like on anything watched.
    """

    day: int
    key: Key
    window: int
    count: int
    expected: float
    statistic: float
    ids: tuple[str, ...]
    season: Season
    by_units: bool


@dataclass(frozen=True, slots=True)
class _Look:
    """What one window shows."""

    window: int
    count: int
    normal: float
    expected: float
    yearly: float
    season: Season


class Detector:
    """Watches every key of a stream. Alarms up to a day depend only on complaints up to it."""

    def __init__(self, settings: Settings | None = None, units: Units | None = None) -> None:
        self._settings = settings or Settings()
        self._units = units
        self._readings = units.readings if units else ("days",)
        self._watched: dict[Key, Watched] = {}
        self._born: dict[tuple[int, Key], int] = {}
        self._crowd = Crowd()
        self._unevenness = Unevenness()
        self._clumps = Clumps()
        self._standings: dict[int, list[Standing]] = {}
        self._priors: dict[str, Prior] = dict.fromkeys(self._readings, UNKNOWN)
        self._first: int | None = None
        self._next_block = 0
        self._alive = 0

    @property
    def keys(self) -> int:
        """How many keys were seen."""
        return len(self._watched)

    def feed(self, day: int, complaints: Iterable[Complaint]) -> list[Alarm]:
        """Take all complaints of a day, which comes after all days fed; return its alarms."""
        if self._first is None:
            self._first, self._next_block = day, day + BLOCK
        while self._next_block <= day:
            self._reckon(self._next_block)
            self._next_block += BLOCK
        todays = sorted(complaints, key=lambda each: (each.key, _in_order(each.id)))
        touched = [self._take(day, key, list(group)) for key, group in _by_key(todays)]
        if day - self._first < LEARNING:
            return []
        self._standings = {}
        looks = [(watched, self._look(watched, day)) for watched in touched]
        return [self._tell(watched, day, look) for watched, look in looks if look]

    def _take(self, day: int, key: Key, complaints: Sequence[Complaint]) -> Watched:
        watched = self._watched.get(key)
        if watched is None:
            start = self._start_of(day, key)
            watched = self._watched[key] = Watched(key, Series(start), start)
            self._alive += 1
        watched.settle(day - 1)
        if watched.surge is None:
            self._crowd.surging.pop(key, None)
        for complaint in complaints:
            watched.series.add(day, complaint.id)
            self._crowd.add(day, key)
        self._clumps.add(len(complaints), watched.series.count(day - WEEK - 1, day - WEEK))
        watched.note_peak(day)
        return watched

    def _start_of(self, day: int, key: Key) -> int:
        """Return since when the key could have been complained of: when all its parts were known.

        A part is the key without one of its columns; a key of one column starts with itself.
        """
        known = day if len(key) == 1 else 0
        for place in range(len(key) if len(key) > 1 else 0):
            part = (place, key[:place] + key[place + 1 :])
            known = max(known, self._born.setdefault(part, day))
        return known

    def _measure(self, key: Key, reading: str, spans: Iterable[tuple[int, int]]) -> float:
        if self._units is None:
            return float(_length(spans))
        return sum(self._units.measure(key, reading, after, until) for after, until in spans)

    def _reckon(self, today: int) -> None:
        """Learn from the keys, or many of them, what is usual, out of the days before today."""
        until = today - 1
        self._unevenness.fade()
        pasts: dict[str, list[tuple[int, float]]] = {reading: [] for reading in self._readings}
        self._alive = sum(each.series.days[-1] > until - YEAR for each in self._watched.values())
        for watched in self._asked():
            self._learn_unevenness(watched, until - SETTLED)
            count, spans = watched.normal_past(until)
            for reading in self._readings:
                pasts[reading].append((count, self._measure(watched.key, reading, spans)))
        self._priors = {reading: prior_of(past) for reading, past in pasts.items()}

    def _asked(self) -> list[Watched]:
        """Return the keys that tell what is usual: all, or many of them, but no surging one."""
        everything = list(self._watched.values())
        asked = everything[:: 1 + len(everything) // MOST_ASKED]
        return [watched for watched in asked if watched.surge is None]

    def _learn_unevenness(self, watched: Watched, until: int) -> None:
        """Compare a month that is long enough ago for a surge in it to be known as one."""
        after = until - BLOCK
        count, spans = watched.normal_past(after)
        if _length(spans) < 2 * BLOCK or watched.was_surging(after, until):
            return
        normal, sureness = self._normal(watched.key, self._readings[0], count, spans, after, until)
        if normal > 0:
            count = watched.series.count(after, until)
            self._unevenness.add(count, normal, sureness, self._clumps.value)

    def _normal(
        self,
        key: Key,
        reading: str,
        count: int,
        spans: list[tuple[int, int]],
        after: int,
        until: int,
    ) -> tuple[float, float]:
        """Return the mean that the past lets expect in a window, and how sure it is."""
        prior = self._priors[reading]
        past = self._measure(key, reading, spans)
        window = self._measure(key, reading, [(after, until)])
        if prior.rate + past <= 0:
            return 0.0, prior.shape
        return (prior.shape + count) / (prior.rate + past) * window, prior.shape + count

    def _look(self, watched: Watched, day: int) -> _Look | None:
        """Return the window that shows a surge most clearly, if any shows one."""
        if watched.surge is not None:
            return None
        best: _Look | None = None
        most = self._settings.false_alarms_a_year / (max(1, self._alive) * len(WINDOWS))
        for window in WINDOWS:
            look = self._window(watched, day, window, most)
            if look and (best is None or look.yearly < best.yearly):
                best = look
        return best

    def _window(self, watched: Watched, day: int, window: int, most: float) -> _Look | None:
        after = day - window
        count = watched.series.count(after, day)
        if count < self._settings.fewest or after < watched.free_since():
            return None
        before, spans = watched.normal_past(after)
        past = _length(spans)
        if not self._knows_enough(day, window, past):
            return None
        normal, sureness = max(
            self._normal(watched.key, reading, before, spans, after, day)
            for reading in self._readings
        )
        too_few = count < self._settings.least_ratio * normal
        if normal <= 0 or too_few or self._yearly(watched, window, count, normal, sureness) > most:
            return None
        season, expected, sureness = self._seasonal(watched, day, window, normal, sureness, past)
        yearly = self._yearly(watched, window, count, expected, sureness)
        if yearly > most or count < self._settings.least_ratio * expected:
            return None
        together = self._together(watched.key, day, window)
        if normal * together > expected:
            expected, season = normal * together, Season("siblings_now", together)
            yearly = self._yearly(watched, window, count, expected, sureness)
            if yearly > most or count < self._settings.least_ratio * expected:
                return None
        return _Look(window, count, normal, expected, yearly, season)

    def _together(self, key: Key, day: int, window: int) -> float:
        """Return how much those rise that rise now, in a season that no earlier year has shown;
        afterwards earlier years tell, and many that rise at once are news.
        """
        if years_known(self._crowd.groups[EVERYBODY], day, window):
            return 1.0
        return rise_together(self._standing(day, window), key)

    def _standing(self, day: int, window: int) -> list[Standing]:
        """Return how every key stands in a window; reckoned once a day, and only if asked."""
        if window not in self._standings:
            after, reading = day - window, self._readings[0]
            found = []
            for each in self._asked():
                before, spans = each.normal_past(after)
                if _length(spans) < max(BLOCK, window):
                    continue
                usual, _sureness = self._normal(each.key, reading, before, spans, after, day)
                found.append(Standing(each.key, each.series.count(after, day), usual))
            self._standings[window] = found
        return self._standings[window]

    def _knows_enough(self, day: int, window: int, past: int) -> bool:
        """Whether own past, or else siblings, can tell what is normal in such a window."""
        if past >= max(BLOCK, window):
            return True
        stream = day - (self._first or 0)
        return self._priors[self._readings[0]] is not UNKNOWN and stream >= 2 * window

    def _yearly(
        self, watched: Watched, window: int, count: int, mean: float, sureness: float
    ) -> float:
        """Return how often a year chance alone would bring this key's window to such a count.

        A complaint arrives mean / window times a day, and brings the count up to this or higher
        whenever one less was there already. A key's very first complaint proves nothing.
        """
        others = count - 1
        if watched.series.days[0] == watched.start:
            others -= watched.series.days[0] > watched.series.days[-1] - window
        size = 1 / (1 / sureness + self._unevenness.value + self._clumps.value / mean)
        return mean / window * YEAR * chance_of_at_least(others, mean, size)

    def _seasonal(
        self, watched: Watched, day: int, window: int, normal: float, sureness: float, past: int
    ) -> tuple[Season, float, float]:
        """Return what the time of year makes of the normal expectation, and how sure that is."""
        own, own_years, seen = own_season(watched.series, day, window, normal)
        sibling_factor, sibling_years = self._crowd.season(watched.key, day, window)
        now_factor = self._crowd.trend(watched.key, day, window, min(max(past, window), YEAR))
        after = watched.aftermath(day) * window
        seen_years = years_known(watched.series, day, window)
        choices = [
            (normal, sureness, Season(years=max(seen_years, sibling_years))),
            (after, sureness, Season("aftermath", after / normal)),
            (own, seen + 1.0, Season("own_years", own / normal, own_years)),
            (
                normal * sibling_factor,
                sureness,
                Season("sibling_years", sibling_factor, sibling_years),
            ),
            (normal * now_factor, sureness, Season("siblings_now", now_factor)),
        ]
        expected, sureness, season = max(choices, key=lambda choice: choice[0])
        return season, expected, sureness

    def _tell(self, watched: Watched, day: int, look: _Look) -> Alarm:
        since = day - look.window
        watched.begin_surge(since, day, look.normal / look.window, look.count / look.window)
        self._crowd.surging[watched.key] = watched.series
        chance = look.yearly * max(1, self._alive) * len(WINDOWS)
        return Alarm(
            day=day,
            key=watched.key,
            window=look.window,
            count=look.count,
            expected=look.expected,
            statistic=min(LONGEST_INTERVAL, 1 / chance) if chance > 0 else LONGEST_INTERVAL,
            ids=tuple(str(name) for name in watched.series.named(since, day)),
            season=look.season,
            by_units=bool(self._units and self._units.knows(watched.key)),
        )


def detect(
    complaints: Iterable[Complaint], *, settings: Settings | None = None, units: Units | None = None
) -> list[Alarm]:
    """Return the alarms of complaints in any order, fed day after day in order of receipt."""
    detector = Detector(settings, units)
    alarms: list[Alarm] = []
    for day, todays in groupby(sorted(complaints, key=_day), key=_day):
        alarms += detector.feed(day, todays)
    return alarms


def _length(spans: Iterable[tuple[int, int]]) -> int:
    days = 0
    for after, until in spans:
        days += until - after
    return days


def _day(complaint: Complaint) -> int:
    return complaint.day


def _by_key(complaints: list[Complaint]) -> Iterable[tuple[Key, Iterable[Complaint]]]:
    return groupby(complaints, key=lambda complaint: complaint.key)


def _in_order(name: str) -> tuple[int, str]:
    """Sort numbers by size and the rest by letters, whatever the file's order."""
    return len(name), name
