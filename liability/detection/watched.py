"""One key under watch: its complaints, its normal past, and the surge it may be in."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp

from liability.detection.series import Key, Series
from liability.detection.tail import chance_of_at_most

YEAR = 365
_FADE_SPANS = (28, 56, 91, 182)
_SURELY_FADED = 0.001
_NEARLY_NORMAL = 1.5
_MONTH = 28
_LATE = 60.0
"""Days in which the late complaints of a surge fall to 1/e."""


@dataclass(slots=True)
class Surge:
    """A surge that was told of: since when, and what was normal before and during it, a day."""

    since: int
    normal: float
    level: float
    peak: int = 0
    peak_day: int = 0


@dataclass(slots=True)
class Watched:
    """The state of one key."""

    key: Key
    series: Series
    start: int
    """Complaints until this day say nothing about what is normal."""
    surge: Surge | None = None
    past_surges: list[tuple[int, int]] = field(default_factory=list)
    last_level: float = 0.0

    def normal_past(self, until: int) -> tuple[int, list[tuple[int, int]]]:
        """Return the count and the spans of the normal past, of whole years where it can be."""
        start = self.start
        if (years := (until - start) // YEAR) >= 1:
            start = until - YEAR * min(2, years)
        if not self.past_surges:
            span = [(start, until)] if until > start else []
            return self.series.count(start, until), span
        spans = _without(start, until, self.past_surges)
        return sum(self.series.count(after, to) for after, to in spans), spans

    def begin_surge(self, since: int, day: int, normal: float, level: float) -> None:
        """Remember that this surge was told of."""
        self.surge = Surge(since, normal, level)
        self.note_peak(day)

    def note_peak(self, day: int) -> None:
        """Keep the surge's highest month."""
        if self.surge and (count := self.series.count(day - _MONTH, day)) > self.surge.peak:
            self.surge.peak, self.surge.peak_day = count, day

    def settle(self, yesterday: int) -> None:
        """End the surge if it has faded, or has been the normal state for a year."""
        surge = self.surge
        if surge is None:
            return
        if yesterday - surge.peak_day >= YEAR:
            self.start, self.surge, self.past_surges = surge.peak_day, None, []
            return
        for span in _FADE_SPANS:
            if yesterday - span < surge.peak_day:
                return
            count = self.series.count(yesterday - span, yesterday)
            if (
                count <= _NEARLY_NORMAL * surge.normal * span
                and chance_of_at_most(count, surge.level * span) < _SURELY_FADED
            ):
                self.past_surges.append((surge.since, yesterday - span))
                self.surge, self.last_level = None, surge.level
                return

    def aftermath(self, day: int) -> float:
        """Return how many a day may still be late complaints of the last surge."""
        if not self.past_surges:
            return 0.0
        return self.last_level * exp((self.past_surges[-1][1] - day) / _LATE)

    def was_surging(self, after: int, until: int) -> bool:
        """Whether a surge that was told of reaches into a span."""
        return any(begin < until and end > after for begin, end in self.past_surges)

    def free_since(self) -> int:
        """Return the day after which a new surge may begin."""
        return self.past_surges[-1][1] if self.past_surges else self.start - YEAR


def _without(start: int, until: int, holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    spans = []
    for begin, end in holes:
        if end <= start or begin >= until:
            continue
        if begin > start:
            spans.append((start, begin))
        start = max(start, end)
    if start < until:
        spans.append((start, until))
    return spans
