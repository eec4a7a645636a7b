"""Signing, in any order: each side once, under the case's lock, so that one outcome stands.

A code is tried before the transaction: a wrong one stays counted although nothing is signed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today
from agreements.errors import SigningClosed
from agreements.models import Agreement, Signer
from agreements.selectors.agreements import sent_sign_code
from agreements.services.concluding import conclude
from agreements.services.drafting import check_still_chosen
from agreements.services.offering import company_signers
from agreements.services.rights import check_offered, locked_agreement, require
from agreements.services.turns import our_turn
from agreements.states import AgreementKind, SignerRole, SignMethod
from agreements.terms import thinned_path
from compensation.selectors.plans import authority_of
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, OneTimeCode
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services import entrance
from complaints.services.cases import touch
from complaints.services.joint import check_group_consents
from complaints.services.outbox import tell_staff
from complaints.states import ActorKind, ClockKind, CodePurpose
from documents.filetypes import EVIDENCE
from documents.models import StoredFile
from documents.services.files import discard_file, store_file

_PATH = re.compile(r"(M[0-9.]+ [0-9.]+(L[0-9.]+ [0-9.]+)*)+")
_LEAST_POINTS = 4


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


def request_sign_code(agreement: Agreement, *, by: Actor) -> OneTimeCode:
    """Send the consumer a code for signing this agreement.

    Raises SigningClosed when it can't be signed now, CaseError when there is no address to send
    to, TooManyAttempts when too many were asked for.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("校验码只能由消费者本人获取。"))
    agreement = _fresh(agreement)
    check_open(agreement, role=SignerRole.CONSUMER)
    contact = agreement.case.consumer.contact
    if not (contact.get("phone") or contact.get("email")):
        raise CaseError(_("我们没有你的手机号或邮箱，请联系客服改用纸质签署。"), field="code")
    return entrance.send_code(agreement.case, purpose=CodePurpose.SIGN, subject=str(agreement.pk))


def sign_as_consumer(
    agreement: Agreement,
    *,
    by: Actor,
    consent: bool,
    code: str,
    typed_name: str = "",
    signature_path: str = "",
    evidence: SignEvidence = NO_EVIDENCE,
) -> Agreement:
    """Sign with a drawn or typed name and the one-time code, consent ticked.

    Signing a second time changes nothing. Raises CaseError naming the field at fault, CodeRefused,
    or SigningClosed when the agreement was refused, replaced, void or is past its date.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("消费者这一方只能由本人签署。"))
    agreement = _fresh(agreement)
    if _has_signed(agreement, SignerRole.CONSUMER):
        return agreement
    check_open(agreement, role=SignerRole.CONSUMER)
    if not consent:
        raise CaseError(_("请先勾选「我已阅读协议」。"), field="consent")
    mark = consumer_mark(agreement, typed_name=typed_name, path=signature_path)
    sent = sent_sign_code(agreement)
    entrance.try_code(
        sent.pk if sent else None, code, purpose=CodePurpose.SIGN, subject=str(agreement.pk)
    )
    method = SignMethod.DRAWN_CODE if mark.get("path") else SignMethod.TYPED_CODE
    return _sign(
        agreement,
        SignerRole.CONSUMER,
        by=by,
        method=method,
        mark=mark,
        evidence=evidence,
        more={"code": str(sent.pk), "code_sent_at": sent.created_at.isoformat()} if sent else None,
    )


def _fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_related("case__consumer", "unsigned").get(pk=agreement.pk)


def consumer_mark(agreement: Agreement, *, typed_name: str, path: str) -> dict[str, str]:
    """Return what was drawn or typed, checked. Raises CaseError."""
    if path:
        return {"path": checked_path(path)}
    wanted, given = _squeezed(agreement.party.name), _squeezed(typed_name)
    if not given:
        raise CaseError(_("请手写签名，或者输入你的姓名。"), field="typed_name")
    if given != wanted:
        raise CaseError(_("请输入和协议上一样的姓名。"), field="typed_name")
    return {"name": typed_name.strip()}


def checked_path(path: str) -> str:
    """Return the path data of a drawn signature, short enough to print. Raises CaseError."""
    path = thinned_path(path.strip())
    if not _PATH.fullmatch(path) or path.count("L") < _LEAST_POINTS:
        raise CaseError(_("请在框内写下你的签名。"), field="signature")
    return path


def _squeezed(name: str) -> str:
    return re.sub(r"\s+", "", name).casefold()


def sign_for_company(
    agreement: Agreement, *, by: Actor, position: str = "", evidence: SignEvidence = NO_EVIDENCE
) -> Agreement:
    """Sign for the company by one's account. Raises StepForbidden, or SigningClosed."""
    require(by, Permission.SIGN_FOR_COMPANY)
    if by.user is None:
        raise StepForbidden(_("公司这一方要由一位有权的同事签署。"))
    return _sign(
        agreement,
        SignerRole.COMPANY,
        by=by,
        method=SignMethod.ACCOUNT,
        evidence=evidence,
        name=str(by.user),
        position=position.strip()[:80],
    )


