"""`manage.py first_account USERNAME --email ADDRESS`: the person with whom a new site begins."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.services import open_first_account


class Command(BaseCommand):
    """Ask for a password; make an administrator who manages the team that new cases go to."""

    help = "Make the first administrator, and the team that new cases go to, on an empty site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--email", required=True, help="gets reminders and alarms")
        parser.add_argument("--name", default="", help="as colleagues and consumers read it")
        parser.add_argument("--team", default="客服组", help="the team that new cases go to")
        parser.add_argument("--department", default="客户服务部", help="the team's department")

    def handle(self, *args: Any, **options: Any) -> None:
        username = options["username"]
        try:
            user = open_first_account(
                username,
                password=self.password(),
                name=options["name"] or username,
                email=options["email"],
                department=options["department"],
                team=options["team"],
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(_("已经有管理员了。请用管理员账号登录后添加。")) from error
        self.stdout.write(
            _("%(name)s 可以登录了，新案件会分到「%(team)s」。")
            % {"name": user.username, "team": user.team}
        )

    def password(self) -> str:
        """Ask twice at a terminal, or read the first line of what is piped in."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n")
        first = getpass.getpass(_("密码："))
        if getpass.getpass(_("再输一遍：")) != first:
            raise CommandError(_("两次输入的密码不一样，请再来一次。"))
        return first
