"""`manage.py demo_logins`: shows the log-ins of the demonstration on this machine."""

from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Prints what loading the demonstration has kept; fails where none was loaded."""

    help = __doc__

    def handle(self, **_options: Any) -> None:
        path = settings.VAR / "demo-logins.txt"
        if not path.exists():
            raise CommandError("There are no log-ins here: `make run` has loaded no demonstration.")
        self.stdout.write(path.read_text(encoding="utf-8"))