def sign_as_mediator(
    agreement: Agreement,
    *,
    by: Actor,
    name: str,
    signature_path: str = "",
    evidence: SignEvidence = NO_EVIDENCE,
) -> Agreement:
    """Sign as the mediator: by one's account, or as a guest through the link to this case.

    The caller has checked that the guest was let in to this case. Raises CaseError without a name.
    """
    if by.kind == ActorKind.STAFF:
        require(by, Permission.MEDIATE)
    elif by.kind != ActorKind.MEDIATOR:
        raise StepForbidden(_("调解员这一方只能由调解员签署。"))
    if not name.strip():
        raise CaseError(_("请输入你的姓名。"), field="name")
    mark = {"name": name.strip()}
    if signature_path:
        mark["path"] = checked_path(signature_path)
    return _sign(
        agreement,
        SignerRole.MEDIATOR,
        by=by,
        method=SignMethod.ACCOUNT if by.kind == ActorKind.STAFF else SignMethod.LINK,
        mark=mark,
        evidence=evidence,
        name=name.strip()[:120],
    )


def record_paper_signature(
    agreement: Agreement, *, by: Actor, scan: IO[bytes], scan_name: str, signed_on: date
) -> Agreement:
    """Record that the consumer signed the printed text, with a scan of it.

    For people who can't or won't sign on a screen. Raises CaseError for a day in the future or
    before the text was offered, FileRefused for a file that is no picture or PDF.
    """
    require(by, Permission.HANDLE_CASE)
    agreement = _fresh(agreement)
    check_open(agreement, role=SignerRole.CONSUMER)
    if signed_on > today():
        raise CaseError(_("签名日期不能晚于今天。"), field="signed_on")
    stored = store_file(scan, name=scan_name, allow=EVIDENCE)
    try:
        return _sign(
            agreement,
            SignerRole.CONSUMER,
            by=by,
            method=SignMethod.PAPER,
            scan=stored,
            more={"signed_on": signed_on.isoformat(), "recorded_by": by.user.pk if by.user else 0},
        )
    except CaseError:
        discard_file(stored)
        raise


def _has_signed(agreement: Agreement, role: str) -> bool:
    return agreement.signers.filter(role=role, signed_at__isnull=False).exists()


def check_open(agreement: Agreement, *, role: str) -> None:
    """Raise SigningClosed unless this side may sign now.

    The date binds until the consumer has signed; afterwards our own delay spoils nothing.
    """
    check_offered(agreement)
    check_still_chosen(agreement)
    late = agreement.sign_by is not None and now() >= agreement.sign_by
    if late and not _has_signed(agreement, SignerRole.CONSUMER):
        raise SigningClosed(_("签署期限已经过了。我们会重新准备一份协议。"))


@transaction.atomic
def _sign(
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
) -> Agreement:
    agreement = locked_agreement(agreement)
    signer = agreement.signers.filter(role=role).first()
    if signer is None:
        raise StepForbidden(_("这份协议不用你签。"))
    if signer.signed_at is not None:
        return _repeated(agreement, signer, by=by)
    check_open(agreement, role=role)
    check_group_consents(agreement.case)
    _check_hands(agreement, role, by=by)
    key = agreement.case.consumer.key_sealed
    signer.signed_at, signer.method, signer.user = now(), method, by.user
    signer.name, signer.position = name or signer.name, position
    signer.mark_sealed = sealing.seal(key, mark) if mark else b""
    signer.scan = scan
    signer.evidence = {**evidence.as_json(agreement), **(more or {})}
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


def _check_hands(agreement: Agreement, role: str, *, by: Actor) -> None:
    """Let nobody sign for two sides; a mediation's money has no approved plan behind it.

    It is promised by the company's signer alone, and so within that person's authority.
    """
    if by.user is None or role == SignerRole.CONSUMER:
        return
    company = role == SignerRole.COMPANY
    if agreement.signers.filter(user=by.user, signed_at__isnull=False).exclude(role=role).exists():
        refusal = _("公司这一方要由一位有权的同事签署。")
        raise StepForbidden(refusal if company else _("调解员这一方只能由调解员签署。"))
    promised_here = company and agreement.kind == AgreementKind.MEDIATION
    if promised_here and not authority_of(by, currency=agreement.currency).covers(agreement.total):
        raise StepForbidden(_("金额超过你的审批额度。"))


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
