"""How well the clocks are kept: who swept when, what waits, what was put aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from complaints.models import ClockIncident, SweepHeartbeat
from complaints.moments import now
from complaints.selectors.due_timers import (
    backing_off_timers,
    longest_waiting,
    quarantined_timers,
)

MAY_BE_OLD = timedelta(seconds=60)
MAY_BE_SKEWED = timedelta(seconds=5)


@dataclass(frozen=True)
class ClockHealth:
    """What the database says about the keeping of the clocks at one moment.

    `skewed_at` is the last sign of life of a sweeper whose host's clock is wrong.
    """

    moment: datetime
    swept_at: datetime | None
    waiting_since: datetime | None
    skewed_at: datetime | None

    @property
    def is_swept(self) -> bool:
        """Some process has swept within the last minute."""
        return self.swept_at is not None and self.moment - self.swept_at < MAY_BE_OLD

    @property
    def is_in_time(self) -> bool:
        """No due timer has waited for a minute; those that back off after an error do not count."""
        return self.waiting_since is None or self.moment - self.waiting_since < MAY_BE_OLD


def last_sweep() -> datetime | None:
    """Return the moment of the last sweep, or None before the first."""
    return SweepHeartbeat.objects.aggregate(last=Max("swept_at"))["last"]


def clock_health() -> ClockHealth:
    """Read how the clocks are kept: three short queries."""
    moment, seconds = now(), MAY_BE_SKEWED.total_seconds()
    alive = SweepHeartbeat.objects.filter(seen_at__gt=moment - MAY_BE_OLD)
    skewed = alive.exclude(skew_seconds__range=(-seconds, seconds))
    return ClockHealth(
        moment=moment,
        swept_at=last_sweep(),
        waiting_since=longest_waiting(moment),
        skewed_at=skewed.aggregate(last=Max("seen_at"))["last"],
    )


def sweepers() -> list[SweepHeartbeat]:
    """Return the sweeping processes of the last day, the latest first."""
    return list(SweepHeartbeat.objects.order_by("-seen_at"))


def latest_incidents(count: int = 20) -> list[ClockIncident]:
    """Return the latest incidents, the newest first."""
    return list(ClockIncident.objects.order_by("-noticed_at")[:count])


def trouble_counts() -> dict[str, int]:
    """Return how many timers are backing off after an error, and how many were put aside."""
    return {
        "backing_off": backing_off_timers().count(),
        "quarantined": quarantined_timers().count(),
    }
