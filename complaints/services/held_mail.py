"""What people do about mail: make a case of it, put it into one, or leave it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.inbound.parsing import ParsedMail, parse_mail
from complaints.models import Case, InboundMail, MailAct
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.filing import join_case, note_in_case, open_case
from complaints.services.receiving import Verdict, settle
from complaints.states import MailFate

OPEN_FATES = frozenset({MailFate.HELD, MailFate.IGNORED})
"""Whatever a rule held or passed over, a person may still put right."""


def record_look(mail: InboundMail, *, by: Actor) -> None:
    """Write down that somebody read a mail; once an hour is enough."""
    _check(by)
    looks = MailAct.objects.filter(mail=mail, kind=MailAct.Kind.LOOK, by=by.person)
    if looks.filter(at__gt=now() - timedelta(hours=1)).exists():
        return
    MailAct.objects.create(mail=mail, kind=MailAct.Kind.LOOK, by=by.person, at=now())


@transaction.atomic
def make_case_of(mail: InboundMail, *, by: Actor) -> Case:
    """Make a case of a mail, as if its sender's mail had opened it.

    Raises CaseError for a mail that somebody decided on before, that was thrown away, or that has
    no sender whom a receipt could reach.
    """
    mail, parsed = _open_mail(mail, by=by)
    if not parsed.sender:
        raise CaseError(_("这封邮件没有可用的发件地址，请用「登记投诉」录入。"))
    case = open_case(mail, parsed, by=Actor.consumer())
    _decide(mail, Verdict(MailFate.CASE, "by_hand", case), MailAct.Kind.MAKE_CASE, by=by)
    return case


@transaction.atomic
def put_into_case(mail: InboundMail, case: Case, *, as_consumer: bool, by: Actor) -> Case:
    """Put a mail into a case: as the consumer's own message, or as a note that stays inside.

    Raises CaseError as `make_case_of` does.
    """
    mail, parsed = _open_mail(mail, by=by)
    kind = MailAct.Kind.JOIN
    if as_consumer:
        case = join_case(mail, parsed, case)
    else:
        kind = MailAct.Kind.NOTE
        case = note_in_case(mail, parsed, case, by=by)
    _decide(mail, Verdict(MailFate.JOINED, "by_hand", case), kind, by=by)
    return case


@transaction.atomic
def discard_mail(mail: InboundMail, *, reason: str, by: Actor) -> InboundMail:
    """Leave a held mail, for a reason. Raises CaseError without one, or once it is decided on."""
    if not reason.strip():
        raise CaseError(_("请写明为什么不处理。"), field="reason")
    mail = _locked(mail, by=by)
    if mail.fate != MailFate.HELD:
        raise CaseError(_("这封邮件已经处理过了。"))
    verdict = Verdict(MailFate.DISCARDED, mail.reason)
    _decide(mail, verdict, MailAct.Kind.DISCARD, by=by, reason=reason.strip())
    return mail


def _check(by: Actor) -> None:
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能处理来信。"))


def _locked(mail: InboundMail, *, by: Actor) -> InboundMail:
    _check(by)
    return InboundMail.objects.select_for_update().get(pk=mail.pk)


def _open_mail(mail: InboundMail, *, by: Actor) -> tuple[InboundMail, ParsedMail]:
    mail = _locked(mail, by=by)
    if mail.fate not in OPEN_FATES:
        raise CaseError(_("这封邮件已经处理过了。"))
    if not mail.is_kept:
        raise CaseError(_("这封邮件的内容已经按期清除，只留下了处理结果。"))
    return mail, parse_mail(mail.raw)


def _decide(mail: InboundMail, verdict: Verdict, kind: str, *, by: Actor, reason: str = "") -> None:
    settle(mail, verdict)
    MailAct.objects.create(mail=mail, kind=kind, by=by.person, at=now(), reason=reason[:200])
