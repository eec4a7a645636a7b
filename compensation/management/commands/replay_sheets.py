"""`manage.py replay_sheets`: reckons stored sheets again and shows which come out otherwise."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from compensation.models import EntitlementSheet
from compensation.rules import FactError
from compensation.selectors.rules import reckoned_again


class Command(BaseCommand):
    """Each by the rules and the calendar of its own time; exit code 1 where one differs."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("references", nargs="*", help="cases; without any, all sheets")

    def handle(self, *args: Any, **options: Any) -> None:
        sheets = EntitlementSheet.objects.select_related("case").order_by("id")
        if options["references"]:
            sheets = sheets.filter(case__reference__in=options["references"])
        count = different = 0
        for sheet in sheets.iterator(chunk_size=500):
            count += 1
            problem = self._difference(sheet)
            if problem:
                different += 1
                self.stdout.write(f"{sheet.case.reference} #{sheet.number}: {problem}")
        self.stdout.write(f"{count} sheets, {different} different")
        if different:
            raise SystemExit(1)

    def _difference(self, sheet: EntitlementSheet) -> str:
        try:
            again = reckoned_again(sheet).as_data()
        except (FactError, LookupError) as error:
            return str(error)
        if again == sheet.result:
            return ""
        names = sorted({*again, *sheet.result})
        return ", ".join(name for name in names if again.get(name) != sheet.result.get(name))
