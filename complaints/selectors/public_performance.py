"""How well we keep our own time limits, as everybody may see it: from the clocks' own moments.

Counted once in a quarter of an hour and kept in the cache; every answer says as of when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache

from complaints.clock_arithmetic.deadlines import HOURLY_UNITS
from complaints.models import ClockPolicy
from complaints.moments import now
from complaints.selectors.clock_figures import (
    ClockFigures,
    Span,
    clock_figures,
    weekly_clocks,
)
from complaints.states import BudgetUnit, ClockKind, PolicyState

DAYS = 90
KEPT_FOR = 15 * 60
SMALL_NUMBER = 10
SHOWN = (
    ClockKind.EMERGENCY,
    ClockKind.ACKNOWLEDGEMENT,
    ClockKind.INVESTIGATION,
    ClockKind.OFFER,
    ClockKind.AGREEMENT_DRAFT,
    ClockKind.OBLIGATION,
    ClockKind.REVIEW,
    ClockKind.MEDIATION,
    ClockKind.SOLUTION,
    ClockKind.FOLLOW_UP,
)
_KEY = "public-performance"


@dataclass(frozen=True)
class Performance:
    """One time limit: how many ended in time and late, how many still run, the usual time."""

    kind: str
    limit: float | None
    unit: str
    kept: int
    late: int
    open: int
    median: float | None

    @property
    def known(self) -> int:
        """How many are known to be kept or late."""
        return self.kept + self.late

    @property
    def share(self) -> float | None:
        """The share kept in time, in per cent; None where the number is too small to say so."""
        return 100 * self.kept / self.known if self.known >= SMALL_NUMBER else None

    @property
    def usual_hours(self) -> float | None:
        """Half took at most so many hours; None for days, and for small numbers."""
        hourly = self.unit in HOURLY_UNITS
        if not hourly or self.limit is None or self.median is None or self.known < SMALL_NUMBER:
            return None
        return self.limit * self.median / 100

    @property
    def usual_share(self) -> float | None:
        """Half took at most so much of the limit, in per cent; None for small numbers."""
        return self.median if self.known >= SMALL_NUMBER else None


@dataclass(frozen=True)
class PublicPerformance:
    """All time limits of the last days, and by week how they were kept."""

    as_of: datetime
    first: date
    last: date
    rows: list[Performance]
    weeks: dict[date, dict[str, int]]


def public_performance() -> PublicPerformance:
    """Return the figures, at most a quarter of an hour old."""
    found: PublicPerformance | None = cache.get(_KEY)
    if found is None:
        found = counted_performance()
        cache.set(_KEY, found, KEPT_FOR)
    return found


def counted_performance() -> PublicPerformance:
    """Count the figures now."""
    moment = now()
    span = Span(moment - timedelta(days=DAYS), moment)
    figures = clock_figures(span, moment=moment)
    limits = {
        policy.code: (float(policy.amount), str(policy.unit))
        for policy in ClockPolicy.objects.filter(state=PolicyState.PUBLISHED).order_by("version")
    }
    rows = [
        _row(each, limits.get(each.code)) for kind in SHOWN for each in figures if each.kind == kind
    ]
    return PublicPerformance(
        as_of=moment,
        first=span.starts.date(),
        last=moment.date(),
        rows=rows,
        weeks=weekly_clocks(span, moment=moment),
    )


def _row(figures: ClockFigures, limit: tuple[float, str] | None) -> Performance:
    amount, unit = limit or (None, "")
    return Performance(
        kind=figures.kind,
        limit=None if unit == BudgetUnit.FIXED else amount,
        unit=unit,
        kept=figures.kept,
        late=figures.late,
        open=figures.open,
        median=figures.median,
    )
