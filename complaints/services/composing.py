"""Writing a reply or a note: kept as one writes, sent with a wait in which it can be taken back.

A reply that waits is a row with the moment at which it goes. `release_due` makes it a message; it
and `undo_reply` lock the row, so exactly one of the two happens. Whatever dies in between, the row
is still there, and the next call of the worker sends it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, ReplyOvertaken
from complaints.models import Case, DraftFile, ReplyDraft
from complaints.moments import now
from complaints.phrases import filled
from complaints.selectors.composing import others_said_since, waiting_replies
from complaints.selectors.phrases import values_for
from complaints.services.conversation import check_body, was_said, write_message, write_note
from complaints.services.evidence import MOST_FILES, attach_stored, take_in_to_show
from complaints.services.locking import locked_case
from complaints.states import MessageKind
from documents.errors import FileRefused
from documents.models import StoredFile
from documents.services.files import discard_unused, store_file

logger = logging.getLogger(__name__)
LONGEST_DRAFT = 50_000
DRAFTS_KEPT = timedelta(days=90)


def _lock_drafts(case: Case, by: Actor) -> None:
    """Let one at a time work on what a person writes in a case."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('complaints.drafts'), hashtext(%s))",
            [f"{case.pk}:{by.person.pk}"],
        )


def _own(case: Case, by: Actor, kind: str) -> ReplyDraft | None:
    drafts = ReplyDraft.objects.filter(case=case, author=by.person, kind=kind, goes_at=None)
    return drafts.select_for_update().first()


@transaction.atomic
def keep_draft(
    case: Case,
    *,
    by: Actor,
    kind: str,
    text: str,
    files: Sequence[UploadedFile] = (),
    seen: int | None = None,
    nonce: str | None = None,
) -> int:
    """Keep what somebody has written so far, and return the draft's version (0: none is needed).

    `seen` is the version that the page knows (0: none): raises DraftChanged when another browser
    kept something else since. `nonce` is the page's: what was sent from it is not kept again. A
    file that can't be taken raises FileRefused; then nothing is kept.
    """
    if len(text) > LONGEST_DRAFT:
        raise CaseError(_("草稿太长，没有保存。请删去一些。"), field="text")
    _lock_drafts(case, by)
    if nonce and is_sent(case, by, nonce):
        return 0
    draft = _own(case, by, kind)
    if draft is None and not text.strip() and not files:
        return 0
    if draft is not None and _is_anothers(draft, seen=seen, text=text):
        raise DraftChanged(_("你在另一个窗口改过这份草稿。刷新后能看到那一份。"), field="text")
    draft = draft or ReplyDraft(case=case, author=by.person, kind=kind, version=0)
    draft.text, draft.saved_at = text, now()
    draft.version += 1
    draft.save()
    _take_in(draft, files)
    return draft.version


def _is_anothers(draft: ReplyDraft, *, seen: int | None, text: str) -> bool:
    """Say whether a draft holds what another browser kept since the page knew version `seen`."""
    return seen is not None and draft.version != seen and draft.text.strip() != text.strip()


def is_sent(case: Case, by: Actor, nonce: str) -> bool:
    """Say whether a post was taken before: as a reply that waits, or a message or note."""
    waits = ReplyDraft.objects.filter(case=case, author=by.person, nonce=nonce)
    return waits.exists() or was_said(case, by=by, nonce=nonce)


def _take_in(draft: ReplyDraft, files: Sequence[UploadedFile]) -> None:
    if draft.files.count() + draft.case.evidence.count() + len(files) > MOST_FILES and files:
        raise CaseError(
            _("一个案件最多 %(files)d 个文件，共 300 MB。") % {"files": MOST_FILES}, field="files"
        )
    for file in files:
        keep = take_in_to_show if draft.kind == MessageKind.MESSAGE else store_file
        DraftFile.objects.create(draft=draft, file=keep(file, name=file.name or ""))


def keep_what_can_be(
    case: Case,
    *,
    by: Actor,
    kind: str,
    text: str,
    files: Iterable[UploadedFile] = (),
    seen: int | None = None,
) -> None:
    """Keep the words of a refused post, and of its files those that can be taken.

    What another browser kept since version `seen` stands above them.
    """
    words = text[:LONGEST_DRAFT]
    try:
        keep_draft(case, by=by, kind=kind, text=words, seen=seen)
    except DraftChanged:
        words = put_below(case, by=by, kind=kind, text=words)
    for file in files:
        file.seek(0)
        try:
            keep_draft(case, by=by, kind=kind, text=words, files=[file])
        except (FileRefused, CaseError):
            logger.info("draft_file_refused", extra={"case": case.pk})


