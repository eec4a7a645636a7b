"""Taking a complaint down while somebody is speaking: everything that was said, or nothing."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, IntakeConflict
from complaints.models import Case
from complaints.services.callbacks import ask_callback
from complaints.services.cases import touch
from complaints.services.conversation import write_note
from complaints.services.desk import accept_classified, take_down
from complaints.services.intake import ComplaintData, Receipt
from complaints.services.outside import OutsideBody, add_body, receive_outside


@dataclass(frozen=True)
class CallbackWish:
    """When somebody wants to be called, and in which language."""

    at: datetime
    language: str


@dataclass(frozen=True)
class ToldInPerson:
    """What the person was told there and then: accepted, what happens next, and by when."""

    category: str
    issue: str
    severity: str
    next_steps: str
    expected_on: date


@dataclass(frozen=True)
class AlsoFiled:
    """Another body that handed the same complaint on."""

    body: OutsideBody
    channel: str


@dataclass(frozen=True)
class Entry:
    """A complaint, and what else was said on the telephone or in the shop."""

    complaint: ComplaintData
    notes: str = ""
    read_back: bool = False
    callback: CallbackWish | None = None
    told: ToldInPerson | None = None
    outside: OutsideBody | None = None
    also: AlsoFiled | None = None

    def digest(self) -> str:
        """Return a digest of all that was said, to tell a repetition from another entry."""
        raw = json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(raw.encode()).hexdigest()


@transaction.atomic
def enter_complaint(entry: Entry, *, by: Actor, key: str) -> Receipt:
    """Take a complaint down with everything around it; the same `key` again is the same.

    Where another body's number has a case already, all of it is added there.

    What was told in person is the acceptance with next steps and date, and stops the 24 hours as
    such; a receipt alone never does. Raises IntakeConflict for a `key` that came with
    anything else, CaseError otherwise; then nothing is kept.
    """
    if entry.told is not None and not entry.read_back:
        raise CaseError(_("当场受理前，先把记下的读给对方听，并勾选已确认。"), field="read_back")
    receipt = _received(entry, by=by, key=key)
    if not (receipt.created or receipt.added):
        return receipt
    return replace(receipt, case=_with_the_rest(receipt.case, entry, by=by, key=key))


def _received(entry: Entry, *, by: Actor, key: str) -> Receipt:
    data, digest = entry.complaint, entry.digest()
    try:
        if entry.outside is None:
            return take_down(data, by=by, key=key, digest=digest)
        return receive_outside(data, entry.outside, by=by, key=f"desk:{key}", digest=digest)
    except IntakeConflict as conflict:
        raise IntakeConflict(
            _("这张登记表已经提交过，后来改的没有保存。请到那个案件里补充，或者另开一张。")
        ) from conflict


def _with_the_rest(case: Case, entry: Entry, *, by: Actor, key: str) -> Case:
    """Keep what was said around a complaint, in a new case or the one that was there."""
    if entry.notes.strip():
        case = write_note(case, by=by, body=entry.notes, nonce=f"entry:{key}")
    if entry.also is not None:
        case = _with_another_body(case, entry.also, by=by)
    if entry.read_back:
        case = touch(case, "read_back", by=by, data={"channel": entry.complaint.channel})
    if entry.callback is not None:
        wish = entry.callback
        case = ask_callback(case, wanted_at=wish.at, language=wish.language, by=by)
    if entry.told is not None:
        told = entry.told
        case = accept_classified(
            case,
            by=by,
            category=told.category,
            issue=told.issue,
            severity=told.severity,
            next_steps=told.next_steps,
            expected_on=told.expected_on,
        )
        case = touch(case, "told_in_person", by=by, data={"channel": entry.complaint.channel})
    return case


def _with_another_body(case: Case, also: AlsoFiled, *, by: Actor) -> Case:
    try:
        return add_body(case, also.body, channel=also.channel, by=by)
    except CaseError as refusal:
        names = {"external_reference": "also_reference", "external_deadline": "also_deadline"}
        refusal.field = names.get(refusal.field or "", "also_body")
        raise
