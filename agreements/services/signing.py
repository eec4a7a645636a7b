"""Signing, in any order: each side once, under the case's lock, so that one outcome stands.

A code is tried before the transaction: a wrong one stays counted although nothing is signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today
from agreements.errors import SigningClosed
from agreements.models import Agreement, Representative, Signer
from agreements.periods import MOST_CODES_A_DAY
from agreements.selectors.agreements import sent_code, waiting_paper
from agreements.services.concluding import conclude
from agreements.services.drafting import check_still_chosen
from agreements.services.factors import Factor, prove, told_of
from agreements.services.hands import check_hands
from agreements.services.marks import checked_path, consumer_mark
from agreements.services.offering import company_signers
from agreements.services.reading import was_opened
from agreements.services.rights import check_offered, locked_agreement, require
from agreements.services.turns import our_turn
from agreements.states import CheckStatus, SignerRole, SignMethod
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden, TooManyAttempts
from complaints.models import Case, OneTimeCode
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services import entrance
from complaints.services.cases import touch
from complaints.services.joint import check_group_consents
from complaints.services.outbox import tell_staff
from complaints.services.queueing import enqueue
from complaints.states import ActorKind, ClockKind, CodePurpose, OutboxChannel
from documents.models import StoredFile


@dataclass(frozen=True)
class SignEvidence:
    """Where a signature came from; the address is kept as a keyed digest only."""

    address: str = ""
    browser: str = ""

    def as_json(self, agreement: Agreement) -> dict[str, Any]:
        """Return what is kept beside the signature, with the digests of the text signed."""
        document = agreement.unsigned
        return {
            "address": sealing.blind_index("address", self.address),
            "browser": self.browser[:200],
            "text_sha256": document.context_sha256 if document else "",
            "pdf_sha256": document.sha256 if document else "",
        }


NO_EVIDENCE = SignEvidence()


@transaction.atomic
def request_sign_code(
    agreement: Agreement, *, by: Actor, representative: Representative | None = None
) -> OneTimeCode:
    """Send the consumer, or who signs for them, a code for signing this agreement.

    Raises SigningClosed when it can't be signed now, CaseError when there is no address to send
    to or the power of attorney doesn't hold, TooManyAttempts when too many were asked for.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("校验码只能由消费者本人获取。"))
    agreement = fresh_agreement(agreement)
    check_open(agreement, role=SignerRole.CONSUMER)
    subject = code_subject(agreement, representative)
    _check_codes(agreement, subject)
    if representative is not None:
        check_holds(representative, agreement.case_id)
        return _code_for_agent(agreement, representative, subject)
    contact = agreement.case.consumer.contact
    if not (contact.get("phone") or contact.get("email")):
        raise CaseError(_("我们没有你的手机号或邮箱，请联系客服改用纸质签署。"), field="code")
    return entrance.send_code(agreement.case, purpose=CodePurpose.SIGN, subject=subject)


def _check_codes(agreement: Agreement, subject: str) -> None:
    """Raise TooManyAttempts for one code too many in a day: each gives five guesses."""
    sent = OneTimeCode.objects.filter(
        case_id=agreement.case_id,
        purpose=CodePurpose.SIGN,
        subject=subject,
        created_at__gt=now() - timedelta(days=1),
    )
    if sent.count() >= MOST_CODES_A_DAY:
        raise TooManyAttempts(_("一天里发的校验码太多了。请明天再来，或者打客服电话改用纸质签署。"))


def code_subject(agreement: Agreement, representative: Representative | None) -> str:
    """Return what a consumer's code is for: this agreement, signed by this person."""
    return f"{agreement.pk}:r{representative.pk}" if representative else str(agreement.pk)


def _code_for_agent(
    agreement: Agreement, representative: Representative, subject: str
) -> OneTimeCode:
    code, digits = entrance.new_code(agreement.case, purpose=CodePurpose.SIGN, subject=subject)
    known = representative.particulars
    enqueue(
        agreement.case,
        "code",
        key=f"code:{code.pk}",
        recipient="address",
        channel=OutboxChannel.EMAIL if known.get("email") else OutboxChannel.SMS,
        secret={"code": digits, "to": representative.contact},
    )
    return code


def check_holds(representative: Representative, case_id: int) -> None:
    """Raise SigningClosed unless a power of attorney lets somebody sign in this case today."""
    if representative.case_id != case_id or representative.status != CheckStatus.ACCEPTED:
        raise SigningClosed(_("这份授权委托书还没有核对，现在不能代签。"))
    if representative.ended_at is not None:
        raise SigningClosed(_("授权已经撤销，不能代签。"))
    if representative.valid_until < today():
        raise SigningClosed(_("授权委托书已经到期，请重新提交一份。"))


