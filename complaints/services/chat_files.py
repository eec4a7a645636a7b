"""Files in a chat: taken in as evidence is, and evidence of the case that the chat ends in.

A file is stored, told apart by its bytes and scanned like any other. Who of staff looked at it
before there was a case is kept beside it and goes into the ledger of custody with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, Chat, ChatFile, CustodyEntry, Evidence
from complaints.moments import now
from complaints.services.cases import touch
from complaints.services.chatting import say
from complaints.services.custody import SAME_VISIT
from complaints.services.evidence import take_in_to_show
from complaints.states import ActorKind, Channel
from complaints.vault_states import CustodyKind
from documents.models import StoredFile
from documents.services.files import discard_unused, store_file
from documents.services.scanning import schedule_scans

MOST_FILES = 10
MOST_AT_ONCE = 5


def say_with_files(
    chat: Chat, *, by: Actor, text: str, nonce: str, uploads: Sequence[UploadedFile] = ()
) -> Chat:
    """Say something with files, or files alone; otherwise as `say`.

    Raises CaseError for too many files, FileRefused for one that can't be taken; then nothing is
    said and nothing kept. The same `nonce` again keeps nothing twice.
    """
    if not uploads:
        return say(chat, by=by, text=text, nonce=nonce)
    _check_count(chat, len(uploads))
    stored: list[StoredFile] = []
    try:
        for upload in uploads:
            take_in = store_file if by.kind == ActorKind.CONSUMER else take_in_to_show
            stored.append(take_in(upload, name=upload.name or ""))
        with transaction.atomic():
            chat = say(chat, by=by, text=text, nonce=nonce, with_files=True)
            _check_count(chat, len(uploads))
            _keep(chat, by=by, nonce=nonce, stored=stored)
    finally:
        # Whatever stood in the way, and where the line was said before: no bytes without a row.
        for each in stored:
            discard_unused(each)
    return chat


def _check_count(chat: Chat, more: int) -> None:
    if more > MOST_AT_ONCE:
        words = _("一次最多发 %(most)d 个文件，请分几次发。")
        raise CaseError(words % {"most": MOST_AT_ONCE}, field="files")
    if ChatFile.objects.filter(line__chat=chat).count() + more > MOST_FILES:
        words = _("一次对话最多 %(most)d 个文件。转成投诉以后可以再补。")
        raise CaseError(words % {"most": MOST_FILES}, field="files")


def _keep(chat: Chat, *, by: Actor, nonce: str, stored: list[StoredFile]) -> None:
    line = chat.lines.get(author_kind=by.kind, nonce=nonce)
    if line.files.exists():
        return
    ChatFile.objects.bulk_create(ChatFile(line=line, file=each) for each in stored)
    schedule_scans(stored)


@transaction.atomic
def note_look(file: ChatFile, *, by: Actor) -> None:
    """Remember that somebody of staff opened a file of a chat; once for a visit."""
    held = ChatFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    moment, who = now(), by.person.pk
    mine = [look for look in held.looks if look["by"] == who]
    if mine and moment - datetime.fromisoformat(mine[-1]["at"]) < SAME_VISIT:
        return
    held.looks = [*held.looks, {"by": who, "at": moment.isoformat()}]
    held.save(update_fields=["looks"])


def attach_files(chat: Chat, case: Case) -> Case:
    """Make the files of a chat evidence of a locked Case, received when they were sent.

    Whoever looked at them before stands in the ledger with the moment of the look.
    """
    files = ChatFile.objects.filter(line__chat=chat).select_related("file", "line__author")
    for each in files.order_by("pk"):
        line = each.line
        by = Actor.staff(line.author) if line.author is not None else Actor.consumer()
        case = touch(
            case, "evidence_added", by=by, data={"file": str(each.file_id)}, for_consumer=True
        )
        evidence = Evidence.objects.create(
            case=case,
            file=each.file,
            uploaded_by_kind=by.kind,
            uploaded_by=by.user,
            channel=Channel.ONLINE_CHAT,
            at=line.at,
        )
        _carry_looks(evidence, each.looks)
    return case


def _carry_looks(evidence: Evidence, looks: list[dict[str, Any]]) -> None:
    for look in looks:
        CustodyEntry.objects.create(
            evidence=evidence,
            kind=CustodyKind.VIEWED,
            actor_kind=ActorKind.STAFF,
            actor_id=look["by"],
            at=datetime.fromisoformat(look["at"]),
            file_sha256=evidence.file.sha256,
        )


def drop_files(chat_ids: Sequence[int]) -> int:
    """Throw away the files of chats; what is evidence of a case stays there."""
    files = list(ChatFile.objects.filter(line__chat__in=chat_ids).select_related("file"))
    ChatFile.objects.filter(pk__in=[each.pk for each in files]).delete()
    return sum(discard_unused(each.file) for each in files)
