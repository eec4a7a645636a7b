"""The mail that a development machine keeps in a folder, read back for its own screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

FOLDER_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
SEPARATOR = "-" * 79
SMS_SUFFIX = ".sms.txt"


@dataclass(frozen=True)
class KeptMessage:
    """One mail or SMS as it was sent."""

    name: str
    kind: str
    to: str
    subject: str
    body: str
    at: datetime


def mail_stays_here() -> bool:
    """Say whether mail is kept on this machine, so that its screen exists; never in production."""
    return not settings.PRODUCTION and settings.EMAIL_BACKEND == FOLDER_BACKEND


def kept_messages(folder: Path, *, most: int = 100) -> list[KeptMessage]:
    """Return the newest messages of the folder, newest first."""
    if not folder.is_dir():
        return []
    paths = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    messages: list[KeptMessage] = []
    for path in paths[:most]:
        messages.extend(_read(path))
    return messages[:most]


def _read(path: Path) -> list[KeptMessage]:
    text = path.read_text(encoding="utf-8", errors="replace")
    at = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    if path.name.endswith(SMS_SUFFIX):
        head, _, body = text.partition("\n\n")
        return [KeptMessage(path.name, "sms", head.removeprefix("To: "), "", body.strip(), at)]
    parts = [part.strip() for part in text.split(SEPARATOR) if part.strip()]
    return [_mail(path, part, at) for part in reversed(parts)]


def _mail(path: Path, raw: str, at: datetime) -> KeptMessage:
    message = message_from_string(raw, _class=EmailMessage, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    return KeptMessage(
        name=path.name,
        kind="mail",
        to=str(message["To"]),
        subject=str(message["Subject"]),
        body=body.get_content().strip() if body else "",
        at=at,
    )
