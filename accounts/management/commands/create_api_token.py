"""`manage.py create_api_token USERNAME --label TEXT`: let a program act as a member of staff."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import issue_token


class Command(BaseCommand):
    """Print a new token once; the database keeps only its digest."""

    help = "Create an API token for a member of staff and print it; it is never shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--label", default="api", help="what the token is for")
        parser.add_argument("--days", type=int, default=365, help="days until it ends; 0: never")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(_("没有这个员工，或者账号已停用。"))
        days = options["days"]
        expires_at = datetime.now(UTC) + timedelta(days=days) if days > 0 else None
        self.stdout.write(issue_token(user, label=options["label"], expires_at=expires_at))
