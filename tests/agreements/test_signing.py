"""Signing in any order, by whom and until when; refusal; what the database keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.states import Role
from agreements.days import today
from agreements.errors import SigningClosed
from agreements.models import Agreement, Obligation
from agreements.services.concluding import enter_into_force
from agreements.services.drafting import draft_agreement
from agreements.services.factors import Factor
from agreements.services.offering import offer_for_signature, refuse_to_sign
from agreements.services.papering import record_paper_signature
from agreements.services.pursuing import pursue
from agreements.services.signing import (
    SignEvidence,
    request_sign_code,
    sign_as_consumer,
    sign_for_company,
)
from agreements.states import AgreementStatus, SignMethod
from agreements.terms import PartyData, thinned_path
from complaints.actors import Actor
from complaints.errors import CaseError, CodeRefused, StepForbidden
from complaints.models import Case, Clock, OneTimeCode, OutboxMessage
from complaints.moments import now, shift_to
from complaints.services.cases import move
from complaints.services.intake import ContactData
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, ClockState, Stage
from documents.services.rendering import document_html
from tests.agreements.makers import (
    NAME,
    PATH,
    company_signs,
    consumer_signs,
    drafted,
    last_code,
    offered,
    picture,
    signed,
)
from tests.compensation.makers import accept_option, chosen_case, line, offer_of, option, plan_data
from tests.factories import staff

pytestmark = pytest.mark.django_db


def running(case: Case) -> list[str]:
    return sorted(
        Clock.objects.filter(case=case, state=ClockState.RUNNING).values_list("kind", flat=True)
    )


def test_offer_freezes_asks_for_the_pdf_and_gives_the_turn() -> None:
    agreement = offered()

    assert agreement.status == AgreementStatus.OFFERED
    assert agreement.unsigned is not None and agreement.unsigned.context["draft"] is True
    assert running(agreement.case) == [ClockKind.SIGNATURE]
    clock = agreement.case.clocks.get(kind=ClockKind.SIGNATURE, state=ClockState.RUNNING)
    assert clock.due_at == agreement.sign_by
    assert OutboxMessage.objects.filter(case=agreement.case, kind="agreement_offered").exists()


def test_offered_text_is_kept_by_the_database() -> None:
    agreement = offered()

    for change in ({"total": 1}, {"terms": {}}, {"sign_by": now()}, {"total_capitals": "壹元整"}):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            Agreement.objects.filter(pk=agreement.pk).update(**change)
    with pytest.raises(IntegrityError, match="does not become"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(status="draft")
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk)._raw_delete("default")


@pytest.mark.parametrize("hours", [1, 24 * 31])
def test_time_to_sign_has_bounds(hours: int) -> None:
    agreement = drafted()

    with pytest.raises(CaseError, match="24 小时"):
        offer_for_signature(agreement, by=staff(Role.AGENT), sign_by=now() + timedelta(hours=hours))


def test_due_day_before_the_signing_date_is_blocked() -> None:
    agreement = drafted()

    with pytest.raises(CaseError, match="签署期限"):
        offer_for_signature(agreement, by=staff(Role.AGENT), sign_by=now() + timedelta(days=20))


def test_twice_offered_is_refused() -> None:
    agreement = offered()

    with pytest.raises(CaseError, match="已经定稿"):
        offer_for_signature(agreement, by=staff(Role.AGENT))


@pytest.mark.parametrize("first", ["consumer", "company"])
def test_last_signature_concludes_whatever_the_order(first: str) -> None:
    agreement = offered()
    steps = [consumer_signs, company_signs]
    if first == "company":
        steps.reverse()
    half = steps[0](agreement)
    assert half.status == AgreementStatus.OFFERED
    assert Obligation.objects.filter(agreement=agreement).count() == 0
    done = steps[1](agreement)

    assert done.status == AgreementStatus.SIGNED
    assert done.case.stage == Stage.FULFILLING
    assert done.case.amount_agreed == done.total
    assert done.effective_at is not None
    assert running(done.case) == [ClockKind.OBLIGATION]
    duty = done.obligations.get()
    assert done.case.clocks.get(kind=ClockKind.OBLIGATION).due_at == duty.due_at


def test_final_text_holds_every_signature_with_time_and_method() -> None:
    agreement = offered()
    consumer_signs(agreement, signature_path=PATH)
    done = company_signs(agreement)
    assert done.sealed is not None
    context = done.sealed.context

    assert context["draft"] is False
    by_role = {row["role"]: row for row in context["signatures"]}
    assert by_role["consumer"]["path"] == PATH
    assert by_role["consumer"]["name"] == NAME
    assert "校验码" in by_role["consumer"]["method"]
    assert by_role["operator"]["signed_at"] and "客户服务主管" in by_role["operator"]["name"]
    assert "贰佰玖拾玖元整" in document_html(done.sealed)


def test_signature_keeps_digests_and_seals_what_was_drawn() -> None:
    agreement = offered()
    consumer_signs(
        agreement,
        signature_path=PATH,
        evidence=SignEvidence(address="203.0.113.9", browser="Firefox"),
    )
    signer = agreement.signers.get(role="consumer")

    assert signer.method == SignMethod.DRAWN_CODE
    assert signer.evidence["address"] and "203.0.113.9" not in str(signer.evidence)
    assert signer.evidence["text_sha256"] == agreement.unsigned.context_sha256
    assert PATH.encode() not in bytes(signer.mark_sealed)
    assert signer.signature_path == PATH


def test_signature_is_kept_by_the_database() -> None:
    agreement = consumer_signs(offered())

    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        agreement.signers.filter(role="consumer").update(signed_at=now())
    with pytest.raises(IntegrityError, match="stay"), transaction.atomic():
        agreement.signers.filter(role="company").delete()


def test_after_the_consumer_it_is_our_turn() -> None:
    agreement = consumer_signs(offered())

    assert running(agreement.case) == [ClockKind.ENTRY_INTO_FORCE]


def test_consent_is_asked_for() -> None:
    agreement = offered()
    with pytest.raises(CaseError) as caught:
        consumer_signs(agreement, consent=False)

    assert caught.value.field == "consent"
    assert not agreement.signers.filter(signed_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"typed_name": ""}, "typed_name"),
        ({"typed_name": "李雷"}, "typed_name"),
        ({"signature_path": "M1 1L2 2"}, "signature"),
        ({"signature_path": "<svg onload=alert(1)>"}, "signature"),
    ],
)
def test_mark_must_be_a_signature(fields: dict[str, str], field: str) -> None:
    agreement = offered()
    with pytest.raises(CaseError) as caught:
        consumer_signs(agreement, **fields)

    assert caught.value.field == field
    assert OneTimeCode.objects.get(case=agreement.case).used_at is None


def test_wrong_code_is_refused_and_counted() -> None:
    agreement = offered()
    with pytest.raises(CodeRefused):
        consumer_signs(agreement, code="000000x")

    assert OneTimeCode.objects.get(case=agreement.case).attempts == 1
    assert not agreement.signers.filter(signed_at__isnull=False).exists()


def test_code_of_another_agreement_does_not_sign() -> None:
    one, other = offered(), offered()
    request_sign_code(one, by=Actor.consumer())

    with pytest.raises(CodeRefused):
        sign_as_consumer(
            other, by=Actor.consumer(), consent=True, code=last_code(one.case), typed_name=NAME
        )


def test_signing_twice_changes_nothing() -> None:
    agreement = consumer_signs(offered())
    at = agreement.signers.get(role="consumer").signed_at

    again = sign_as_consumer(agreement, by=Actor.consumer(), consent=True, code="", typed_name=NAME)
    assert again.signers.get(role="consumer").signed_at == at


def test_second_company_signer_is_told_who_signed() -> None:
    agreement = company_signs(offered())

    with pytest.raises(SigningClosed, match="已经签过"):
        company_signs(agreement)


@pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE, Role.REVIEWER])
def test_company_is_signed_for_by_those_who_may(role: Role) -> None:
    with pytest.raises(StepForbidden):
        sign_for_company(offered(), by=staff(role), factor=Factor())


def test_nobody_signs_for_the_consumer_or_a_draft() -> None:
    agreement = drafted()
    with pytest.raises(StepForbidden):
        sign_as_consumer(agreement, by=staff(Role.MANAGER), consent=True, code="1", typed_name=NAME)

    with pytest.raises(SigningClosed, match="还没有定稿"):
        sign_for_company(agreement, by=staff(Role.APPROVER), factor=Factor())


def test_changed_choice_stops_the_signature() -> None:
    case = chosen_case()
    agreement = drafted(case)
    offer = offer_of(case)
    accept_option(
        case,
        by=Actor.consumer(),
        offer=offer,
        option=offer.plan.options.get(position=2),
        seen_digest=offer.content_digest,
    )

    with pytest.raises(CaseError, match="已经变了"):
        offer_for_signature(agreement, by=staff(Role.AGENT))


def test_refusal_with_a_reason_gives_us_the_turn() -> None:
    agreement = offered()
    with pytest.raises(CaseError) as caught:
        refuse_to_sign(agreement, by=Actor.consumer(), reason="")
    assert caught.value.field == "reason"

    done = refuse_to_sign(agreement, by=Actor.consumer(), reason="到账太慢")
    assert done.status == AgreementStatus.REFUSED
    assert (done.case.stage, running(done.case)) == (Stage.NEGOTIATING, [ClockKind.OFFER])
    assert drafted(done.case).version == 2
    with pytest.raises(SigningClosed):
        company_signs(agreement)


def test_who_signed_does_not_refuse() -> None:
    agreement = consumer_signs(offered())

    with pytest.raises(SigningClosed, match="已经签过"):
        refuse_to_sign(agreement, by=Actor.consumer(), reason="后悔")


def test_past_the_date_nobody_signs_and_the_text_lapses_once() -> None:
    agreement = offered()
    request_sign_code(agreement, by=Actor.consumer())
    shift_to(agreement.sign_by)
    with pytest.raises(SigningClosed, match="期限已经过"):
        company_signs(agreement)

    assert pursue()["lapsed"] == 1
    assert pursue()["lapsed"] == 0
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.VOID
    assert running(agreement.case) == [ClockKind.AGREEMENT_DRAFT]


def test_our_own_delay_spoils_nothing() -> None:
    agreement = consumer_signs(offered())
    shift_to(agreement.sign_by + timedelta(hours=1))

    assert pursue()["lapsed"] == 0
    assert company_signs(agreement).status == AgreementStatus.SIGNED


def test_agreed_day_is_waited_for() -> None:
    plan = plan_data(
        option("退款", line("299.00"), performance_days=20), option("补偿", line("300.00"))
    )
    agreement = offered(chosen_case(plan=plan), effective_on=today() + timedelta(days=10))
    done = company_signs(consumer_signs(agreement))

    assert (done.case.stage, done.effective_at) == (Stage.AGREED, None)
    assert running(done.case) == [ClockKind.ENTRY_INTO_FORCE]
    assert enter_into_force(done, by=Actor.system()).effective_at is None
    assert pursue()["entered_into_force"] == 0
    shift_to(now() + timedelta(days=10))
    assert pursue()["entered_into_force"] == 1
    assert pursue()["entered_into_force"] == 0
    assert Case.objects.get(pk=done.case_id).stage == Stage.FULFILLING


def test_paper_signature_is_recorded_with_its_scan() -> None:
    case = chosen_case(contact=ContactData(name="王奶奶", email=""))
    agreement = draft_agreement(
        case, by=staff(Role.AGENT), party=PartyData("王奶奶", address="上海市徐汇区")
    )
    agreement = offer_for_signature(agreement, by=staff(Role.AGENT))
    with pytest.raises(CaseError, match="纸质"):
        request_sign_code(agreement, by=Actor.consumer())
    agreement = record_paper_signature(
        agreement, by=staff(Role.AGENT), scan=picture(), scan_name="签名页.jpg", signed_on=today()
    )
    signer = agreement.signers.get(role="consumer")

    assert (signer.method, signer.user) == (SignMethod.PAPER, None)
    assert signer.scan is not None
    done = company_signs(agreement)
    assert done.sealed is not None
    assert done.sealed.context["attachments"][-1]["sha256"] == signer.scan.sha256


def test_case_that_goes_elsewhere_voids_what_was_offered() -> None:
    agreement = offered()
    move(agreement.case, "reinvestigate", by=staff(Role.INVESTIGATOR))

    with pytest.raises(CaseError, match="不能签这类协议"):
        company_signs(agreement)
    assert pursue()["left_behind"] == 1
    assert pursue()["left_behind"] == 0
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.VOID


def test_clocks_warn_the_consumer_and_blame_nobody() -> None:
    agreement = offered()
    shift_to(agreement.sign_by - timedelta(hours=1))
    sweep()

    assert OutboxMessage.objects.filter(case=agreement.case, kind="your_turn").exists()
    assert not agreement.case.accountability_items.exists()


def test_long_strokes_are_thinned_and_stay_strokes() -> None:
    path = "M0.0 0.0" + "".join(f"L{i}.0 {i}.0" for i in range(9000))
    thin = thinned_path(path)

    assert len(thin) <= 18_000
    assert thin.startswith("M0.0 0.0L") and thin.endswith("L8999.0 8999.0")
    dots = "".join(f"M{i}.0 {i}.0L{i}.0 {i}.1" for i in range(3000))
    assert len(thinned_path(dots)) <= 18_000


def test_signed_case_is_whole() -> None:
    assert signed().case.stage == Stage.FULFILLING
