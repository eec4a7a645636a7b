"""Takes mail by SMTP from this machine or your own mail server, or one mail from standard input."""

from __future__ import annotations

import asyncio
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from complaints.management.smtp import serve
from complaints.services.receiving import take_mail
from complaints.states import MailDoor

DEFAULT_LISTEN = "127.0.0.1:2525"
TRY_AGAIN_LATER = 75
"""What mail servers understand from a program that they pipe a mail to (EX_TEMPFAIL)."""


class Command(BaseCommand):
    """`manage.py receive_mail [--listen HOST:PORT | --pipe]`."""

    help = "Takes mail by SMTP until it is ended, or one mail from standard input with --pipe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = settings.SMTP_LISTEN or DEFAULT_LISTEN
        parser.add_argument("--listen", default=default, help=f"HOST:PORT, by default {default}")
        parser.add_argument("--pipe", action="store_true", help="read one mail from standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["pipe"]:
            self.take_one()
            return
        host, _colon, port = options["listen"].rpartition(":")
        if not port.isdecimal() or int(port) > 65535:
            raise CommandError("--listen must be like 127.0.0.1:2525.")
        try:
            asyncio.run(serve(host.strip("[]"), int(port), ready=self.tell))
        except OSError as error:
            raise CommandError(f"{options['listen']} cannot be used: {error.strerror}.") from error

    def tell(self, port: int) -> None:
        """Say where mail is taken."""
        self.stdout.write(f"Mail to {settings.MAIL_ADDRESS} is taken at port {port}.")
        self.stdout.flush()

    def take_one(self) -> None:
        """Store the mail of standard input; the exit code tells a mail server what to do."""
        raw = sys.stdin.buffer.read(settings.MAIL_MAX_BYTES + 1)
        if not raw.strip():
            raise CommandError("There is no mail on standard input.")
        if len(raw) > settings.MAIL_MAX_BYTES:
            raise CommandError("The mail is larger than REDRESS_MAIL_MAX_MB.")
        try:
            take_mail(raw, door=MailDoor.PIPE)
        except DatabaseError as error:
            fault = f"The mail was not stored ({type(error).__name__}); try again later."
            raise CommandError(fault, returncode=TRY_AGAIN_LATER) from error
