"""Offering an agreement for signature, and saying no to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agreements.errors import SigningClosed
from agreements.models import Agreement
from agreements.periods import LEAST_SIGNING_TIME, MOST_SIGNING_DAYS, SIGN_DAYS
from agreements.services.blocks import check_issuable
from agreements.services.drafting import as_proposed, check_still_chosen, put_away
from agreements.services.printing import request_unsigned
from agreements.services.rights import (
    check_offered,
    check_stage,
    locked_agreement,
    require,
    require_drafter,
)
from agreements.services.turns import signers_turn
from agreements.states import AgreementKind, AgreementStatus, SignerRole
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import PERMISSION_ROLES, Permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.joint import check_group_consents
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.states import ActorKind

NEGOTIATED = (AgreementKind.SETTLEMENT, AgreementKind.MEDIATION)
"""What people agree to; an award or a judgment binds them without their consent."""


@transaction.atomic
def offer_for_signature(
    agreement: Agreement,
    *,
    by: Actor,
    sign_by: datetime | None = None,
    seen: int | None = None,
    ask_company: bool = True,
    at_once: bool = False,
) -> Agreement:
    """Freeze the text, ask for the PDF to read, start the signature clock and tell the consumer.

    `sign_by` is three days away unless said; it leaves at least 24 hours to read. The company's
    signers are told unless it signs at once (not `ask_company`). With an agreement made `at_once`
    the notice also says that the complaint was accepted and admitted. Raises CaseError
    when it is not a draft, the choice has changed, or a block stands against it.
    """
    require_drafter(by, agreement.kind)
    agreement = locked_agreement(agreement, seen=seen)
    if agreement.status != AgreementStatus.DRAFT:
        raise CaseError(_("这份协议已经定稿，不能再提交一次。"))
    check_stage(agreement.case, agreement.kind)
    check_still_chosen(agreement)
    if agreement.kind in NEGOTIATED:
        check_group_consents(agreement.case)
    moment = now()
    until = sign_by or moment + timedelta(days=SIGN_DAYS)
    if not moment + LEAST_SIGNING_TIME <= until <= moment + timedelta(days=MOST_SIGNING_DAYS):
        raise CaseError(_("签署期限要在 24 小时以后、30 天以内。"), field="sign_by")
    day = working_calendar().local_date(until)
    check_issuable(as_proposed(agreement, sign_by_day=day))
    agreement.status, agreement.offered_at = AgreementStatus.OFFERED, moment
    agreement.sign_by = until
    agreement.unsigned = request_unsigned(agreement)
    agreement.save(update_fields=["status", "offered_at", "sign_by", "unsigned"])
    return _announce(agreement, by=by, ask_company=ask_company, at_once=at_once)


def _announce(agreement: Agreement, *, by: Actor, ask_company: bool, at_once: bool) -> Agreement:
    data = {"agreement": agreement.pk, "sign_by": _iso(agreement.sign_by)}
    case = touch(agreement.case, "agreement_offered", by=by, data=data, for_consumer=True)
    key = f"agreement:{agreement.pk}"
    case = signers_turn(
        case, subject=key, until=_known(agreement.sign_by), by=by, cause="agreement_offered"
    )
    _tell(agreement, case, "agreement_offered", at_once=at_once)
    tell_staff(
        case,
        "agreement_to_sign",
        users=company_signers(case) if ask_company else [],
        key=f"{key}:to_sign",
        data={"agreement": agreement.pk},
    )
    agreement.case = case
    return agreement


def _tell(agreement: Agreement, case: Case, kind: str, *, at_once: bool = False) -> None:
    """Tell the consumer (imported cases mail nobody)."""
    if case.imported_at is not None:
        return
    day = _known(agreement.sign_by).astimezone(ZoneInfo(working_calendar().zone))
    data: dict[str, Any] = {"number": agreement.number, "until": f"{day:%Y-%m-%d %H:%M}"}
    if at_once:
        data["at_once"] = True
    tell_consumer(case, kind, key=f"agreement:{agreement.pk}:{kind}", data=data)


def _known(moment: datetime | None) -> datetime:
    if moment is None:
        raise ValueError("an offered agreement has a date to sign by")
    return moment


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def company_signers(case: Case) -> list[User]:
    """Return who may sign for the company: the case's team first, else everybody who may."""
    roles = [str(role) for role in PERMISSION_ROLES[Permission.SIGN_FOR_COMPANY]]
    signers = User.objects.filter(is_active=True, roles__overlap=roles).order_by("pk")
    in_team = list(signers.filter(team_id=case.team_id)) if case.team_id else []
    return in_team or list(signers)


@transaction.atomic
def refuse_to_sign(agreement: Agreement, *, by: Actor, reason: str) -> Agreement:
    """Say no with a reason: the agreement ends, nobody has lost anything, and it is our turn.

    Raises CaseError without a reason, SigningClosed when it does not wait for signatures, and
    StepForbidden for somebody who is no signer.
    """
    if not reason.strip():
        raise CaseError(_("请告诉我们原因，我们好改。"), field="reason")
    role = role_of(by)
    if role == SignerRole.COMPANY:
        require(by, Permission.SIGN_FOR_COMPANY)
    agreement = locked_agreement(agreement)
    check_offered(agreement)
    signer = agreement.signers.filter(role=role).first()
    if signer is None:
        raise StepForbidden(_("这份协议不用你签。"))
    if signer.signed_at is not None:
        raise SigningClosed(_("你已经签过了，协议不能再拒绝。"))
    signer.refused_at, signer.refusal_reason = now(), reason.strip()
    signer.user = by.user
    signer.save(update_fields=["refused_at", "refusal_reason", "user"])
    agreement = put_away(agreement, AgreementStatus.REFUSED, by=by, text={"reason": reason})
    _tell_refusal(agreement, role=role)
    return agreement


def role_of(by: Actor) -> str:
    """Return for which side an actor signs."""
    if by.kind == ActorKind.CONSUMER:
        return SignerRole.CONSUMER
    return SignerRole.MEDIATOR if by.kind == ActorKind.MEDIATOR else SignerRole.COMPANY


def _tell_refusal(agreement: Agreement, *, role: str) -> None:
    case, key = agreement.case, f"agreement:{agreement.pk}:refused"
    if role != SignerRole.CONSUMER:
        _tell(agreement, case, "agreement_not_signed")
    if case.owner is not None:
        tell_staff(case, "agreement_refused", users=[case.owner], key=key, data={"role": role})
