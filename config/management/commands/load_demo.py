"""Fill an empty installation with the demonstration company and its cases."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from complaints.models import Case
from config.demo.loader import load, logins_path


class Command(BaseCommand):
    """Run once: does nothing where there are cases already, refuses in production."""

    help = "Load the demonstration: a company, its staff and goods, and some sixty cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say only the end")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration is not for production.")
        if Case.objects.exists():
            self.stdout.write("There are cases already; nothing was loaded.")
            return
        count = load(say=(lambda line: None) if options["quiet"] else self.stdout.write)
        self.stdout.write(f"Loaded {count} cases. Log-ins: {logins_path()}")
