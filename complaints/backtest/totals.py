"""Totals over the cases of a clock, of all of them or of a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from complaints.backtest.policy import ClockRule
from complaints.backtest.replaying import LATE, NOT_STARTED, ON_TIME, PAUSED, STOPPED, Replay

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
_PLACES = 6


@dataclass(frozen=True)
class Spread:
    """How long something took: the percentiles asked for, the mean and the longest, in hours."""

    percentiles: tuple[tuple[float, float], ...]
    mean: float
    longest: float

    @property
    def all_hours(self) -> list[float]:
        """The percentiles, the mean and the longest, in this order."""
        return [*(hours for _share, hours in self.percentiles), self.mean, self.longest]

    def as_json(self) -> dict[str, Any]:
        """Return the spread as plain values; a percentile's key is `p` and its number."""
        named = {f"p{share:g}": hours for share, hours in self.percentiles}
        return named | {"mean": self.mean, "max": self.longest}


@dataclass(frozen=True)
class Totals:
    """How a clock fared. What stopped is counted over the whole log, `as_of` at one moment."""

    cases: int
    not_started: int
    started: int
    stopped: int
    never_stopped: int
    on_time: int
    late: int
    paused_cases: int
    paused_hours: float
    gross: Spread | None
    consumed: Spread | None
    within: tuple[tuple[float, int, int], ...]
    flags: tuple[tuple[str, int], ...]
    standing: tuple[tuple[str, int], ...]
    due_within: tuple[tuple[int, int], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the totals as plain values."""
        return {
            "cases": self.cases,
            "not_started": self.not_started,
            "started": self.started,
            "stopped": self.stopped,
            "never_stopped": self.never_stopped,
            "on_time": self.on_time,
            "late": self.late,
            "paused": {"cases": self.paused_cases, "hours": self.paused_hours},
            "gross_hours": self.gross.as_json() if self.gross else None,
            "consumed_hours": self.consumed.as_json() if self.consumed else None,
            "within": [
                {"hours": hours, "gross": gross, "consumed": consumed}
                for hours, gross, consumed in self.within
            ],
            "flags": dict(self.flags),
            "as_of": dict(self.standing)
            | {"due_within": [{"days": days, "cases": n} for days, n in self.due_within]},
        }


def totals_of(
    replays: Sequence[Replay], rule: ClockRule, *, as_of: datetime, within_days: Iterable[int]
) -> Totals:
    """Return the totals of one clock over some cases; what took time is told of stopped ones."""
    stopped = [one for one in replays if one.stopped]
    verdicts = Counter(one.verdict for one in replays)
    started = sum(1 for one in replays if one.started)
    gross, consumed = [one.gross for one in stopped], [one.consumed for one in stopped]
    return Totals(
        cases=len(replays),
        not_started=len(replays) - started,
        started=started,
        stopped=len(stopped),
        never_stopped=started - len(stopped),
        on_time=verdicts[ON_TIME],
        late=verdicts[LATE],
        paused_cases=sum(1 for one in stopped if one.paused),
        paused_hours=in_hours(sum((one.paused for one in stopped), timedelta(0))),
        gross=_spread(gross, rule.percentiles),
        consumed=_spread(consumed, rule.percentiles),
        within=tuple((h, _count(gross, h), _count(consumed, h)) for h in rule.within_hours),
        flags=tuple(sorted(Counter(flag for one in replays for flag in one.flags).items())),
        standing=tuple(_standing(replays).items()),
        due_within=tuple((days, _due_soon(replays, as_of, days)) for days in within_days),
    )


def groups_of(replays: Iterable[Replay]) -> dict[tuple[str, ...], list[Replay]]:
    """Return the cases by what their grouping columns hold, in the order of these values."""
    groups: dict[tuple[str, ...], list[Replay]] = {}
    for one in replays:
        groups.setdefault(one.groups, []).append(one)
    return dict(sorted(groups.items()))


def in_hours(span: timedelta | Fraction) -> float:
    """Return a span in hours, to six places."""
    micros = Fraction(span // MICROSECOND) if isinstance(span, timedelta) else span
    return float(round(micros / (HOUR // MICROSECOND), _PLACES))


def percentile(ordered: Sequence[timedelta], share: float) -> float:
    """Return a percentile in hours; between two values it lies on the straight line."""
    place = Fraction(str(share)) / 100 * (len(ordered) - 1)
    below = int(place)
    low, high = (ordered[i] // MICROSECOND for i in (below, min(below + 1, len(ordered) - 1)))
    return in_hours(low + (high - low) * (place - below))


def _spread(spans: Iterable[timedelta], shares: Iterable[float]) -> Spread | None:
    ordered = sorted(spans)
    if not ordered:
        return None
    micros = Fraction(sum(ordered, timedelta(0)) // MICROSECOND, len(ordered))
    return Spread(
        percentiles=tuple((share, percentile(ordered, share)) for share in shares),
        mean=in_hours(micros),
        longest=in_hours(ordered[-1]),
    )


def _count(spans: Iterable[timedelta], hours: float) -> int:
    most = timedelta(hours=hours)
    return sum(1 for span in spans if span <= most)


def _standing(replays: Iterable[Replay]) -> dict[str, int]:
    states = Counter(one.as_of.state for one in replays)
    return {
        "not_started": states[NOT_STARTED],
        "stopped": states[STOPPED],
        "open": states.total() - states[NOT_STARTED] - states[STOPPED],
        "paused": states[PAUSED],
        "overdue": sum(1 for one in replays if one.as_of.overdue),
    }


def _due_soon(replays: Iterable[Replay], as_of: datetime, days: int) -> int:
    latest = as_of + timedelta(days=days)
    open_ones = (one.as_of for one in replays if one.as_of.state not in (NOT_STARTED, STOPPED))
    return sum(1 for one in open_ones if one.due and as_of <= one.due <= latest)
