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
from agreements.services.papering import accept_paper_copy, reject_paper_copy, send_paper_copy
from agreements.services.pursuing import pursue
from agreements.states import AgreementStatus, SignMethod
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Clock, OutboxMessage
from complaints.moments import shift_to
from complaints.states import ClockKind, ClockState
from documents.errors import FileRefused
from tests.agreements.makers import company_signs, consumer_signs, offered, picture
from tests.agreements.signing_makers import paper_sent, printed
from tests.factories import staff

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
