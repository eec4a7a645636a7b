"""Sweep the clocks by hand or in a loop: keeps every promise going when the broker is down."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from complaints.actors import Actor
from complaints.services.assigning import tend_owners
from complaints.services.composing import release_due
from complaints.services.finding_notices import record_delivered_findings
from complaints.services.outbox import deliver_due
from complaints.services.recalculating import repair_recent
from complaints.services.sweeping import SweepResult, sweep
from complaints.services.watching import watch

logger = logging.getLogger(__name__)
MOST_CASES = 500
REPAIR_SECONDS = 60.0
TEND_SECONDS = 15.0


class Command(BaseCommand):
    """Call the same function that the periodic task calls."""

    repaired_at = float("-inf")
    tended_at = float("-inf")
    help = "Carry out due timers and deliver pending notices, once or in a loop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--seconds", type=float, default=1.0, help="pause between sweeps")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["loop"]:
            record_delivered_findings()
            tend_owners()
            result = sweep()
            watch(by="loop")
            release_due()
            self.stdout.write(f"{told(result)} sent {deliver_due()}")
            record_delivered_findings()
            return
        # A mail server that does not answer must not hold up the clocks.
        self.notices = threading.Thread(
            target=self.go_on, args=(self.deliver, options["seconds"]), daemon=True
        )
        self.notices.start()
        self.go_on(self.sweep_and_watch, options["seconds"])

    def go_on(self, work: Callable[[], bool], seconds: float) -> None:
        """Do some work for ever, at once again when there is more of it; outlive the database."""
        pause = threading.Event()
        while True:
            more = False
            try:
                more = work()
            except (DatabaseError, InterfaceError) as error:
                self.stderr.write(f"database unreachable: {type(error).__name__}")
                connection.close()
            close_old_connections()
            if not more:
                pause.wait(seconds)

    def sweep_and_watch(self) -> bool:
        """Sweep once and look after the sweeping; say whether more is waiting."""
        if not self.notices.is_alive():
            raise CommandError("The thread that delivers notices has ended; see the lines above.")
        result = sweep(limit=MOST_CASES)
        watch(by="loop")
        if result.cases or result.errors or result.refused:
            self.stdout.write(told(result))
        return result.cases >= MOST_CASES

    def deliver(self) -> bool:
        """Send replies whose wait is over and pending notices; say whether more may wait."""
        release_due()
        sent = deliver_due()
        record_delivered_findings()
        self.repair()
        self.tend()
        return sent > 0

    def tend(self) -> None:
        """Every few seconds, give cases without an owner to somebody."""
        if time.monotonic() - self.tended_at >= TEND_SECONDS:
            self.tended_at = time.monotonic()
            tend_owners()

    def repair(self) -> None:
        """Once a minute, put clocks right that began under rules just replaced."""
        if time.monotonic() - self.repaired_at >= REPAIR_SECONDS:
            self.repaired_at = time.monotonic()
            try:
                repair_recent(by=Actor.system())
            except (DatabaseError, InterfaceError):
                raise
            except Exception:
                # What a change of rules trips over must not end the delivery of notices.
                logger.exception("repair_failed")


def told(result: SweepResult) -> str:
    """Say in one line what a sweep did."""
    if result.refused:
        return "refused: this host's clock is a minute or more off the database's"
    return f"cases {result.cases} fired {result.fired} errors {result.errors}"
