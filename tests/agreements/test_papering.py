"""Print and sign: it counts once compared, and in time if it was handed in in time."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.states import Role
from agreements.days import today
from agreements.errors import SigningClosed
from agreements.models import Agreement, PaperCopy
from agreements.selectors import consumer_panel, next_action
from agreements.selectors.agreements import has_signatures
from agreements.services.drafting import draft_agreement, void_agreement
from agreements.services.offering import refuse_to_sign
from agreements.services.papering import (
    accept_paper_copy,
    record_paper_signature,
    reject_paper_copy,
    send_paper_copy,
)
from agreements.services.pursuing import pursue
from agreements.states import AgreementStatus, CheckStatus, SignMethod
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Clock, OutboxMessage
from complaints.moments import shift_to
from complaints.states import ClockKind, ClockState
from documents.errors import FileRefused
from tests.agreements.makers import company_signs, consumer_signs, offered, picture
from tests.agreements.signing_makers import paper_sent, printed
from tests.factories import make_user, staff

pytestmark = pytest.mark.django_db
CONSUMER = Actor.consumer()


def running(case: Case) -> list[str]:
    found = Clock.objects.filter(case=case, state=ClockState.RUNNING)
    return sorted(found.values_list("kind", flat=True))


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_paper_counts_once_compared_with_both_hashes() -> None:
    agreement = printed(offered())
    copy = paper_sent(agreement)
    assert running(agreement.case) == [ClockKind.ENTRY_INTO_FORCE]
    assert consumer_panel(fresh(agreement.case))["state"] == "paper"  # type: ignore[index]
    step = next_action(fresh(agreement.case), staff(Role.AGENT))
    assert step is not None and str(step.label) == "核对纸质签署"

    accept_paper_copy(copy, by=staff(Role.AGENT))
    done = company_signs(agreement)

    signer = done.signers.get(role="consumer")
    assert (signer.method, signer.scan, signer.user) == (SignMethod.PAPER, copy.scan, None)
    assert agreement.unsigned is not None
    assert signer.evidence["printed_sha256"] == agreement.unsigned.sha256
    assert signer.evidence["scan_sha256"] == copy.scan.sha256
    assert done.sealed is not None
    hashes = {row["sha256"] for row in done.sealed.context["attachments"]}
    assert hashes == {agreement.unsigned.sha256, copy.scan.sha256}


def test_paper_handed_in_in_time_is_not_spoiled_by_our_delay() -> None:
    agreement = printed(offered())
    copy = paper_sent(agreement)
    assert agreement.sign_by is not None
    shift_to(agreement.sign_by + timedelta(hours=3))

    assert pursue()["lapsed"] == 0
    accept_paper_copy(copy, by=staff(Role.AGENT))
    assert company_signs(agreement).status == AgreementStatus.SIGNED


def test_paper_rejected_after_the_date_lets_it_lapse() -> None:
    agreement = printed(offered())
    copy = paper_sent(agreement)
    assert agreement.sign_by is not None
    shift_to(agreement.sign_by + timedelta(hours=3))
    reject_paper_copy(copy, by=staff(Role.AGENT), reason="看不清")

    assert pursue()["lapsed"] == 1
    with pytest.raises(SigningClosed):
        consumer_signs(agreement)


def test_rejected_paper_gives_the_turn_back_and_another_may_come() -> None:
    agreement = printed(offered())
    copy = paper_sent(agreement)
    with pytest.raises(CaseError, match="为什么"):
        reject_paper_copy(copy, by=staff(Role.AGENT), reason="")
    reject_paper_copy(copy, by=staff(Role.AGENT), reason="第二页没有拍到")

    assert running(agreement.case) == [ClockKind.SIGNATURE]
    assert OutboxMessage.objects.filter(kind="paper_copy_rejected").exists()
    with pytest.raises(CaseError, match="核对过"):
        accept_paper_copy(copy, by=staff(Role.AGENT))
    again = paper_sent(agreement)
    accept_paper_copy(again, by=staff(Role.AGENT))
    assert agreement.signers.get(role="consumer").scan == again.scan


def test_late_paper_is_not_taken() -> None:
    agreement = printed(offered())
    assert agreement.sign_by is not None
    shift_to(agreement.sign_by)

    with pytest.raises(SigningClosed, match="期限"):
        paper_sent(agreement)
    assert not PaperCopy.objects.exists()


def test_one_waits_at_a_time_and_only_in_the_consumers_hands() -> None:
    agreement = printed(offered())
    paper_sent(agreement)
    with pytest.raises(CaseError, match="已经传过"):
        paper_sent(agreement)
    with pytest.raises(StepForbidden):
        send_paper_copy(
            agreement,
            by=staff(Role.AGENT),
            scan=picture(),
            scan_name="a.jpg",
            signed_on=today(),
        )


@pytest.mark.parametrize("days", [1, 30])
def test_day_in_the_future_is_refused(days: int) -> None:
    with pytest.raises(CaseError) as caught:
        send_paper_copy(
            printed(offered()),
            by=CONSUMER,
            scan=picture(),
            scan_name="a.jpg",
            signed_on=today() + timedelta(days=days),
        )
    assert caught.value.field == "signed_on"


def test_text_must_be_there_to_print() -> None:
    with pytest.raises(CaseError, match="还在生成"):
        send_paper_copy(
            offered(), by=CONSUMER, scan=picture(), scan_name="a.jpg", signed_on=today()
        )


def test_no_picture_no_paper() -> None:
    with pytest.raises(FileRefused):
        send_paper_copy(
            printed(offered()),
            by=CONSUMER,
            scan=io.BytesIO(b"MZ not a picture"),
            scan_name="a.jpg",
            signed_on=today(),
        )
    assert not PaperCopy.objects.exists()


def test_paper_after_an_online_signature_is_not_accepted() -> None:
    agreement = printed(offered())
    copy = paper_sent(agreement)
    consumer_signs(agreement)

    with pytest.raises(CaseError, match="别的方式"):
        accept_paper_copy(copy, by=staff(Role.AGENT))


def test_what_was_handed_in_is_kept_by_the_database() -> None:
    copy = paper_sent(printed(offered()))
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        PaperCopy.objects.filter(pk=copy.pk).update(text_sha256="0" * 64)
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        PaperCopy.objects.filter(pk=copy.pk)._raw_delete("default")
    assert Agreement.objects.get(pk=copy.agreement_id).status == AgreementStatus.OFFERED


def test_who_vouches_for_the_paper_does_not_sign_for_the_company() -> None:
    both = Actor.staff(make_user(Role.AGENT, Role.MANAGER))
    recorded = printed(offered())
    accept_paper_copy(paper_sent(recorded), by=both)
    with pytest.raises(StepForbidden, match="同一个人"):
        company_signs(recorded, by=both)
    assert company_signs(recorded).status == AgreementStatus.SIGNED

    other = printed(offered())
    company_signs(other, by=both)
    with pytest.raises(StepForbidden, match="同一个人"):
        accept_paper_copy(paper_sent(other), by=both)
    with pytest.raises(StepForbidden, match="同一个人"):
        record_paper_signature(
            other, by=both, scan=picture(), scan_name="签名.jpg", signed_on=today()
        )
    assert other.signers.get(role="consumer").signed_at is None


def test_paper_is_not_older_than_its_text() -> None:
    agreement = printed(offered())
    before = today() - timedelta(days=1)
    with pytest.raises(CaseError, match="定稿") as caught:
        send_paper_copy(
            agreement,
            by=CONSUMER,
            scan=picture(),
            scan_name="签名.jpg",
            signed_on=before,
        )
    assert caught.value.field == "signed_on"
    with pytest.raises(CaseError, match="定稿"):
        record_paper_signature(
            agreement, by=staff(Role.AGENT), scan=picture(), scan_name="a.jpg", signed_on=before
        )


def test_signed_paper_that_waits_is_not_thrown_away_on_the_quiet() -> None:
    agreement = printed(offered())
    copy = paper_sent(agreement)
    with pytest.raises(CaseError, match="纸质"):
        void_agreement(agreement, by=staff(Role.AGENT), reason="写错了")
    case = fresh(agreement.case)
    assert has_signatures(case)
    with pytest.raises(CaseError) as caught:
        draft_agreement(case, by=staff(Role.AGENT))
    assert caught.value.field == "change_reason"
    copy.refresh_from_db()
    assert copy.status == CheckStatus.WAITING

    draft_agreement(case, by=staff(Role.AGENT), change_reason="发票漏写了")
    copy.refresh_from_db()
    assert (copy.status, bool(copy.reason)) == (CheckStatus.REJECTED, True)


def test_refusal_ends_the_paper_that_waits() -> None:
    agreement = printed(offered())
    copy = paper_sent(agreement)
    refuse_to_sign(agreement, by=CONSUMER, reason="我改主意了")
    copy.refresh_from_db()
    assert copy.status == CheckStatus.REJECTED