@transaction.atomic
def put_below(case: Case, *, by: Actor, kind: str, text: str) -> str:
    """Put a text below what somebody has written so far, and return all of it."""
    _lock_drafts(case, by)
    draft = _own(case, by, kind)
    begun = draft.text.rstrip() if draft is not None else ""
    whole = f"{begun}\n\n{text}" if begun else text
    keep_draft(case, by=by, kind=kind, text=whole[:LONGEST_DRAFT])
    return whole[:LONGEST_DRAFT]


@transaction.atomic
def remove_draft_file(case: Case, file_id: int, *, by: Actor) -> None:
    """Take a file off one's own draft; what is not there any more does nothing."""
    _lock_drafts(case, by)
    row = (
        DraftFile.objects.filter(pk=file_id, draft__case=case, draft__author=by.person)
        .filter(draft__goes_at=None)
        .select_related("file")
        .first()
    )
    if row is not None:
        stored = row.file
        row.delete()
        discard_unused(stored)


@transaction.atomic
def send_reply(
    case: Case,
    *,
    by: Actor,
    text: str,
    files: Sequence[UploadedFile] = (),
    nonce: str | None = None,
    loaded: datetime | None = None,
    seen: int | None = None,
    with_draft: bool = True,
    wait: int | None = None,
) -> datetime | None:
    """Send a reply with its files and those of the draft; return when it goes (None: it is gone).

    It waits `wait` seconds, else the usual time.
    Variables in the text get the case's values. The same `nonce` again changes nothing. A draft
    that another browser kept since version `seen` stays one; so does every draft when the text was
    not written in it (`with_draft` False). Raises CaseError for a variable that is unknown or blank
    here, and for an empty or overlong text; ReplyOvertaken when a colleague has answered since the
    page was `loaded`; FileRefused.
    """
    case = locked_case(case)
    _lock_drafts(case, by)
    if nonce and is_sent(case, by, nonce):
        return None
    overtaken = others_said_since(case, by.person, loaded) if loaded else ""
    if overtaken:
        raise ReplyOvertaken(
            _("你在写的时候，%(name)s也回复了。看看最新的消息，再决定要不要发。")
            % {"name": overtaken}
        )
    draft = None
    if with_draft:
        draft = _draft_to_send(case, by, MessageKind.MESSAGE, seen=seen, text=text)
    words = text_with_values(case, by=by, text=text)
    check_body(words, with_files=bool(files) or (draft is not None and draft.files.exists()))
    draft = draft or ReplyDraft(
        case=case, author=by.person, kind=MessageKind.MESSAGE, saved_at=now()
    )
    moment = now()
    draft.text, draft.saved_at, draft.nonce = words, moment, nonce or ""
    wait = settings.UNDO_SECONDS if wait is None else wait
    draft.goes_at = moment + timedelta(seconds=wait)
    draft.version += 1
    draft.save()
    _take_in(draft, files)
    if not wait:
        _send(case, draft)
        return None
    return draft.goes_at


def _draft_to_send(
    case: Case, by: Actor, kind: str, *, seen: int | None, text: str
) -> ReplyDraft | None:
    draft = _own(case, by, kind)
    if draft is None or _is_anothers(draft, seen=seen, text=text):
        return None
    # Who saw no draft saw none of its files, even when they wrote the same words.
    return None if seen == 0 and draft.files.exists() else draft


def text_with_values(case: Case, *, by: Actor, text: str) -> str:
    """Return a text with the case's values; raises CaseError that names what has none."""
    values = values_for(case, me=by.user, language=case.consumer.language or case.language)
    done = filled(text, values)
    if done.unknown:
        raise CaseError(
            _("不认识的变量：%(names)s。请改成列出的变量，或者直接写内容。")
            % {"names": _listed(done.unknown)},
            field="text",
        )
    if done.blank:
        raise CaseError(
            _("这起投诉没有这些内容：%(names)s。请先登记，或者直接写在回复里。")
            % {"names": _listed(done.blank)},
            field="text",
        )
    return done.text


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"{{{{{name}}}}}" for name in names)


