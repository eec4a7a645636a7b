"""Who may sign what a mediation came to: nobody for two sides, nobody beyond their authority."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.states import Role
from agreements.days import today
from agreements.models import Agreement
from agreements.services.offering import offer_for_signature
from agreements.terms import PartyData
from compensation.models import AuthorityLimit
from complaints.actors import Actor
from complaints.errors import StepForbidden
from complaints.states import Stage
from reviews.models import Mediation
from reviews.services.mediating import name_mediator
from reviews.services.proceedings import record_award
from reviews.services.settling import draft_mediation_agreement, sign_mediation_agreement
from tests.agreements.makers import company_signs
from tests.factories import make_user, staff
from tests.reviews.test_mediating import mediation, settlement_terms
from tests.reviews.test_proceedings import suspended

pytestmark = pytest.mark.django_db


def offered(opened: Mediation, leader: Actor) -> Agreement:
    """What was agreed in a mediation, before its signers."""
    party = PartyData(name="周小华", phone="138")
    draft = draft_mediation_agreement(
        opened, by=leader, terms=settlement_terms("5000.00"), party=party
    )
    return offer_for_signature(draft, by=leader)


def test_company_signs_a_mediation_within_the_signers_authority() -> None:
    opened = mediation()
    agreement = offered(opened, Actor.staff(opened.mediator_user))
    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=Decimal("4999.99"))

    with pytest.raises(StepForbidden, match="审批额度"):
        company_signs(agreement)

    assert not agreement.signers.filter(signed_at__isnull=False).exists()
    assert company_signs(agreement, by=staff(Role.MANAGER)).signers.filter(
        role="company", signed_at__isnull=False
    )


@pytest.mark.parametrize("company_first", [True, False])
def test_nobody_signs_for_two_sides(company_first: bool) -> None:
    leader = make_user(Role.MANAGER)
    both = Actor.staff(leader)
    opened = name_mediator(mediation(), by=both, mediator=leader)
    agreement = offered(opened, both)
    steps = [
        lambda: company_signs(agreement, by=both),
        lambda: sign_mediation_agreement(opened, by=both, name="主管"),
    ]
    first, second = steps if company_first else steps[::-1]
    first()

    with pytest.raises(StepForbidden):
        second()


def test_award_beyond_ones_authority_is_recorded_by_somebody_else() -> None:
    recorded = suspended()
    said = {"terms": settlement_terms("1000.01"), "text": "判决支付", "decided_on": today()}

    with pytest.raises(StepForbidden, match="审批额度"):
        record_award(recorded, by=staff(Role.AGENT), **said)

    assert not Agreement.objects.exists()
    assert record_award(recorded, by=staff(Role.MANAGER), **said).stage == Stage.FULFILLING
