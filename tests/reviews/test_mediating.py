"""Mediation: opened by either side, led by us or by a guest, private notes, and its two ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.states import Role
from agreements.services.offering import offer_for_signature
from agreements.states import AgreementKind, AgreementStatus
from agreements.terms import PartyData
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Clock, OutboxMessage
from complaints.moments import now
from complaints.services.triage import withdraw
from complaints.states import ClockKind, ClockState, Stage
from reviews.models import Mediation, MediationNote
from reviews.selectors import mediation_of_secret
from reviews.selectors.mediations import leads, mediation_of_guest
from reviews.services.mediating import (
    Positions,
    end_mediation,
    invite_mediator,
    name_mediator,
    note_entry,
    plan_meeting,
    record_positions,
    refer_to_mediation,
    write_private_note,
)
from reviews.services.settling import (
    draft_mediation_agreement,
    offer_mediation_agreement,
    pursue,
    refuse_mediation_agreement,
    sign_mediation_agreement,
)
from reviews.states import MediationMode, MediationOutcome
from tests.agreements.makers import PATH, company_signs, consumer_signs
from tests.agreements.test_performing import breached
from tests.compensation.makers import offered_case
from tests.factories import make_user, staff
from tests.reviews.makers import guest, guided, mediation, settlement_terms

pytestmark = pytest.mark.django_db
GUEST = Actor.guest_mediator()


def running(case: Case) -> list[str]:
    rows = Clock.objects.filter(case=case, state=ClockState.RUNNING)
    return sorted(rows.values_list("kind", flat=True))


def test_consumer_asks_and_the_owner_leads() -> None:
    opened = mediation()

    assert opened.case.stage == Stage.MEDIATING
    assert running(opened.case) == [ClockKind.MEDIATION]
    assert opened.mediator_user == opened.case.owner
    assert opened.consumer_position == "想多赔一点。"


@pytest.mark.parametrize("role", [Role.FINANCE, Role.REVIEWER, Role.MEDIATOR])
def test_others_do_not_refer(role: Role) -> None:
    with pytest.raises(StepForbidden):
        refer_to_mediation(offered_case(), by=staff(role))


def test_colleague_is_named_to_lead() -> None:
    opened = mediation()
    colleague = make_user(Role.MEDIATOR)
    with pytest.raises(CaseError) as caught:
        name_mediator(opened, by=staff(Role.AGENT), mediator=make_user(Role.FINANCE))
    assert caught.value.field == "mediator"

    named = name_mediator(opened, by=staff(Role.AGENT), mediator=colleague)
    assert leads(named, Actor.staff(colleague))


def test_invitation_mails_a_link_and_stores_a_digest() -> None:
    opened, secret = guided()
    message = OutboxMessage.objects.get(kind="mediator_invited")
    sealed = sealing.unseal_for_installation(message.sealed)

    assert opened.mode == MediationMode.THIRD_PARTY
    assert sealed["to"] == "he@example.test" and sealed["mediation"] == secret
    assert secret not in opened.secret_digest and len(secret) >= 32
    assert b"he@example.test" not in bytes(opened.guest_sealed)
    found = mediation_of_secret(secret)
    assert found is not None and found.pk == opened.pk
    assert mediation_of_secret("") is None and mediation_of_secret(secret + "x") is None


def test_new_invitation_closes_the_earlier_link() -> None:
    opened, secret = guided()
    digest = opened.secret_digest
    second = invite_mediator(opened, by=staff(Role.AGENT), guest=guest(name="钱调解"))

    assert mediation_of_secret(secret) is None
    assert mediation_of_guest(opened.pk, digest) is None
    assert mediation_of_secret(second) is not None


@pytest.mark.parametrize(
    ("fields", "field"), [({"name": " "}, "name"), ({"email": "nowhere"}, "email")]
)
def test_invitation_needs_name_and_address(fields: dict[str, str], field: str) -> None:
    opened = mediation()
    with pytest.raises(CaseError) as caught:
        invite_mediator(opened, by=staff(Role.AGENT), guest=guest(**fields))

    assert caught.value.field == field
    assert not OutboxMessage.objects.filter(kind="mediator_invited").exists()


def test_entry_is_noted_once() -> None:
    opened, _secret = guided()
    first = note_entry(opened).entered_at

    assert first is not None
    assert note_entry(opened).entered_at == first


def test_private_notes_are_the_mediators_alone() -> None:
    opened, _secret = guided()
    note = write_private_note(opened, by=GUEST, side="consumer", body="底线是 300")

    assert note.body == "底线是 300"
    assert "底线".encode() not in bytes(note.body_sealed)
    with pytest.raises(StepForbidden):
        write_private_note(opened, by=staff(Role.MANAGER), side="company", body="x")
    for fields in ({"side": "nobody", "body": "x"}, {"side": "company", "body": " "}):
        with pytest.raises(CaseError):
            write_private_note(opened, by=GUEST, **fields)
    assert MediationNote.objects.count() == 1


def test_our_people_write_only_our_side_beside_a_guest() -> None:
    opened, _secret = guided()
    ours = Positions(consumer=opened.consumer_position, company="最多 320", common="")
    assert record_positions(opened, by=staff(Role.AGENT), positions=ours).company_position

    with pytest.raises(StepForbidden):
        record_positions(opened, by=staff(Role.AGENT), positions=Positions("改掉", "最多 320", ""))
    done = record_positions(opened, by=GUEST, positions=Positions("要 400", "320", "都想快"))
    assert done.common_ground == "都想快"


def test_meeting_lies_ahead_and_the_consumer_is_told() -> None:
    opened, _secret = guided()
    with pytest.raises(CaseError) as caught:
        plan_meeting(opened, by=GUEST, at=now() - timedelta(hours=1), place="")
    assert caught.value.field == "meeting_at"

    plan_meeting(opened, by=GUEST, at=now() + timedelta(days=1), place="线上")
    assert OutboxMessage.objects.filter(kind="meeting_planned").exists()


@pytest.mark.parametrize("outcome", [MediationOutcome.FAILED, MediationOutcome.NO_SHOW])
def test_without_an_agreement_the_case_is_where_it_was(outcome: str) -> None:
    opened, _secret = guided()
    case = end_mediation(opened, by=GUEST, outcome=outcome, note="金额差距太大")
    opened.refresh_from_db()

    assert case.stage == Stage.NEGOTIATING
    assert running(case) == [ClockKind.OFFER_REPLY]
    assert (opened.outcome, opened.is_open) == (outcome, False)
    with pytest.raises(CaseError):
        end_mediation(opened, by=staff(Role.AGENT), outcome=outcome, note="再结束一次")


def test_end_says_how_and_why() -> None:
    opened = mediation()
    for fields in ({"outcome": "settled", "note": "x"}, {"outcome": "failed", "note": " "}):
        with pytest.raises(CaseError):
            end_mediation(opened, by=staff(Role.AGENT), **fields)
    opened.refresh_from_db()
    assert opened.is_open


def test_guest_settles_with_three_signatures_and_the_task_closes_once() -> None:
    opened, _secret = guided()
    agreement = draft_mediation_agreement(opened, by=GUEST, terms=settlement_terms())
    assert agreement.kind == AgreementKind.MEDIATION and agreement.plan is None
    agreement = offer_mediation_agreement(opened, by=GUEST)
    assert running(agreement.case) == [ClockKind.MEDIATION, ClockKind.SIGNATURE]
    consumer_signs(agreement)
    company_signs(agreement)
    assert Case.objects.get(pk=opened.case_id).stage == Stage.MEDIATING
    done = sign_mediation_agreement(opened, by=GUEST, name="何调解", signature_path=PATH)

    assert (done.status, done.case.stage) == (AgreementStatus.SIGNED, Stage.FULFILLING)
    assert done.sealed is not None
    assert {row["role"] for row in done.sealed.context["signatures"]} == {
        "operator",
        "consumer",
        "mediator",
    }
    assert done.sealed.context["mediator"]["organisation"] == "闵行区消费者协会"
    assert pursue() == {"settled": 1, "failed": 0}
    assert pursue() == {"settled": 0, "failed": 0}
    opened.refresh_from_db()
    assert (opened.outcome, opened.agreement_id) == (MediationOutcome.SETTLED, done.pk)


def test_only_the_mediator_signs_as_mediator() -> None:
    opened, _secret = guided()
    draft_mediation_agreement(opened, by=GUEST, terms=settlement_terms())
    offer_mediation_agreement(opened, by=GUEST)

    with pytest.raises(StepForbidden):
        sign_mediation_agreement(opened, by=staff(Role.MEDIATOR), name="冒名")
    with pytest.raises(StepForbidden):
        draft_mediation_agreement(opened, by=staff(Role.FINANCE), terms=settlement_terms())


def test_mediator_may_withhold_the_signature() -> None:
    opened, _secret = guided()
    draft_mediation_agreement(opened, by=GUEST, terms=settlement_terms())
    offer_mediation_agreement(opened, by=GUEST)
    done = refuse_mediation_agreement(opened, by=GUEST, reason="一方不自愿")

    assert done.status == AgreementStatus.REFUSED
    assert running(done.case) == [ClockKind.MEDIATION]


def test_mediation_of_a_breach_replaces_what_was_agreed() -> None:
    opened = mediation(breached())
    first = opened.case.agreements.get()
    terms = settlement_terms("350.00")
    leader = Actor.staff(opened.mediator_user)
    agreement = draft_mediation_agreement(
        opened, by=leader, terms=terms, party=PartyData(name="周小华", phone="138")
    )
    agreement = offer_for_signature(agreement, by=leader)
    consumer_signs(agreement)
    company_signs(agreement)
    done = sign_mediation_agreement(opened, by=leader, name="调解员")
    first.refresh_from_db()

    assert done.case.stage == Stage.FULFILLING
    assert first.status == AgreementStatus.SUPERSEDED
    assert set(first.obligations.values_list("status", flat=True)) == {"waived"}


def test_withdrawn_case_leaves_its_mediation_open_for_the_way_back() -> None:
    opened = mediation()
    withdraw(opened.case, by=Actor.consumer(), reason="")

    assert pursue() == {"settled": 0, "failed": 0}
    assert Mediation.objects.get(pk=opened.pk).is_open
