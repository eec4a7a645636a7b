"""Which agreement a case has now."""

from __future__ import annotations

from agreements.models import Agreement, Signer
from agreements.states import OPEN_STATUSES, AgreementStatus, SignerRole
from complaints.models import Case, Clock, OneTimeCode
from complaints.moments import now
from complaints.states import ClockState, CodePurpose


def open_agreement(case: Case) -> Agreement | None:
    """Return the agreement that is being drafted or signed, if there is one."""
    return (
        Agreement.objects.filter(case=case, status__in=OPEN_STATUSES)
        .select_related("unsigned", "sealed", "case__consumer")
        .prefetch_related("signers__user")
        .first()
    )


def agreement_in_force(case: Case) -> Agreement | None:
    """Return the signed agreement (or award) whose obligations count, if there is one."""
    return (
        Agreement.objects.filter(case=case, status=AgreementStatus.SIGNED)
        .select_related("unsigned", "sealed__file", "source_file", "case__consumer")
        .prefetch_related("signers__user", "obligations__payments", "obligations__breaches")
        .first()
    )


def current_agreement(case: Case) -> Agreement | None:
    """Return the open agreement, else the one in force, else the newest of any status."""
    found = open_agreement(case) or agreement_in_force(case)
    return found or (
        Agreement.objects.filter(case=case)
        .select_related("unsigned", "sealed", "case__consumer")
        .prefetch_related("signers__user")
        .order_by("-version")
        .first()
    )


def agreements_of(case: Case) -> list[Agreement]:
    """Return every version, the newest first."""
    return list(
        Agreement.objects.filter(case=case)
        .select_related("unsigned", "sealed", "source_file")
        .order_by("-version")
    )


def running_kinds(case: Case) -> set[str]:
    """Return which clocks run in a case."""
    return set(
        Clock.objects.filter(case=case, state=ClockState.RUNNING).values_list("kind", flat=True)
    )


def company_has_signed(case: Case) -> bool:
    """Say whether the company has signed what waits for signatures."""
    return Signer.objects.filter(
        agreement__case=case,
        agreement__status=AgreementStatus.OFFERED,
        role=SignerRole.COMPANY,
        signed_at__isnull=False,
    ).exists()


def sent_sign_code(agreement: Agreement) -> OneTimeCode | None:
    """Return the code that is on its way to the consumer for this agreement."""
    return (
        OneTimeCode.objects.filter(
            case_id=agreement.case_id,
            purpose=CodePurpose.SIGN,
            subject=str(agreement.pk),
            used_at=None,
            expires_at__gt=now(),
        )
        .order_by("-created_at")
        .first()
    )