def sign_as_consumer(
    agreement: Agreement,
    *,
    by: Actor,
    consent: bool,
    code: str,
    typed_name: str = "",
    signature_path: str = "",
    evidence: SignEvidence = NO_EVIDENCE,
    representative: Representative | None = None,
    read_number: str = "",
) -> Agreement:
    """Sign with a drawn or typed name and the one-time code, consent ticked.

    With a `representative` it is their name and the code that went to them. `read_number` is the
    number of the text that the signer had before them. Signing a second time changes nothing.
    Raises CaseError naming the field at fault, CodeRefused, or SigningClosed when the agreement was
    refused, replaced, void or is past its date, or another text was read.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("消费者这一方只能由本人签署。"))
    agreement = fresh_agreement(agreement)
    if has_signed(agreement, SignerRole.CONSUMER):
        return agreement
    check_open(agreement, role=SignerRole.CONSUMER)
    _check_read(agreement, read_number)
    if read_number and not was_opened(agreement, SignerRole.CONSUMER):
        raise CaseError(_("请先打开协议读一遍，再签。"))
    if representative is not None:
        check_holds(representative, agreement.case_id)
    if not consent:
        raise CaseError(_("请先勾选「我已阅读协议」。"), field="consent")
    wanted = representative.name if representative else agreement.party.name
    mark = consumer_mark(wanted, typed_name=typed_name, path=signature_path)
    subject = code_subject(agreement, representative)
    sent = sent_code(agreement, subject)
    entrance.try_code(sent.pk if sent else None, code, purpose=CodePurpose.SIGN, subject=subject)
    return put_signature(
        agreement,
        SignerRole.CONSUMER,
        by=by,
        method=SignMethod.DRAWN_CODE if mark.get("path") else SignMethod.TYPED_CODE,
        mark=mark,
        evidence=evidence,
        more=told_of(sent),
        representative=representative,
    )


def _check_read(agreement: Agreement, number: str) -> None:
    """Raise SigningClosed when the text on the signer's page was another one."""
    if number and number != agreement.number:
        raise SigningClosed(_("你读的时候，协议换了新版本。请看过改动以后再签。"))


def fresh_agreement(agreement: Agreement) -> Agreement:
    """Return the agreement as it is now, with what signing looks at."""
    return Agreement.objects.select_related("case__consumer", "unsigned").get(pk=agreement.pk)


def sign_for_company(
    agreement: Agreement,
    *,
    by: Actor,
    factor: Factor,
    position: str = "",
    evidence: SignEvidence = NO_EVIDENCE,
    read_number: str = "",
) -> Agreement:
    """Sign for the company by one's account and a second proof of who one is.

    Raises StepForbidden, SigningClosed, or as `factors.prove` does; what is refused before that
    uses no code up.
    """
    require(by, Permission.SIGN_FOR_COMPANY)
    if by.user is None:
        raise StepForbidden(_("公司这一方要由一位有权的同事签署。"))
    agreement = fresh_agreement(agreement)
    given = agreement.signers.filter(role=SignerRole.COMPANY, signed_at__isnull=False).first()
    if given is not None:
        return _repeated(agreement, given, by=by)
    check_open(agreement, role=SignerRole.COMPANY)
    _check_read(agreement, read_number)
    check_hands(agreement, SignerRole.COMPANY, by=by)
    method, proof = prove(agreement, user=by.user, factor=factor)
    return put_signature(
        agreement,
        SignerRole.COMPANY,
        by=by,
        method=method,
        evidence=evidence,
        name=str(by.user),
        position=position.strip()[:80],
        more=proof,
    )


def sign_as_mediator(
    agreement: Agreement,
    *,
    by: Actor,
    name: str,
    signature_path: str = "",
    evidence: SignEvidence = NO_EVIDENCE,
    read_number: str = "",
) -> Agreement:
    """Sign as the mediator: by one's account, or as a guest through the link to this case.

    The caller has checked that the guest was let in to this case. Raises CaseError without a name,
    SigningClosed when another text was read.
    """
    if by.kind == ActorKind.STAFF:
        require(by, Permission.MEDIATE)
    elif by.kind != ActorKind.MEDIATOR:
        raise StepForbidden(_("调解员这一方只能由调解员签署。"))
    if not name.strip():
        raise CaseError(_("请输入你的姓名。"), field="name")
    _check_read(agreement, read_number)
    mark = {"name": name.strip()}
    if signature_path:
        mark["path"] = checked_path(signature_path)
    return put_signature(
        agreement,
        SignerRole.MEDIATOR,
        by=by,
        method=SignMethod.ACCOUNT if by.kind == ActorKind.STAFF else SignMethod.LINK,
        mark=mark,
        evidence=evidence,
        name=name.strip()[:120],
    )


