"""Putting a mail where it belongs: a new case, or a message in one; its files become evidence."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from datetime import timedelta

from django.utils import translation
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.inbound.parsing import Attachment, ParsedMail
from complaints.models import Case, Evidence, InboundMail, IntakeDraft, OutboxMessage
from complaints.moments import now
from complaints.selectors.people import responsible_for
from complaints.services.cases import touch
from complaints.services.conversation import LONGEST_MESSAGE, write_message, write_note
from complaints.services.evidence import add_draft_file, add_evidence
from complaints.services.intake import ComplaintData, ContactData, submit_complaint
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.states import FINAL_STAGES, ActorKind, Channel
from documents.errors import FileRefused

LONGEST_TITLE = 120
MOST_REFUSALS_AN_HOUR = 3
TINY = 1024
"""An inline picture below this many bytes is a line, a dot or a logo of a signature."""
_MARKS = re.compile(r"^\s*((re|fw|fwd|aw|回复|答复|转发|回覆|轉寄)\s*[:：]\s*)+", re.IGNORECASE)
_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")

Refusals = list[dict[str, str]]


def open_case(mail: InboundMail, parsed: ParsedMail, *, by: Actor) -> Case:
    """Make a case of a mail; the same mail twice is one case. The sender gets the receipt.

    The complaint counts as received when the mail came, however long it waited for a decision.
    """
    language = language_of(f"{parsed.subject} {parsed.whole_text}")
    moment = now()
    draft = IntakeDraft.objects.create(language=language, created_at=moment, saved_at=moment)
    with translation.override(language):
        description, more = _fitting(parsed.whole_text or _stand_in(parsed))
        refusals = _take(
            [*_worth_keeping(parsed), *more],
            lambda file: add_draft_file(
                draft, upload=io.BytesIO(file.data), name=file.name, channel=Channel.EMAIL
            ),
        )
    data = ComplaintData(
        description=description,
        title=_MARKS.sub("", parsed.subject).strip()[:LONGEST_TITLE],
        channel=Channel.EMAIL,
        language=language,
        contact=ContactData(name=parsed.sender_name, email=parsed.sender),
    )
    receipt = submit_complaint(
        data,
        by=by,
        key=f"mail:{mail.digest[:59]}",
        draft_id=draft.pk,
        since=mail.received_at,
    )
    draft.delete()
    _tell_of_refusals(mail, receipt.case, refusals, by=by)
    return receipt.case


def join_case(mail: InboundMail, parsed: ParsedMail, case: Case) -> Case:
    """Make a mail the consumer's message in a case; who answers for an ended case is told too."""
    by, ended = Actor.consumer(), case.stage in FINAL_STAGES and case.owner is None
    with translation.override(case.consumer.language):
        body, more = _fitting(parsed.text or _stand_in(parsed))
    case = write_message(case, by=by, body=body, channel=Channel.EMAIL, nonce=mail.digest)
    if ended:
        users = responsible_for(case)
        tell_staff(case, "consumer_wrote", users=users, key=f"mail:{mail.pk}")
    with translation.override(case.consumer.language):
        refusals = _add_files(case, [*_worth_keeping(parsed), *more], by=by)
    _tell_of_refusals(mail, case, refusals, by=by)
    return case


def note_in_case(mail: InboundMail, parsed: ParsedMail, case: Case, *, by: Actor) -> Case:
    """Make a mail of somebody else a note of staff in a case; the consumer sees none of it."""
    head = _("来自 %(name)s 的邮件：%(subject)s") % {
        "name": f"{parsed.sender_name} <{parsed.sender}>".strip(),
        "subject": parsed.subject,
    }
    body, more = _fitting(f"{head}\n\n{parsed.whole_text}".strip())
    case = write_note(case, by=by, body=body, nonce=mail.digest)
    refusals = _add_files(case, [*_worth_keeping(parsed), *more], by=by)
    _tell_of_refusals(mail, case, refusals, by=by)
    return case


def language_of(text: str) -> str:
    """Return the language that a text is written in, of those that we answer in."""
    if _CHINESE.search(text) or not _LATIN.search(text):
        return "zh-hans"
    return "en"


def _stand_in(parsed: ParsedMail) -> str:
    if parsed.attachments:
        return _("（邮件没有正文，只有附件。）")
    return parsed.subject or _("（邮件没有正文。）")


def _fitting(text: str) -> tuple[str, list[Attachment]]:
    """Return a text that fits a message, and the whole of it as a file where it had to be cut."""
    if len(text) <= LONGEST_MESSAGE:
        return text, []
    name = _("邮件全文.txt")
    mark = _("……（邮件很长，全文见附件「%(name)s」）") % {"name": name}
    short = text[: LONGEST_MESSAGE - len(mark) - 2].rstrip()
    return f"{short}\n\n{mark}", [Attachment(name=name, data=text.encode())]


def _worth_keeping(parsed: ParsedMail) -> list[Attachment]:
    """Return files but for dots and lines of signatures, each once."""
    kept: dict[str, Attachment] = {}
    for file in parsed.attachments:
        if not (file.is_inline and 0 < len(file.data) < TINY):
            kept.setdefault(f"{hashlib.sha256(file.data).hexdigest()} {len(file.data)}", file)
    return list(kept.values())


def _add_files(case: Case, files: list[Attachment], *, by: Actor) -> Refusals:
    """Add what the case does not hold yet; programs send pictures of earlier mails again."""
    held = set(Evidence.objects.filter(case=case).values_list("file__sha256", flat=True))
    new = [file for file in files if hashlib.sha256(file.data).hexdigest() not in held]
    shown = by.kind == ActorKind.CONSUMER
    return _take(
        new,
        lambda file: add_evidence(
            case,
            by=by,
            upload=io.BytesIO(file.data),
            name=file.name,
            for_consumer=shown,
            channel=Channel.EMAIL,
        ),
    )


def _take(files: list[Attachment], keep: Callable[[Attachment], Evidence]) -> Refusals:
    refusals: Refusals = []
    for file in files:
        try:
            keep(file)
        except (FileRefused, CaseError) as refusal:
            refusals.append({"name": file.name[:150], "why": str(refusal)})
    return refusals


def _tell_of_refusals(mail: InboundMail, case: Case, refusals: Refusals, *, by: Actor) -> None:
    """Put files that were not taken into the log, and tell their sender how to send them anew."""
    if not refusals:
        return
    touch(
        case, "mail_files_refused", by=by, data={"count": len(refusals)}, text={"files": refusals}
    )
    recent = OutboxMessage.objects.filter(
        case=case, kind="files_refused", created_at__gt=now() - timedelta(hours=1)
    )
    if by.kind == ActorKind.CONSUMER and recent.count() < MOST_REFUSALS_AN_HOUR:
        tell_consumer(
            case, "files_refused", key=f"mail-files:{mail.pk}", secret={"files": refusals}
        )
