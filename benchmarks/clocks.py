"""Sweeping among many open clocks: what is due against one UPDATE, and what nothing due costs."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

from django.db import connection, transaction

from benchmarks.filling import make_clock_template, multiply_clocks
from benchmarks.load import median
from complaints.models import Timer
from complaints.moments import now
from complaints.services.sweeping import sweep

INDEX = "complaints_armed_timers"
TICKS = 30
UPDATE = """UPDATE complaints_timer SET status = 'fired', fired_at = clock_timestamp()
    WHERE status = 'armed' AND due_at <= clock_timestamp()"""
DUE = """SELECT due_at, case_id FROM complaints_timer
    WHERE status = 'armed' AND due_at <= clock_timestamp()
    AND (due_at, case_id) > ('-infinity'::timestamptz, 0)
    AND (next_try_at IS NULL OR next_try_at <= clock_timestamp())
    ORDER BY due_at, case_id LIMIT 100"""


@dataclass(frozen=True)
class Swept:
    """One size: how many clocks are open, and what was measured among them."""

    clocks: int
    tick: float
    uses_index: bool
    due: int
    update: float
    sweep: float
    grown: float


def measure(sizes: list[int]) -> bool:
    """Fill up to each size, measure, print a row; tells whether the index was used everywhere.

    The database is the caller's.
    """
    print(
        "\nclocks open     tick ms  index   due   one UPDATE s   sweep s   timers/s   ratio   +MiB"
    )
    make_clock_template()
    clocks, right = 0, True
    for size in sizes:
        multiply_clocks(size - clocks)
        clocks, row = size, _measure(size)
        right = right and row.uses_index
        print(
            f"{row.clocks:>11}{row.tick:>12.1f}{'yes' if row.uses_index else 'NO':>7}{row.due:>6}"
            f"{row.update:>15.3f}{row.sweep:>10.2f}{row.due / row.sweep:>11.0f}"
            f"{row.sweep / row.update:>8.1f}{row.grown:>7.0f}",
            flush=True,
        )
    return right


def _measure(size: int) -> Swept:
    tick, uses_index = _tick(), _uses_index()
    _make_due()
    update = _one_update()
    due = Timer.objects.filter(status="armed", due_at__lte=now()).count()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    fired = sweep(limit=size).fired
    took = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    if fired != due:
        raise RuntimeError(f"{due} were due and {fired} were carried out")
    return Swept(size, tick, uses_index, due, update, took, grown)


def _tick() -> float:
    """Milliseconds of a sweep that finds nothing."""
    sweep()
    times = []
    for _number in range(TICKS):
        began = time.perf_counter()
        sweep()
        times.append(1000 * (time.perf_counter() - began))
    return median(times)


def _uses_index() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {DUE}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    return INDEX in plan and "Seq Scan" not in plan


def _make_due() -> None:
    """Let the breach of one clock in a hundred come due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE complaints_timer SET due_at = clock_timestamp() - interval '1 hour' "
            "WHERE rung = 'breach' AND status = 'armed' AND clock_id % 100 = 0"
        )
        cursor.execute("VACUUM ANALYZE complaints_timer")


def _one_update() -> float:
    """Seconds of the least that marks the same rows, undone afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(UPDATE)
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took
