"""Fetching mail from a mailbox (IMAP): each mail is stored first, then put away in the mailbox."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from complaints.models import MailboxState
from complaints.moments import now
from complaints.selectors.people import all_managers
from complaints.services.outbox import tell_staff
from complaints.services.receiving import store_mail
from complaints.states import MailDoor

logger = logging.getLogger(__name__)
TIMEOUT = 15.0
MOST_MAILS = 100
MOST_SECONDS = 45.0
SILENT = timedelta(minutes=15)
STAYS = "-"
"""As the name of the folder for what is done: mails stay where they are and are marked as read."""
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_BOXES: dict[str, Callable[..., BaseMailBox]] = {
    "ssl": MailBox,
    "starttls": MailBoxStartTls,
    "none": MailBoxUnencrypted,
}


class NotHandedOver(imaplib.IMAP4.error):
    """The server lists a mail and doesn't give it now; it stays where it is for the next time."""


def poll_mailbox() -> int:
    """Store what waits in the mailbox; return how many mails were new. Nothing when none is set.

    A mail leaves the inbox only after it is stored, and one that comes again is the same mail:
    whoever is killed in between loses nothing and does nothing twice.
    """
    if not settings.IMAP_HOST:
        return 0
    try:
        fresh = _fetched()
    except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
        # Only the kind of error: a server's own words may hold a password.
        logger.warning("mailbox_unreachable", extra={"error": type(error).__name__})
        _note_failure(type(error).__name__)
        return 0
    MailboxState.objects.update_or_create(
        name=_name(),
        defaults={"reached_at": now(), "failing_since": None, "error": "", "told_at": None},
    )
    return fresh


def _name() -> str:
    return f"{settings.IMAP_USER}@{settings.IMAP_HOST}"[:64]


@contextlib.contextmanager
def _open_box() -> Iterator[BaseMailBox]:
    """Log in and open the folder; the connection ends whatever happens."""
    box = _BOXES[settings.IMAP_SECURITY](
        settings.IMAP_HOST, port=settings.IMAP_PORT, timeout=TIMEOUT
    )
    try:
        box.login(settings.IMAP_USER, settings.IMAP_PASSWORD, settings.IMAP_FOLDER)
        yield box
    finally:
        with contextlib.suppress(ImapToolsError, imaplib.IMAP4.error, OSError):
            box.logout()
        with contextlib.suppress(OSError):
            box.client.shutdown()


def _fetched() -> int:
    begun, fresh, refused = time.monotonic(), 0, 0
    with _open_box() as box:
        stays = settings.IMAP_DONE_FOLDER == STAYS
        uids = box.uids("UNSEEN" if stays else "ALL")
        if uids and not stays and not box.folder.exists(settings.IMAP_DONE_FOLDER):
            box.folder.create(settings.IMAP_DONE_FOLDER)
        for uid in uids[:MOST_MAILS]:
            try:
                raw, is_cut = _read(box, uid)
            except NotHandedOver:
                refused += 1
                continue
            if raw is not None:
                fresh += store_mail(raw, door=MailDoor.IMAP, is_cut=is_cut)[1]
                _put_away(box, uid, stays=stays)
            if time.monotonic() - begun > MOST_SECONDS:
                break
    if refused:
        raise NotHandedOver(f"{refused} mails")
    return fresh


def _read(box: BaseMailBox, uid: str) -> tuple[bytes | None, bool]:
    """Return one mail, and whether it is only the head of one that is too large.

    None is for a mail that somebody else took meanwhile. Raises NotHandedOver.
    """
    told = _asked(box, uid, "(RFC822.SIZE)")
    found = next((match for each in told if (match := _SIZE.search(_head(each)))), None)
    is_cut = found is not None and int(found.group(1)) > settings.MAIL_MAX_BYTES
    answer = _asked(box, uid, "(BODY.PEEK[HEADER])" if is_cut else "(BODY.PEEK[])")
    return next((each[1] for each in answer if isinstance(each, tuple)), None), is_cut


def _asked(box: BaseMailBox, uid: str, part: str) -> list[object]:
    kind, answer = box.client.uid("fetch", uid, part)
    if kind != "OK":
        raise NotHandedOver(kind)
    return list(answer)


def _head(answer: object) -> bytes:
    if isinstance(answer, tuple):
        return bytes(answer[0])
    return answer if isinstance(answer, bytes) else b""


def _put_away(box: BaseMailBox, uid: str, *, stays: bool) -> None:
    if stays:
        box.flag([uid], ["\\Seen"], True)
    else:
        box.move([uid], settings.IMAP_DONE_FOLDER)


@transaction.atomic
def _note_failure(code: str) -> None:
    """Remember since when the mailbox can't be reached; tell managers once when it lasts."""
    state, _new = MailboxState.objects.select_for_update().get_or_create(name=_name())
    moment = now()
    state.failing_since, state.error = state.failing_since or moment, code[:40]
    if state.told_at is None and moment - state.failing_since >= SILENT:
        state.told_at = moment
        key = f"mailbox:{state.failing_since:%Y%m%d%H%M}"
        tell_staff(None, "mailbox_unreachable", users=all_managers(), key=key)
    state.save()
