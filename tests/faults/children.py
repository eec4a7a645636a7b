"""Child processes that sweep as production does, forked from a warm parent so that many can die."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection, connections

from launcher.processes import end_with_parent
from tests.faults.instances import log_file

NAME = "faults-child-{}"


def fork(work: Callable[[], object], *, skew: float = 0.0) -> int:
    """Run `work` in a child and give its process id; `skew` puts its wall clock wrong."""
    connections.close_all()  # parent and child must not share a socket
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        end_with_parent()
        with log_file().open("a") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        true_time = time.time
        time.time = lambda: true_time() + skew
        options = connection.settings_dict.setdefault("OPTIONS", {})
        options["application_name"] = NAME.format(os.getpid())
        work()
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


def sweep_for_ever() -> None:
    """Do what `manage.py sweep_clocks --loop` does."""
    call_command("sweep_clocks", loop=True, seconds=0.05)


def end(child: int) -> None:
    """Kill a child with SIGKILL and bury it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def wait_all(children: list[int]) -> list[int]:
    """Wait for children to end; give their statuses."""
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


@contextlib.contextmanager
def sweeping(count: int = 1, *, skew: float = 0.0) -> Iterator[list[int]]:
    """Keep sweepers running while a block runs."""
    children = [fork(sweep_for_ever, skew=skew) for _number in range(count)]
    try:
        yield children
    finally:
        for child in children:
            end(child)


@dataclass
class Victims:
    """Sweepers of which one after the other is killed, often in the middle of a transaction."""

    count: int
    chance: random.Random
    kills: int = 0
    inside: int = 0
    alive: list[int] = field(default_factory=list)

    def start(self) -> None:
        """Start all."""
        self.alive = [fork(sweep_for_ever) for _number in range(self.count)]

    def kill_one(self) -> None:
        """Kill one at random and start another; seven times of ten wait until it is at work."""
        victim = self.chance.choice(self.alive)
        if self.chance.random() < 0.7:
            self._wait_for_transaction(victim)
        inside = self._in_transaction(victim)
        end(victim)
        self.kills += 1
        self.inside += inside
        self.alive[self.alive.index(victim)] = fork(sweep_for_ever)

    def stop(self) -> None:
        """Kill what is left."""
        for child in self.alive:
            end(child)
        self.alive = []

    def _wait_for_transaction(self, victim: int) -> None:
        for _try in range(40):
            if self._in_transaction(victim):
                return
            time.sleep(0.005)

    def _in_transaction(self, victim: int) -> bool:
        query = """SELECT count(*) FROM pg_stat_activity
            WHERE application_name = %s AND xact_start IS NOT NULL"""
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, [NAME.format(victim)])
                return bool(cursor.fetchone()[0])
        except (OperationalError, InterfaceError):
            connection.close()
            return False
