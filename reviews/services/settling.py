"""A mediation that comes to an agreement: its text, its signatures, and its end by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.selectors import agreement_in_force
from agreements.services.drafting import draft_agreement
from agreements.services.offering import offer_for_signature, refuse_to_sign
from agreements.services.signing import NO_EVIDENCE, SignEvidence, sign_as_mediator
from agreements.states import AgreementKind, AgreementStatus
from agreements.terms import AgreementTerms, PartyData
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.states import Stage
from reviews.models import Mediation
from reviews.selectors.mediations import leads, signing_agreement
from reviews.states import MediationOutcome


def draft_mediation_agreement(
    mediation: Mediation,
    *,
    by: Actor,
    terms: AgreementTerms,
    party: PartyData | None = None,
    minimum_waiver: str = "",
    effective_on: date | None = None,
) -> Agreement:
    """Write down what both sides agreed on; the mediator is one of its signers.

    Raises StepForbidden for anybody but the mediator and the desk, and as `draft_agreement` does.
    """
    _check_may(mediation, by)
    name = mediation.mediator_name
    if not name:
        raise CaseError(_("还没有调解员，先确定谁来主持。"))
    organisation = mediation.guest.get("organisation", "") or settings.COMPANY_NAME
    return draft_agreement(
        mediation.case,
        by=by,
        kind=AgreementKind.MEDIATION,
        terms=replace(terms, mediator=name, mediator_organisation=organisation),
        party=party,
        minimum_waiver=minimum_waiver,
        effective_on=effective_on,
    )


def offer_mediation_agreement(mediation: Mediation, *, by: Actor) -> Agreement:
    """Put the drafted text before all three signers. Raises CaseError when there is no draft."""
    _check_may(mediation, by)
    return offer_for_signature(_drafted(mediation), by=by)


def sign_mediation_agreement(
    mediation: Mediation,
    *,
    by: Actor,
    name: str,
    signature_path: str = "",
    evidence: SignEvidence = NO_EVIDENCE,
    read_number: str = "",
) -> Agreement:
    """Sign as this mediation's mediator, whoever leads it.

    Raises StepForbidden for others, SigningClosed when another text was read.
    """
    if not leads(mediation, by):
        raise StepForbidden(_("这里要由主持这次调解的人签署。"))
    agreement = _drafted(mediation)
    return sign_as_mediator(
        agreement,
        by=by,
        name=name,
        signature_path=signature_path,
        evidence=evidence,
        read_number=read_number,
    )


def refuse_mediation_agreement(mediation: Mediation, *, by: Actor, reason: str) -> Agreement:
    """Let the mediator withhold the signature, with the reason."""
    if not leads(mediation, by):
        raise StepForbidden(_("这里要由主持这次调解的人决定。"))
    return refuse_to_sign(_drafted(mediation), by=by, reason=reason)


def _check_may(mediation: Mediation, by: Actor) -> None:
    if not mediation.is_open:
        raise CaseError(_("这次调解已经结束。"))
    if not (leads(mediation, by) or has_permission(by, Permission.HANDLE_CASE)):
        raise StepForbidden(_("调解协议由调解员或者处理人起草。"))


def _drafted(mediation: Mediation) -> Agreement:
    agreement = signing_agreement(mediation)
    if agreement is None:
        raise CaseError(_("还没有起草调解协议。"))
    return agreement


def pursue(*, limit: int = 200) -> dict[str, int]:
    """Close the mediations that ended by a signed agreement or by the case going elsewhere.

    Safe to run twice: each is locked and looked at again.
    """
    left = (
        Mediation.objects.filter(ended_at=None)
        .exclude(case__stage=Stage.MEDIATING)
        .exclude(case__origins__contains=[Stage.MEDIATING])
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )
    settled = failed = 0
    for pk in list(left):
        outcome = _close(pk)
        settled += outcome == MediationOutcome.SETTLED
        failed += outcome == MediationOutcome.FAILED
    return {"settled": settled, "failed": failed}


@transaction.atomic
def _close(pk: int) -> str:
    mediation = Mediation.objects.select_related("case").get(pk=pk)
    case = locked_case(mediation.case)
    mediation = Mediation.objects.select_for_update(of=("self",)).get(pk=pk)
    still_on = case.stage == Stage.MEDIATING or Stage.MEDIATING in case.origins
    if not mediation.is_open or still_on:
        return ""
    agreement = _settlement(case, mediation)
    mediation.agreement = agreement
    mediation.outcome = MediationOutcome.SETTLED if agreement else MediationOutcome.FAILED
    mediation.ended_at = agreement.signed_at if agreement and agreement.signed_at else now()
    mediation.save(update_fields=["agreement", "outcome", "ended_at"])
    if agreement is not None:
        touch(case, "mediation_settled", by=Actor.system(), data={"agreement": agreement.pk})
    return mediation.outcome


def _settlement(case: Case, mediation: Mediation) -> Agreement | None:
    agreement = agreement_in_force(case)
    if agreement is None or agreement.kind != AgreementKind.MEDIATION:
        return None
    since = agreement.signed_at is not None and agreement.signed_at >= mediation.opened_at
    return agreement if since and agreement.status == AgreementStatus.SIGNED else None
