"""What surrounds the actors: time that passes, and the mails that were really sent."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from importlib import import_module

from django.core import mail
from django.core.mail import EmailMessage

from complaints.moments import now, shift_to
from complaints.services.outbox import deliver_due
from config.celery import app
from tests.complaints.walking import check_at_commit
from tests.process.visitors import Visitor

DONE_BY_THE_TEST = {"deliver-outbox", "render-pending"}


def beat() -> None:
    """Carry out once what Celery's beat would call every few seconds; nightly work is left out."""
    for name, entry in app.conf.beat_schedule.items():
        if name not in DONE_BY_THE_TEST and isinstance(entry["schedule"], timedelta):
            module, _dot, task = entry["task"].rpartition(".")
            getattr(import_module(module), task)()
    check_at_commit()


class TheClock:
    """Time passes when the test says so, and the periodic work is done."""

    def passes(self, **span: float) -> None:
        """Let time pass, then do the periodic work once."""
        self.reaches(now() + timedelta(**span))

    def reaches(self, moment: datetime) -> None:
        """Go on to a moment, then do the periodic work once."""
        shift_to(moment)
        beat()
        Visitor.sent_by_anybody += 1


class Post:
    """The mails that left the outbox."""

    def delivered(self) -> list[EmailMessage]:
        """Deliver what waits, and give every mail so far."""
        while deliver_due():
            pass
        return list(mail.outbox)

    def to(self, address: str, words: str = "") -> list[EmailMessage]:
        """The mails to an address whose subject or body has the words, the oldest first."""
        return [
            each
            for each in self.delivered()
            if address in each.to and words in f"{each.subject}\n{each.body}"
        ]

    def last(self, address: str, words: str = "") -> EmailMessage:
        """The latest of them; fails, naming what there is, when there is none."""
        found = self.to(address, words)
        there = [(each.to, each.subject) for each in mail.outbox]
        assert found, f"no mail to {address} about {words!r}; there are {there}"
        return found[-1]


def link_in(message: EmailMessage, part: str) -> str:
    """The address in a mail that has a part."""
    links = re.findall(r"https?://\S+", str(message.body))
    found = [link for link in links if part in link]
    assert found, f"no link with {part!r} in {links}"
    return found[0]


def code_in(message: EmailMessage) -> str:
    """The six digits in a mail."""
    found = re.search(r"(?<!\d)\d{6}(?!\d)", str(message.body))
    assert found, message.body
    return found[0]
