"""`manage.py prepare`: brings database and static files up to date in one process."""

import io
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from config.storage import collect_static
from documents.services.seals import company_seal


class Command(BaseCommand):
    """Migrates, fills the calendar, makes the development seal; --demo loads the demonstration."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="load demonstration data if empty")

    def handle(self, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_calendar", stdout=io.StringIO())
        company_seal()
        if not settings.DEBUG:
            collect_static()
        if options["demo"]:
            self.load_demonstration()

    def load_demonstration(self) -> None:
        """Load the demonstration, whole or not at all, unless somebody can already log in."""
        if settings.PRODUCTION:
            raise CommandError("Demonstration data is not for production.")
        if not get_user_model().objects.exists():
            self.stdout.write("Loading demonstration data …")
            with transaction.atomic():
                call_command("load_demo", quiet=True, stdout=self.stdout)
