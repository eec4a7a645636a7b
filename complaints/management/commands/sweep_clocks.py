"""Sweep the clocks by hand or in a loop: keeps every promise going when the broker is down."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections

from complaints.services.outbox import deliver_due
from complaints.services.sweeping import sweep


class Command(BaseCommand):
    """Call the same function that the periodic task calls."""

    help = "Carry out due timers and deliver pending notices, once or in a loop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--seconds", type=float, default=1.0, help="pause between sweeps")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            try:
                result = sweep()
                self.stdout.write(f"cases {result.cases} fired {result.fired} sent {deliver_due()}")
            except OperationalError as error:
                if not options["loop"]:
                    raise
                self.stderr.write(f"database unreachable: {type(error).__name__}")
                close_old_connections()
            if not options["loop"]:
                return
            time.sleep(options["seconds"])
