"""Sweepers and PostgreSQL itself are killed while thousands of timers come due."""

from __future__ import annotations

import random
import time
from datetime import timedelta

from django.db import connection

from complaints.moments import now
from tests.faults.checking import Outcome
from tests.faults.children import Victims, sweeping
from tests.faults.filling import ladder, make_cases, make_people
from tests.faults.instances import fresh_database, restart_postgres_at_once, wait_for

LEFT = """SELECT count(*) = 0 FROM complaints_timer
    WHERE status = 'armed' AND due_at < clock_timestamp() + interval '10 minutes'"""
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


def lateness(share: float) -> float:
    """Give within how many seconds of its moment a share of the timers was carried out."""
    with connection.cursor() as cursor:
        cursor.execute(LATENESS, [share])
        return float(cursor.fetchone()[0] or 0)
