"""`manage.py replay_clocks LOG.csv --policy POLICY.json`: what would our clocks have said?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from complaints.backtest import LogRefused, Policy, PolicyRefused, read_policy, replay_log
from complaints.backtest.wording import report_lines


class Command(BaseCommand):
    """Replay a policy's clocks over a company's event log; nothing is read from the database."""

    help = "Replay clocks over an event log, a CSV file, plain or gzipped (docs/back-test.md)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("log", type=Path, help="a .csv or .csv.gz file with a header")
        parser.add_argument("--policy", type=Path, required=True, help="a JSON file")
        parser.add_argument("--json", action="store_true", help="print everything as JSON")
        parser.add_argument(
            "--cases", action="store_true", help="without --json: print a line for each case too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = replay_log(options["log"], _policy(options["policy"]))
        except (LogRefused, PolicyRefused) as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        except OSError as error:
            raise CommandError(
                _("打不开文件：%(error)s") % {"error": error}, returncode=2
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            return
        for line in report_lines(report, cases=options["cases"]):
            self.stdout.write(line)


def _policy(path: Path) -> Policy:
    try:
        return read_policy(json.loads(path.read_text(encoding="utf-8-sig")))
    except ValueError as error:  # neither JSON nor UTF-8
        raise PolicyRefused(
            "", _("%(file)s 不是 JSON：%(error)s") % {"file": path.name, "error": error}
        ) from error
