"""A mediation as its mediator works with it, and as both sides may read it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from agreements.models import Agreement
from agreements.states import AgreementStatus, SignerRole
from compensation.selectors import last_offer
from compensation.selectors.cards import shown_option
from complaints.actors import Actor
from complaints.models import Case
from complaints.permissions import PERMISSION_ROLES, Permission
from complaints.states import ActorKind
from liability.selectors import current_finding
from liability.states import ShareTable
from reviews.models import Mediation, MediationNote
from reviews.selectors.mediations import leads, signing_agreement
from reviews.states import NoteSide


def possible_mediators() -> QuerySet[User]:
    """Return the people of ours who may lead a mediation."""
    roles = sorted(PERMISSION_ROLES[Permission.MEDIATE])
    return User.objects.filter(is_active=True, roles__overlap=roles).order_by("display_name", "pk")


def notes_for(mediation: Mediation, actor: Actor) -> list[dict[str, Any]]:
    """Return the private notes that the actor wrote, apart by side; nobody reads another's."""
    written = _own_notes(mediation, actor).order_by("-at", "-pk")
    rows = list(written.select_related("mediation__case__consumer"))
    return [
        {"label": side.label, "notes": [row for row in rows if row.side == side]}
        for side in NoteSide
    ]


def _own_notes(mediation: Mediation, actor: Actor) -> QuerySet[MediationNote]:
    notes = MediationNote.objects.filter(mediation=mediation)
    if actor.kind == ActorKind.MEDIATOR:
        invited = mediation.invited_at or mediation.opened_at
        return notes.filter(author_kind=ActorKind.MEDIATOR, at__gte=invited)
    if actor.user is None:
        return notes.none()
    return notes.filter(author_kind=ActorKind.STAFF, author=actor.user)


def talk_shown(mediation: Mediation, actor: Actor) -> dict[str, Any]:
    """Return everything that the mediator's page shows; notes only to whoever leads the talk."""
    leading = leads(mediation, actor)
    agreement = signing_agreement(mediation)
    return {
        "mediation": mediation,
        "leading": leading,
        "notes": notes_for(mediation, actor) if leading else [],
        "agreement": agreement_shown(agreement) if agreement else None,
        **case_shown(mediation.case),
    }


def case_shown(case: Case) -> dict[str, Any]:
    """Return what a mediator has to know of a case: the finding and what was offered."""
    finding, offer = current_finding(case), last_offer(case)
    shares = finding.shares.all() if finding is not None else []
    options = offer.plan.options.all() if offer is not None else []
    return {
        "finding": finding,
        "shares": [share for share in shares if share.table == ShareTable.OUTWARD],
        "offer": offer,
        "options": [shown_option(option, option.lines.all()) for option in options],
    }


def agreement_shown(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement with its text, who has signed, and what can be done with it."""
    signers = list(agreement.signers.all())
    mediator = next((row for row in signers if row.role == SignerRole.MEDIATOR), None)
    return {
        "row": agreement,
        "text": agreement.text,
        "signers": signers,
        "is_draft": agreement.status == AgreementStatus.DRAFT,
        "to_sign": agreement.status == AgreementStatus.OFFERED
        and mediator is not None
        and mediator.signed_at is None,
    }
