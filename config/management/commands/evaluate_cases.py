"""`manage.py evaluate_cases FILE.json`: answers worked cases, as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.worked_cases.parsing import parsed
from config.worked_cases.reading import NotCases, answers


class Command(BaseCommand):
    """Prints a JSON array of id and result; a bad fact gives id and error, and exit code 1."""

    help = (
        'Evaluate worked cases: {"cases": [{"id", "kind", "facts"}]}; "-" reads standard input. '
        "What a case expects is not read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="JSON file, or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = answers(read(options["file"]), on=timezone.localdate())
        except NotCases as error:
            raise CommandError(str(error)) from error
        self.stdout.write(written(found))
        if any("error" in one for one in found):
            raise SystemExit(1)


def written(found: Any) -> str:
    """Return answers as JSON; half a surrogate pair, which can't be encoded, as its escape."""
    text = json.dumps(found, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def read(name: str) -> Any:
    """Return what a JSON file holds. Raises CommandError for a file that can't be read."""
    try:
        raw = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
        return parsed(raw)
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(f"{name}: {error}") from error
