"""Figures about the clocks and the outbox for machines that watch the site."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from complaints.models import Case, OutboxMessage, SweepHeartbeat, Timer
from complaints.selectors.heartbeat import clock_health, trouble_counts
from complaints.selectors.owners import unowned_cases
from complaints.states import OPEN_STAGES, TimerStatus

Sample = tuple[dict[str, str], float]


def clock_figures() -> dict[str, list[Sample]]:
    """Return each figure's samples: labels and value.

    What sweepers count begins anew with each of their processes; how many timers wait, and since
    when, is read from the timers themselves.
    """
    health, troubles = clock_health(), trouble_counts()
    age = _age(health.moment, health.swept_at)
    return {
        "timers_armed": [({}, Timer.objects.filter(status=TimerStatus.ARMED).count())],
        "timers_backing_off": [({}, troubles["backing_off"])],
        "timers_quarantined": [({}, troubles["quarantined"])],
        "oldest_due_seconds": [({}, _age(health.moment, health.waiting_since) or 0.0)],
        "last_sweep_age_seconds": [] if age is None else [({}, age)],
        "outbox_messages": _grouped(OutboxMessage.objects.all(), "status"),
        **_unowned(health.moment),
        "open_cases": _grouped(Case.objects.filter(stage__in=OPEN_STAGES), "stage"),
        **_by_sweeper(),
    }


def _unowned(moment: datetime) -> dict[str, list[Sample]]:
    found = unowned_cases().order_by().aggregate(count=Count("pk"), since=Min("created_at"))
    oldest = _age(moment, found["since"]) or 0.0
    return {"unowned_cases": [({}, found["count"])], "oldest_unowned_seconds": [({}, oldest)]}


def _age(moment: datetime, since: datetime | None) -> float | None:
    return None if since is None else round((moment - since).total_seconds(), 3)


def _grouped(rows: QuerySet[Any], field: str) -> list[Sample]:
    counts = rows.order_by(field).values_list(field).annotate(Count("pk"))
    return [({field: value}, count) for value, count in counts]


def _by_sweeper() -> dict[str, list[Sample]]:
    figures: dict[str, list[Sample]] = {
        "sweeps_total": [],
        "sweep_errors_total": [],
        "timers_fired_total": [],
        "clock_skew_seconds": [],
    }
    for row in SweepHeartbeat.objects.order_by("name"):
        label = {"sweeper": row.name}
        figures["sweeps_total"].append((label, row.sweeps))
        figures["sweep_errors_total"].append((label, row.errors))
        figures["clock_skew_seconds"].append((label, row.skew_seconds))
        for rung, count in sorted(row.fired.items()):
            figures["timers_fired_total"].append(({**label, "rung": rung}, count))
    return figures