@transaction.atomic
def send_note(
    case: Case,
    *,
    by: Actor,
    text: str,
    files: Sequence[UploadedFile] = (),
    nonce: str | None = None,
    mention: Iterable[int] = (),
    seen: int | None = None,
    with_draft: bool = True,
) -> Case:
    """Write a note with its files and those of the draft, and tell whom it calls; see `write_note`.

    The same `nonce` again changes nothing; `seen` and `with_draft` are as in `send_reply`.
    """
    case = locked_case(case)
    _lock_drafts(case, by)
    if nonce and was_said(case, by=by, nonce=nonce):
        return case
    draft = None
    if with_draft:
        draft = _draft_to_send(case, by, MessageKind.NOTE, seen=seen, text=text)
    stored = _stored_of(draft) if draft is not None else []
    check_body(text, with_files=bool(files or stored))
    case = write_note(case, by=by, body=_said_with(text), nonce=nonce, mention=mention)
    stored += [store_file(file, name=file.name or "") for file in files]
    if draft is not None:
        draft.delete()
    for each in stored:
        attach_stored(case, each, by=by, for_consumer=False)
    return case


def _said_with(text: str) -> str:
    """Return the words of a message with files; it is one even when the files stand alone."""
    return text if text.strip() else _("（附件）")


def _stored_of(draft: ReplyDraft) -> list[StoredFile]:
    return [row.file for row in draft.files.select_related("file").order_by("pk")]


@transaction.atomic
def undo_reply(case: Case, reply_id: int, *, by: Actor) -> bool:
    """Bring one's own waiting reply back into the draft; False when it has gone out already.

    What was begun since stands below it in the draft; its files come back too.
    """
    _lock_drafts(case, by)
    waiting = ReplyDraft.objects.filter(
        pk=reply_id, case=case, author=by.person, goes_at__isnull=False
    )
    reply = waiting.select_for_update().first()
    if reply is None:
        return False
    begun = _own(case, by, MessageKind.MESSAGE)
    if begun is not None:
        reply.text = "\n\n".join(text for text in (reply.text, begun.text) if text.strip())
        reply.version = max(reply.version, begun.version)
        begun.files.update(draft=reply)
        begun.delete()
    reply.goes_at, reply.nonce = None, ""
    reply.saved_at = now()
    reply.version += 1
    reply.save()
    return True


def release_due(*, most: int = 100) -> int:
    """Send every reply whose wait is over, and return how many; safe to run many times at once.

    One that raises is logged and tried again by the next call; it holds up no other.
    """
    due = waiting_replies(before=now()).values_list("case_id", flat=True)
    return sum(_released(case_id) for case_id in dict.fromkeys(due[:most]))


def _released(case_id: int) -> int:
    try:
        return _release_case(case_id)
    except Exception as error:
        # What one reply trips over must not hold up the others.
        if isinstance(error, DatabaseError | InterfaceError) and not connection.is_usable():
            raise
        logger.exception("reply_not_released", extra={"case": case_id})
        return 0


@transaction.atomic
def _release_case(case_id: int) -> int:
    case = locked_case(Case(pk=case_id))
    due = waiting_replies(before=now()).filter(case=case).select_related("author")
    replies = list(due.select_for_update(of=("self",)))
    for reply in replies:
        case = _send(case, reply)
    return len(replies)


def _send(case: Case, reply: ReplyDraft) -> Case:
    """Make a waiting reply a message of a locked Case, with its files."""
    by, stored = Actor.staff(reply.author), _stored_of(reply)
    with translation.override(case.consumer.language or case.language):
        body = _said_with(reply.text)
    case = write_message(case, by=by, body=body, nonce=reply.nonce or None)
    reply.delete()
    for each in stored:
        attach_stored(case, each, by=by, for_consumer=True)
    return case


def purge_old_drafts() -> int:
    """Delete drafts that nobody touched for long, with their files; return how many."""
    old = ReplyDraft.objects.filter(goes_at=None, saved_at__lt=now() - DRAFTS_KEPT)
    gone = 0
    for draft in old.order_by("pk")[:1000]:
        with transaction.atomic():
            stored = _stored_of(draft)
            gone += draft.delete()[0]
            for each in stored:
                discard_unused(each)
    return gone