def has_signed(agreement: Agreement, role: str) -> bool:
    """Say whether a side has signed."""
    return agreement.signers.filter(role=role, signed_at__isnull=False).exists()


def check_open(agreement: Agreement, *, role: str) -> None:
    """Raise SigningClosed unless this side may sign now.

    The date binds until the consumer has signed, or sent the signed paper; afterwards our own
    delay spoils nothing.
    """
    check_offered(agreement)
    check_still_chosen(agreement)
    late = agreement.sign_by is not None and now() >= agreement.sign_by
    if late and not came_in_time(agreement):
        raise SigningClosed(_("签署期限已经过了。我们会重新准备一份协议。"))


def came_in_time(agreement: Agreement) -> bool:
    """Say whether the consumer's signature is here, on paper that waits to be checked too."""
    return has_signed(agreement, SignerRole.CONSUMER) or waiting_paper(agreement) is not None


@transaction.atomic
def put_signature(
    agreement: Agreement,
    role: str,
    *,
    by: Actor,
    method: str,
    mark: dict[str, str] | None = None,
    evidence: SignEvidence = NO_EVIDENCE,
    name: str = "",
    position: str = "",
    scan: StoredFile | None = None,
    more: dict[str, Any] | None = None,
    representative: Representative | None = None,
) -> Agreement:
    """Write one side's signature under the case's lock; the last one concludes the agreement.

    Who signs was proved by the caller. A side that has signed already changes nothing.
    """
    agreement = locked_agreement(agreement)
    signer = agreement.signers.select_for_update().filter(role=role).first()
    if signer is None:
        raise StepForbidden(_("这份协议不用你签。"))
    if signer.signed_at is not None:
        return _repeated(agreement, signer, by=by)
    check_open(agreement, role=role)
    if representative is not None:
        representative.refresh_from_db()
        check_holds(representative, agreement.case_id)
    check_group_consents(agreement.case)
    check_hands(agreement, role, by=by)
    key = agreement.case.consumer.key_sealed
    signer.signed_at, signer.method, signer.user = now(), method, by.user
    signer.name, signer.position = name or signer.name, position
    signer.mark_sealed = sealing.seal(key, mark) if mark else b""
    signer.scan, signer.representative = scan, representative
    signer.evidence = {**evidence.as_json(agreement), **(more or {})}
    signer.evidence |= _reading(signer)
    if signer.mark_sealed:
        signer.evidence["mark_sha256"] = hashlib.sha256(signer.mark_sealed).hexdigest()
    if role == SignerRole.CONSUMER and by.user is not None:
        signer.user = None
    signer.save()
    data = {"agreement": agreement.pk, "role": role, "method": method}
    agreement.case = touch(agreement.case, "signature_given", by=by, data=data, for_consumer=True)
    if not agreement.signers.filter(signed_at=None).exists():
        return conclude(agreement, by=by)
    if role == SignerRole.CONSUMER:
        agreement.case = _pass_to_company(agreement.case, agreement, by=by)
    return agreement


def _reading(signer: Signer) -> dict[str, Any]:
    """Return how long the text lay open before the signature."""
    if signer.opened_at is None or signer.signed_at is None:
        return {}
    seconds = int((signer.signed_at - signer.opened_at).total_seconds())
    return {"opened_at": signer.opened_at.isoformat(), "read_seconds": max(seconds, 0)}


def _repeated(agreement: Agreement, signer: Signer, *, by: Actor) -> Agreement:
    if by.kind == ActorKind.STAFF and signer.user_id not in (None, by.user.pk if by.user else 0):
        raise SigningClosed(_("%(name)s已经签过了。") % {"name": signer.name})
    return agreement


def _pass_to_company(case: Case, agreement: Agreement, *, by: Actor) -> Case:
    if agreement.signers.filter(role=SignerRole.COMPANY, signed_at__isnull=False).exists():
        return case
    tell_staff(
        case,
        "consumer_signed",
        users=company_signers(case),
        key=f"agreement:{agreement.pk}:consumer_signed",
        data={"agreement": agreement.pk},
    )
    return our_turn(
        case,
        by=by,
        cause="signature_given",
        kind=ClockKind.ENTRY_INTO_FORCE,
        subject=f"agreement:{agreement.pk}",
    )
