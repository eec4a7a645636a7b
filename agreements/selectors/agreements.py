"""Which agreement a case has now."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from agreements.models import Agreement, PaperCopy, Representative, Signer
from agreements.states import OPEN_STATUSES, AgreementStatus, CheckStatus, SignerRole
from complaints.models import Case, Clock, OneTimeCode
from complaints.moments import now
from complaints.selectors.policies import working_calendar
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


def has_signatures(case: Case) -> bool:
    """Say whether anybody has signed the text that is open now, on paper that waits too."""
    offered = Agreement.objects.filter(case=case, status=AgreementStatus.OFFERED)
    return offered.filter(
        Q(signers__signed_at__isnull=False) | Q(paper_copies__status=CheckStatus.WAITING)
    ).exists()


def sent_sign_code(agreement: Agreement) -> OneTimeCode | None:
    """Return the code that is on its way to the consumer for this agreement."""
    return sent_code(agreement, str(agreement.pk))


def sent_code(agreement: Agreement, subject: str) -> OneTimeCode | None:
    """Return the code for signing this agreement that was sent to one of its signers."""
    return (
        OneTimeCode.objects.filter(
            case_id=agreement.case_id,
            purpose=CodePurpose.SIGN,
            subject=subject,
            used_at=None,
            expires_at__gt=now(),
        )
        .order_by("-created_at")
        .first()
    )


def waiting_paper(agreement: Agreement) -> PaperCopy | None:
    """Return the signed paper of the consumer that nobody has checked yet."""
    return agreement.paper_copies.filter(status=CheckStatus.WAITING).select_related("scan").first()


def representatives_of(case: Case) -> list[Representative]:
    """Return who was named to sign for the consumer, the newest first, whatever became of it."""
    found = Representative.objects.filter(case=case).select_related(
        "case__consumer", "file", "checked_by"
    )
    return list(found.order_by("-pk"))


def agents_at(case: Case, moment: datetime | None) -> list[Representative]:
    """Return who could sign for the consumer at a moment (now if None): the text names them."""
    until = moment or now()
    found = Representative.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=until),
        case=case,
        status=CheckStatus.ACCEPTED,
        checked_at__lte=until,
        valid_until__gte=working_calendar().local_date(until),
    ).select_related("case__consumer", "file")
    return list(found.order_by("pk"))


def last_offered_before(agreement: Agreement) -> Agreement | None:
    """Return the version that the parties had before them before this one, if there was one."""
    return (
        Agreement.objects.filter(
            case_id=agreement.case_id, version__lt=agreement.version, offered_at__isnull=False
        )
        .select_related("case__consumer", "unsigned", "wording")
        .prefetch_related("signers")
        .order_by("-version")
        .first()
    )
