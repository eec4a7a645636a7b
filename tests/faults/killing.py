"""Sweepers and PostgreSQL itself are killed while thousands of timers come due."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.db import connection

from complaints.moments import now
from complaints.tasks import sweep_clocks
from launcher.processes import end_with_parent, spawn, stop_group
from tests.faults.checking import Outcome
from tests.faults.children import Victims, sweeping
from tests.faults.filling import ladder, make_cases, make_people
from tests.faults.instances import (
    PLACE,
    flush_valkey,
    fresh_database,
    log_file,
    restart_postgres_at_once,
    wait_for,
)

LEFT = """SELECT count(*) = 0 FROM complaints_timer
    WHERE status = 'armed' AND due_at < clock_timestamp() + interval '10 minutes'"""
SWEPT = "SELECT count(*) > 0 FROM complaints_sweepheartbeat"
LATENESS = """SELECT round(extract(epoch FROM percentile_cont(%s) WITHIN GROUP
    (ORDER BY e.at - t.due_at))::numeric, 2) FROM complaints_caseevent e
    JOIN complaints_timer t ON t.id = e.timer_id"""


def kill_sweepers(*, cases: int, kills: int, seconds: float, restarts: int, seed: int) -> Outcome:
    """Kill -9 of one of four sweepers again and again, and PostgreSQL at once in between."""
    fresh_database()
    chance = random.Random(seed)
    outcome = Outcome("kill -9 of sweepers, PostgreSQL at once", {"seed": seed})
    start = now() + timedelta(seconds=1)
    step = timedelta(seconds=seconds / 6)
    firsts = [start + timedelta(seconds=chance.uniform(0, seconds / 3)) for _n in range(cases)]
    make_cases(cases, lambda n: ladder(firsts[n], step), people=make_people())
    victims = Victims(4, chance)
    victims.start()
    restart_at = {kills * (n + 1) // (restarts + 1) for n in range(restarts)}
    done = 0
    while victims.kills < kills:
        time.sleep(chance.uniform(0, 1.2 * seconds / kills))
        victims.kill_one()
        if victims.kills in restart_at:
            restart_postgres_at_once()
            done += 1
    victims.stop()
    with sweeping(2):
        outcome.expect(wait_for(LEFT, seconds=120), "timers are left")
    outcome.figures |= {
        "kills": victims.kills,
        "inside a transaction": victims.inside,
        "PostgreSQL restarts": done,
    }
    for share, name in ((0.5, "lateness p50 s"), (0.99, "lateness p99 s"), (1.0, "lateness max s")):
        outcome.figures[name] = lateness(share)
    outcome.look()
    return outcome


def kill_workers(*, cases: int, kills: int, seconds: float, seed: int) -> Outcome:
    """Kill -9 of a Celery worker's processes, while calls come in as from two beats."""
    fresh_database()
    flush_valkey()
    chance = random.Random(seed)
    outcome = Outcome("kill -9 of a worker's processes, two beats", {"seed": seed})
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--concurrency", "2"]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "ERROR"]
    worker = spawn(command, log=log_file(), cwd=PLACE.checkout, preexec_fn=end_with_parent)
    done, deadline = 0, time.monotonic() + 10 * seconds + 60
    try:
        sweep_clocks.delay()
        outcome.expect(wait_for(SWEPT, seconds=60), "the worker did not start")
        start, step = now() + timedelta(seconds=1), timedelta(seconds=seconds / 6)
        firsts = [start + timedelta(seconds=chance.uniform(0, seconds / 3)) for _n in range(cases)]
        make_cases(cases, lambda n: ladder(firsts[n], step), people=make_people())
        while time.monotonic() < deadline and (done < kills or not wait_for(LEFT, seconds=0.05)):
            for _beat in range(2):
                sweep_clocks.delay()
            time.sleep(chance.uniform(0, 1.2 * seconds / kills))
            busy = children_of(worker.pid)
            if busy and done < kills:
                os.kill(chance.choice(busy), signal.SIGKILL)
                done += 1
    finally:
        stop_group(worker)
    outcome.figures |= {"kills": done, "lateness max s": lateness(1.0)}
    outcome.expect(done == kills, f"{done} kills")
    outcome.look()
    return outcome


def children_of(process_id: int) -> list[int]:
    """Give the processes that a process has started."""
    listed = Path("/", "proc", str(process_id), "task", str(process_id), "children")
    return [int(word) for word in listed.read_text().split()] if listed.exists() else []


def lateness(share: float) -> float:
    """Give within how many seconds of its moment a share of the timers was carried out."""
    with connection.cursor() as cursor:
        cursor.execute(LATENESS, [share])
        return float(cursor.fetchone()[0] or 0)
