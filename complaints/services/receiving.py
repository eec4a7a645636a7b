"""Mail on its way in: stored as it came, then decided on, once, whatever breaks in between.

Storing and deciding are two transactions. Who dies while deciding leaves a mail whose turn comes
again after some minutes; one that breaks five tries is held for a person.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction

from complaints import sealing
from complaints.actors import Actor
from complaints.inbound.automatic import is_going_round, reason_automatic, sounds_automatic
from complaints.inbound.identity import mail_digest
from complaints.inbound.parsing import ParsedMail, parse_mail
from complaints.mail_names import notice_named
from complaints.models import Case, InboundMail, Notification
from complaints.moments import now
from complaints.selectors import inbound
from complaints.selectors.people import all_managers
from complaints.services.filing import join_case, open_case
from complaints.services.outbox import record_bounce, tell_staff
from complaints.services.queueing import nudge_mail
from complaints.states import MailFate

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 5
MOST_CASES_AN_HOUR = 5
MOST_MAILS_AN_HOUR = 60
LONGEST_KEPT_TEXT = 20_000
_SETTLED = (
    "fate",
    "reason",
    "case",
    "handled_at",
    "sealed",
    "message_id_index",
    "sender_index",
)


def store_mail(raw: bytes, *, door: str, is_cut: bool = False) -> tuple[InboundMail, bool]:
    """Keep a mail as it came, sealed; return its row, and whether it is new.

    `is_cut` says that `raw` is only the head of a mail that is too large to take.
    """
    digest, moment, key = mail_digest(raw), now(), sealing.new_person_key()
    mail = InboundMail(
        digest=digest,
        door=door,
        key_sealed=key,
        sealed=sealing.seal(key, {"is_cut": True}) if is_cut else b"",
        raw_sealed=sealing.seal_bytes(key, raw),
        size=len(raw),
        received_at=moment,
        next_at=moment,
    )
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        return InboundMail.objects.get(digest=digest), False
    return mail, True


def take_mail(raw: bytes, *, door: str) -> bool:
    """Store a mail and ask a worker to decide on it now; say whether it is new."""
    mail, is_new = store_mail(raw, door=door)
    if mail.fate == MailFate.WAITING:
        transaction.on_commit(nudge_mail)
    return is_new


def handle_waiting(*, limit: int = 50) -> int:
    """Decide on stored mails, the oldest first; return how many. Safe to run many times at once."""
    done = 0
    for _number in range(limit):
        mail = _leased()
        if mail is None:
            break
        done += _handled(mail)
    return done


def _leased() -> InboundMail | None:
    with transaction.atomic():
        mail = (
            InboundMail.objects.select_for_update(skip_locked=True)
            .filter(fate=MailFate.WAITING, next_at__lte=now())
            .order_by("next_at", "pk")
            .first()
        )
        if mail is not None:
            mail.attempts, mail.next_at = mail.attempts + 1, now() + LEASE * mail.attempts + LEASE
            mail.save(update_fields=["attempts", "next_at"])
    return mail


def _handled(leased: InboundMail) -> bool:
    try:
        with transaction.atomic():
            mail = InboundMail.objects.select_for_update().get(pk=leased.pk)
            if mail.fate != MailFate.WAITING:
                return False
            verdict = _judged(mail) if leased.attempts <= MOST_ATTEMPTS else Verdict.hold("error")
            settle(mail, verdict)
            if verdict.fate == MailFate.HELD:
                _tell_managers(mail)
    except Exception as error:
        # One mail that trips us up must not hold up the others.
        logger.warning("mail_not_handled", extra={"mail": leased.pk, "error": type(error).__name__})
        return False
    return True


@dataclass(frozen=True)
class Verdict:
    """What becomes of a mail, why, and in which case."""

    fate: str
    reason: str = ""
    case: Case | None = None

    @classmethod
    def hold(cls, reason: str, case: Case | None = None) -> Verdict:
        """A person decides."""
        return cls(MailFate.HELD, reason, case)

    @classmethod
    def ignore(cls, reason: str, case: Case | None = None) -> Verdict:
        """Nothing happens, and nobody gets an answer."""
        return cls(MailFate.IGNORED, reason, case)


def settle(mail: InboundMail, verdict: Verdict) -> None:
    """Write down what became of a mail."""
    mail.fate, mail.reason, mail.case = verdict.fate, verdict.reason, verdict.case
    mail.handled_at = now()
    mail.save(update_fields=_SETTLED)


def _judged(mail: InboundMail) -> Verdict:
    parsed, is_cut = parse_mail(mail.raw), bool(mail.content.get("is_cut"))
    mail.sealed = sealing.seal(mail.key_sealed, _summary(parsed, is_cut=is_cut))
    mail.message_id_index = inbound.message_id_index(parsed)
    mail.sender_index = inbound.sender_index(parsed)
    return _from_a_machine(parsed) or _doubtful(parsed, is_cut=is_cut) or _filed(mail, parsed)


def _summary(parsed: ParsedMail, *, is_cut: bool) -> dict[str, object]:
    return {
        "from": parsed.sender,
        "name": parsed.sender_name,
        "subject": parsed.subject,
        "sent_at": parsed.sent_at.isoformat() if parsed.sent_at else "",
        "text": parsed.whole_text[:LONGEST_KEPT_TEXT],
        "files": [{"name": file.name, "size": len(file.data)} for file in parsed.attachments],
        "is_cut": is_cut,
    }


def _from_a_machine(parsed: ParsedMail) -> Verdict | None:
    if parsed.report is not None:
        return _bounce(parsed)
    if inbound.is_from_us(parsed) or is_going_round(parsed):
        return Verdict.ignore("loop")
    reason = reason_automatic(parsed)
    return Verdict.ignore(reason) if reason else None


def _bounce(parsed: ParsedMail) -> Verdict:
    report = parsed.report
    notice = notice_named(report.message_id) if report and report.message_id else None
    if report is None or notice is None:
        return Verdict.ignore("bounce_unknown")
    if report.action != "failed":
        return Verdict.ignore("report", notice.case)
    record_bounce(notice, status=report.status)
    return Verdict.ignore("bounce", notice.case)


def _doubtful(parsed: ParsedMail, *, is_cut: bool) -> Verdict | None:
    if is_cut:
        return Verdict.hold("too_large")
    if not parsed.sender:
        return Verdict.hold("no_sender")
    if inbound.is_forged(parsed):
        return Verdict.hold("forged")
    if sounds_automatic(parsed):
        return Verdict.hold("absence")
    if parsed.headers.get("x-spam-flag", "").strip().lower() == "yes":
        return Verdict.hold("spam")
    if parsed.is_empty:
        return Verdict.hold("broken" if parsed.is_broken else "empty")
    return None


def _filed(mail: InboundMail, parsed: ParsedMail) -> Verdict:
    moment, sender = now(), mail.sender_index
    named = inbound.cases_named(parsed)
    mine = next((case for case in named if inbound.is_from_consumer(case, parsed)), None)
    if inbound.is_repeated_id(mail):
        return Verdict.hold("repeated_id", mine)
    if inbound.mails_of_sender(sender, moment=moment) >= MOST_MAILS_AN_HOUR:
        return Verdict.hold("too_many", mine)
    if mine is not None:
        return Verdict(MailFate.JOINED, case=join_case(mail, parsed, mine))
    if named:
        return Verdict.hold("other_sender", named[0])
    made = inbound.mails_of_sender(sender, moment=moment, fates=(MailFate.CASE,))
    if made >= MOST_CASES_AN_HOUR:
        return Verdict.hold("too_many")
    return Verdict(MailFate.CASE, case=open_case(mail, parsed, by=Actor.consumer()))


def _tell_managers(mail: InboundMail) -> None:
    """Put one notice on the desks of managers who have no unread one about held mail."""
    unread = Notification.objects.filter(kind="mail_held", read_at=None)
    told = set(unread.values_list("user_id", flat=True))
    users = [user for user in all_managers() if user.pk not in told]
    tell_staff(None, "mail_held", users=users, key=f"mail-held:{mail.pk}", data={"mail": mail.pk})
