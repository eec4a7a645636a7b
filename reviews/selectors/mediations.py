"""Mediations: the open one of a case, and the one that a link opens."""

from __future__ import annotations

from django.db.models import QuerySet

from agreements.models import Agreement
from agreements.selectors import open_agreement
from agreements.states import AgreementKind
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Case
from complaints.states import ActorKind, Stage
from reviews.models import Mediation, Proceeding
from reviews.states import MediationMode, ProceedingStatus


def open_mediation(case: Case) -> Mediation | None:
    """Return the mediation that is going on, if there is one."""
    return (
        Mediation.objects.filter(case=case, ended_at=None)
        .select_related("mediator_user", "case__consumer", "agreement")
        .first()
    )


def mediations_of(case: Case) -> QuerySet[Mediation]:
    """Return a case's mediations, the newest first."""
    return (
        Mediation.objects.filter(case=case)
        .select_related("mediator_user", "agreement")
        .order_by("-opened_at", "-pk")
    )


def mediations_to_do() -> QuerySet[Mediation]:
    """Return the mediations that are going on, the next due first."""
    return (
        Mediation.objects.filter(ended_at=None, case__stage=Stage.MEDIATING)
        .select_related("case__consumer", "case__owner", "mediator_user")
        .order_by("case__next_due_at", "opened_at")
    )


def mediation_of_secret(secret: str) -> Mediation | None:
    """Return the mediation of a mediator's link, which may be over, or None."""
    if not secret:
        return None
    return (
        Mediation.objects.filter(secret_digest=sealing.digest(secret))
        .select_related("case__consumer", "case__product")
        .first()
    )


def mediation_of_guest(pk: int, digest: str) -> Mediation | None:
    """Return the mediation that a guest's browser was let in to, while its link is the last one.

    It may be over: then it is said so, and nothing of the case is shown.
    """
    return (
        Mediation.objects.filter(pk=pk, secret_digest=digest)
        .exclude(secret_digest="")
        .select_related("case__consumer", "case__product", "agreement")
        .first()
    )


def leads(mediation: Mediation, actor: Actor) -> bool:
    """Say whether the actor is this mediation's mediator; a guest's door was checked before.

    While a third party leads, none of us does.
    """
    guest_leads = mediation.mode == MediationMode.THIRD_PARTY
    if actor.kind == ActorKind.MEDIATOR or guest_leads:
        return guest_leads and actor.kind == ActorKind.MEDIATOR
    return actor.user is not None and actor.user.pk == mediation.mediator_user_id


def signing_agreement(mediation: Mediation) -> Agreement | None:
    """Return the mediation agreement that is being drafted or signed, if there is one."""
    agreement = open_agreement(mediation.case)
    if agreement is None or agreement.kind != AgreementKind.MEDIATION:
        return None
    return agreement


def proceedings_of(case: Case) -> QuerySet[Proceeding]:
    """Return a case's outside proceedings with their steps, the newest first."""
    return (
        Proceeding.objects.filter(case=case)
        .prefetch_related("steps__file")
        .order_by("-filed_on", "-pk")
    )


def suspending_proceeding(case: Case) -> Proceeding | None:
    """Return the outside proceeding for which handling rests, if there is one."""
    return Proceeding.objects.filter(case=case, suspends=True, status=ProceedingStatus.OPEN).first()
