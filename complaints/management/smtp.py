"""A small SMTP server that takes mail to our own address only, and answers once it is stored."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from complaints.inbound.threads import is_ours
from complaints.services.receiving import take_mail
from complaints.states import MailDoor

logger = logging.getLogger(__name__)
SILENCE_SECONDS = 60
MOST_RECIPIENTS = 20
TAKEN = "250 2.0.0 Taken"


class Door:
    """What the server says: no relaying, and "taken" only after the database has the mail."""

    async def handle_RCPT(  # named by aiosmtpd
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        if not is_ours(address, settings.MAIL_ADDRESS):
            return "550 5.1.1 We take mail only for our own address"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        raw = _trace(envelope) + content
        try:
            await asyncio.get_running_loop().run_in_executor(None, _store, raw)
        except DatabaseError as error:
            logger.warning("mail_not_stored", extra={"error": type(error).__name__})
            return "451 4.3.0 Try again later"
        return TAKEN


def _trace(envelope: Envelope) -> bytes:
    """Return what a mail server writes on top when it delivers: where from, and to whom."""
    lines = [f"Return-Path: <{_plain(envelope.mail_from or '')}>"]
    lines += [f"Delivered-To: {_plain(address)}" for address in envelope.rcpt_tos]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")


def _plain(address: str) -> str:
    return "".join(character for character in address if character.isprintable()).strip("<>")


def _store(raw: bytes) -> None:
    close_old_connections()
    try:
        take_mail(raw, door=MailDoor.SMTP)
    finally:
        close_old_connections()


async def serve(host: str, port: int, *, ready: Callable[[int], None]) -> None:
    """Take mail until the process is asked to end; `ready` is told the port.

    Raises OSError when the port can't be had.
    """
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, over.set)
    server = await loop.create_server(new_talk, host, port)
    ready(server.sockets[0].getsockname()[1])
    await over.wait()
    server.close()


class Talk(SMTP):
    """The protocol, patient with programs that write lines longer than the standard allows."""

    line_length_limit = 64 * 1024


def new_talk() -> SMTP:
    """Return the protocol of one connection."""
    options: dict[str, Any] = {
        "data_size_limit": settings.MAIL_MAX_BYTES,
        "enable_SMTPUTF8": True,
        "ident": "Redress",
        "hostname": settings.MAIL_ADDRESS.rpartition("@")[2],
        "timeout": SILENCE_SECONDS,
        "loop": asyncio.get_running_loop(),
    }
    return Talk(Door(), **options)
