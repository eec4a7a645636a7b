"""Outside proceedings: beside the case or instead of it; their end; an award that binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.states import Role
from agreements.days import today
from agreements.errors import AgreementBlocked
from agreements.models import Agreement
from agreements.services.performing import record_payment
from complaints.errors import CaseError, StepForbidden, StepNotAllowed
from complaints.models import Case, Clock
from complaints.services.triage import reopen, withdraw
from complaints.states import ClockKind, ClockState, Stage
from documents.models import StoredFile
from reviews.models import Proceeding
from reviews.services.proceedings import (
    ProceedingData,
    add_step,
    end_proceeding,
    record_award,
    record_proceeding,
)
from reviews.states import ProceedingKind, ProceedingOutcome, ProceedingStatus
from tests.agreements.makers import only_obligation, payment, picture
from tests.factories import staff
from tests.reviews.makers import declined_case, settlement_terms, suspended

pytestmark = pytest.mark.django_db


def data(**fields: Any) -> ProceedingData:
    return replace(
        ProceedingData(
            kind=ProceedingKind.PLATFORM_12315, body="闵行区市场监督管理局", filed_on=today()
        ),
        **fields,
    )


def running(case: Case) -> list[str]:
    rows = Clock.objects.filter(case=case, state=ClockState.RUNNING)
    return sorted(rows.values_list("kind", flat=True))


def test_proceeding_beside_a_final_stage_changes_nothing() -> None:
    case = declined_case()
    recorded = record_proceeding(case, by=staff(Role.AGENT), proceeding=data())

    assert recorded.case.stage == Stage.DECLINED
    ended = end_proceeding(
        recorded, by=staff(Role.AGENT), outcome=ProceedingOutcome.DISMISSED, text="没有立案"
    )
    assert ended.stage == Stage.DECLINED
    assert Proceeding.objects.get().status == ProceedingStatus.ENDED


def test_suspended_handling_rests_and_goes_on() -> None:
    recorded = suspended()
    assert (recorded.case.stage, running(recorded.case)) == (Stage.EXTERNAL, [ClockKind.EXTERNAL])
    case = end_proceeding(
        recorded, by=staff(Role.AGENT), outcome=ProceedingOutcome.WITHDRAWN, text="对方撤诉"
    )

    assert (case.stage, running(case)) == (Stage.INVESTIGATING, [ClockKind.INVESTIGATION])


def test_nothing_left_to_do_closes() -> None:
    case = end_proceeding(
        suspended(),
        by=staff(Role.AGENT),
        outcome=ProceedingOutcome.SETTLED,
        text="庭外和解",
        close_case=True,
    )

    assert case.stage == Stage.CLOSED


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "luck"}, "kind"),
        ({"body": " "}, "body"),
        ({"filed_on": today}, "filed_on"),
    ],
)
def test_record_is_whole(fields: dict[str, object], field: str) -> None:
    if field == "filed_on":
        fields = {"filed_on": today() + timedelta(days=1)}
    with pytest.raises(CaseError) as caught:
        record_proceeding(declined_case(), by=staff(Role.AGENT), proceeding=data(**fields))

    assert caught.value.field == field
    assert not Proceeding.objects.exists()


def test_recording_is_the_desks_and_only_one_suspends() -> None:
    with pytest.raises(StepForbidden):
        record_proceeding(declined_case(), by=staff(Role.REVIEWER), proceeding=data())
    with pytest.raises(StepNotAllowed):
        record_proceeding(declined_case(), by=staff(Role.AGENT), proceeding=data(suspends=True))
    recorded = suspended()
    with pytest.raises(CaseError) as caught:
        record_proceeding(recorded.case, by=staff(Role.AGENT), proceeding=data(suspends=True))
    assert caught.value.field == "suspends"


def test_steps_are_added_while_it_goes_on() -> None:
    recorded = suspended()
    step = add_step(recorded, by=staff(Role.AGENT), happened_on=today(), text="开庭")
    assert step.proceeding_id == recorded.pk
    for fields in (
        {"happened_on": today(), "text": " "},
        {"happened_on": today() + timedelta(days=1), "text": "x"},
    ):
        with pytest.raises(CaseError):
            add_step(recorded, by=staff(Role.AGENT), **fields)

    end_proceeding(recorded, by=staff(Role.AGENT), outcome="other", text="结束")
    with pytest.raises(CaseError, match="已经结束"):
        add_step(recorded, by=staff(Role.AGENT), happened_on=today(), text="迟到的")


def test_judgment_binds_with_its_obligations() -> None:
    recorded = suspended()
    case = record_award(
        recorded,
        by=staff(Role.AGENT),
        terms=settlement_terms("500.00"),
        text="判决支付 500 元",
        decided_on=today(),
        file=picture(),
        file_name="判决书.jpg",
    )
    agreement = Agreement.objects.get()

    assert (case.stage, running(case)) == (Stage.FULFILLING, [ClockKind.OBLIGATION])
    assert (agreement.kind, agreement.plan) == ("judgment", None)
    assert agreement.source_file is not None
    assert case.amount_agreed == agreement.total
    record_payment(
        only_obligation(case),
        by=staff(Role.FINANCE),
        payment=payment("500.00"),
        proof=picture(),
        proof_name="回单.jpg",
        key="j1",
    )
    assert Case.objects.get(pk=case.pk).stage == Stage.FOLLOWING_UP


def test_award_that_does_not_fit_leaves_nothing() -> None:
    recorded = suspended()
    files = StoredFile.objects.count()
    terms = settlement_terms("500.00")
    late = replace(terms.undertakings[0], due_on=today() - timedelta(days=1))
    with pytest.raises(AgreementBlocked):
        record_award(
            recorded,
            by=staff(Role.AGENT),
            terms=replace(terms, undertakings=(late,)),
            text="",
            decided_on=today(),
            file=picture(),
            file_name="判决书.jpg",
        )

    assert not Agreement.objects.exists()
    assert StoredFile.objects.count() == files
    assert Case.objects.get(pk=recorded.case_id).stage == Stage.EXTERNAL


def test_only_courts_and_arbitrators_decide() -> None:
    with pytest.raises(CaseError, match="仲裁和诉讼"):
        record_award(
            suspended(ProceedingKind.PLATFORM_12315),
            by=staff(Role.AGENT),
            terms=settlement_terms(),
            text="x",
            decided_on=today(),
        )


def test_suspending_proceeding_of_a_withdrawn_case_waits_for_its_return() -> None:
    proceeding = suspended()
    case = withdraw(proceeding.case, by=staff(Role.AGENT), reason="消费者来电撤回")
    end = {"by": staff(Role.AGENT), "outcome": ProceedingOutcome.DISMISSED, "text": "没有立案"}
    with pytest.raises(StepNotAllowed):
        end_proceeding(proceeding, **end)
    assert Proceeding.objects.get().is_open

    reopen(case, by=staff(Role.MANAGER), reason="消费者改变主意")
    assert end_proceeding(proceeding, **end).stage != Stage.EXTERNAL
