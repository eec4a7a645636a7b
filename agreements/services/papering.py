"""Print, sign, send a scan: the fallback for people who can't or won't sign on a screen.

What the consumer sends counts once a colleague has compared it with the text. It came in time if
it was handed in before the date to sign by, however long our check takes.
"""

from __future__ import annotations

from datetime import date
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today
from agreements.errors import SigningClosed
from agreements.models import Agreement, PaperCopy
from agreements.selectors.agreements import waiting_paper
from agreements.services.rights import locked_agreement, require
from agreements.services.signing import (
    check_open,
    fresh_agreement,
    has_signed,
    put_signature,
)
from agreements.services.turns import our_turn, signers_turn
from agreements.states import CheckStatus, SignerRole, SignMethod
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.people import responsible_for
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.outbox import has_address, tell_consumer, tell_staff
from complaints.states import ActorKind, ClockKind
from documents.filetypes import EVIDENCE
from documents.models import StoredFile
from documents.services.files import discard_file, store_file


def record_paper_signature(
    agreement: Agreement, *, by: Actor, scan: IO[bytes], scan_name: str, signed_on: date
) -> Agreement:
    """Record that the consumer signed the printed text, with a scan that the desk made of it.

    Raises CaseError for a day in the future, FileRefused for a file that is no picture or PDF.
    """
    require(by, Permission.HANDLE_CASE)
    agreement = fresh_agreement(agreement)
    check_open(agreement, role=SignerRole.CONSUMER)
    _check_day(agreement, signed_on)
    stored = store_file(scan, name=scan_name, allow=EVIDENCE)
    try:
        return _put(agreement, by=by, scan=stored, signed_on=signed_on)
    except CaseError:
        discard_file(stored)
        raise


def _check_day(agreement: Agreement, signed_on: date) -> None:
    if signed_on > today():
        raise CaseError(_("签名日期不能晚于今天。"), field="signed_on")
    offered = agreement.offered_at
    if offered is not None and signed_on < working_calendar().local_date(offered):
        raise CaseError(_("签名日期不能早于协议定稿的日期。"), field="signed_on")


def _put(
    agreement: Agreement, *, by: Actor, scan: StoredFile, signed_on: date, **more: Any
) -> Agreement:
    return put_signature(
        agreement,
        SignerRole.CONSUMER,
        by=by,
        method=SignMethod.PAPER,
        scan=scan,
        more={
            "signed_on": signed_on.isoformat(),
            "recorded_by": by.user.pk if by.user else 0,
            "scan_sha256": scan.sha256,
            **more,
        },
    )


def send_paper_copy(
    agreement: Agreement, *, by: Actor, scan: IO[bytes], scan_name: str, signed_on: date
) -> PaperCopy:
    """Take the consumer's scan of the printed and signed text; a colleague compares it.

    Raises SigningClosed when it can't be signed any more, CaseError when the text isn't printed
    yet, one scan waits already or the day can't be, FileRefused for another kind of file.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("消费者这一方只能由本人签署。"))
    agreement = fresh_agreement(agreement)
    check_open(agreement, role=SignerRole.CONSUMER)
    _check_day(agreement, signed_on)
    document = agreement.unsigned
    if document is None or not document.is_ready:
        raise CaseError(_("协议全文还在生成，过一会儿再试。"))
    stored = store_file(scan, name=scan_name, allow=EVIDENCE)
    try:
        return _keep(agreement, by=by, stored=stored, signed_on=signed_on, text=document.sha256)
    except CaseError:
        discard_file(stored)
        raise


@transaction.atomic
def _keep(
    agreement: Agreement, *, by: Actor, stored: StoredFile, signed_on: date, text: str
) -> PaperCopy:
    agreement = locked_agreement(agreement)
    check_open(agreement, role=SignerRole.CONSUMER)
    if has_signed(agreement, SignerRole.CONSUMER):
        raise SigningClosed(_("你已经签过了，不用再寄纸质的。"))
    if waiting_paper(agreement) is not None:
        raise CaseError(_("你已经传过一份签名页，我们核对以后告诉你。"))
    copy = PaperCopy.objects.create(
        agreement=agreement,
        scan=stored,
        text_sha256=text,
        signed_on=signed_on,
        handed_in_at=now(),
    )
    data = {"agreement": agreement.pk, "paper": copy.pk}
    case = touch(agreement.case, "paper_copy_sent", by=by, data=data, for_consumer=True)
    tell_staff(
        case,
        "paper_copy_sent",
        users=responsible_for(case),
        key=f"paper:{copy.pk}",
        data=data,
    )
    our_turn(
        case,
        by=by,
        cause="paper_copy_sent",
        kind=ClockKind.ENTRY_INTO_FORCE,
        subject=f"agreement:{agreement.pk}",
    )
    return copy


@transaction.atomic
def accept_paper_copy(copy: PaperCopy, *, by: Actor) -> Agreement:
    """Let a scan count as the consumer's signature: text and signature were compared.

    Raises CaseError when it was decided already or the consumer signed otherwise, SigningClosed
    when the agreement is not open any more.
    """
    require(by, Permission.HANDLE_CASE)
    agreement, copy = _locked(copy)
    if has_signed(agreement, SignerRole.CONSUMER):
        raise CaseError(_("消费者已经用别的方式签了，这份不用再接受。"))
    agreement = _put(
        agreement,
        by=by,
        scan=copy.scan,
        signed_on=copy.signed_on,
        paper=copy.pk,
        printed_sha256=copy.text_sha256,
    )
    _decide(copy, CheckStatus.ACCEPTED, by=by)
    return agreement


@transaction.atomic
def reject_paper_copy(copy: PaperCopy, *, by: Actor, reason: str) -> PaperCopy:
    """Don't accept a scan; the consumer is told why and may sign again until the date.

    Raises CaseError without a reason or when it was decided already.
    """
    require(by, Permission.HANDLE_CASE)
    if not reason.strip():
        raise CaseError(_("请写明为什么不接受，消费者好重新签。"), field="reason")
    agreement, copy = _locked(copy)
    copy = _decide(copy, CheckStatus.REJECTED, by=by, reason=reason.strip())
    data = {"agreement": agreement.pk, "paper": copy.pk}
    case = touch(
        agreement.case,
        "paper_copy_rejected",
        by=by,
        data=data,
        text={"reason": copy.reason},
        for_consumer=True,
    )
    if has_address(case):
        tell_consumer(
            case, "paper_copy_rejected", key=f"paper:{copy.pk}:no", secret={"reason": copy.reason}
        )
    if agreement.is_open and agreement.sign_by and agreement.sign_by > now():
        signers_turn(
            case,
            subject=f"agreement:{agreement.pk}",
            until=agreement.sign_by,
            by=by,
            cause="paper_copy_rejected",
        )
    return copy


def _locked(copy: PaperCopy) -> tuple[Agreement, PaperCopy]:
    agreement = locked_agreement(copy.agreement)
    fresh = PaperCopy.objects.select_for_update(of=("self",)).select_related("scan").get(pk=copy.pk)
    if fresh.status != CheckStatus.WAITING:
        raise CaseError(_("这份签名页已经有人核对过了。"))
    return agreement, fresh


def _decide(copy: PaperCopy, status: str, *, by: Actor, reason: str = "") -> PaperCopy:
    copy.status, copy.checked_at, copy.checked_by = status, now(), by.user
    copy.reason = reason
    copy.save(update_fields=["status", "checked_at", "checked_by", "reason"])
    return copy
