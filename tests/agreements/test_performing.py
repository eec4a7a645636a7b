"""Paying, performing, breach and its remedy: every rule, and nothing left behind by a refusal."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.states import Role
from agreements.days import today
from agreements.errors import PaymentConflict
from agreements.models import Breach, LateCharge, Payment
from agreements.selectors import agreement_in_force, due_payments
from agreements.services.breaches import declare_breach, plan_remedy
from agreements.services.performing import (
    confirm_obligation,
    deny_arrival,
    record_payment,
    record_performance,
)
from agreements.services.pursuing import pursue
from agreements.services.returning import return_payment
from agreements.states import ObligationStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Clock
from complaints.moments import now, shift_to
from complaints.states import ClockKind, ClockState, Stage
from documents.models import StoredFile
from tests.agreements.makers import (
    following_case,
    fulfilling_case,
    only_obligation,
    paid,
    payment,
    perform_all,
    picture,
    signed,
)
from tests.compensation.makers import chosen_case
from tests.factories import staff

pytestmark = pytest.mark.django_db


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def clocks(case: Case) -> list[str]:
    return sorted(
        Clock.objects.filter(case=case, state=ClockState.RUNNING).values_list("kind", flat=True)
    )


def test_payment_in_full_performs_and_begins_the_follow_up() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)
    row = paid(duty)
    duty.refresh_from_db()

    assert duty.status == ObligationStatus.PERFORMED
    assert row.payee_masked == "************7890"
    assert row.payee == "6222021234567890"
    assert b"6222021234567890" not in bytes(row.payee_sealed)
    assert fresh(case).stage == Stage.FOLLOWING_UP
    assert clocks(case) == [ClockKind.FOLLOW_UP]


def test_part_payment_leaves_the_rest_owed() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)
    paid(duty, "100.00")
    duty.refresh_from_db()

    assert (duty.status, duty.outstanding) == (ObligationStatus.PENDING, Decimal("199.00"))
    assert [row.left for row in due_payments()] == [Decimal("199.00")]
    assert fresh(case).stage == Stage.FULFILLING


def test_never_more_than_promised() -> None:
    duty = only_obligation(fulfilling_case())
    files = StoredFile.objects.count()
    with pytest.raises(CaseError) as caught:
        paid(duty, "299.01")

    assert caught.value.field == "amount"
    assert not Payment.objects.exists()
    assert StoredFile.objects.count() == files


def test_database_refuses_more_than_promised_and_changes() -> None:
    duty = only_obligation(fulfilling_case())
    row = paid(duty, "200.00")
    copy = Payment.objects.get(pk=row.pk)
    copy.pk, copy.key = None, "another"

    with pytest.raises(IntegrityError, match="would be paid"), transaction.atomic():
        copy.save(force_insert=True)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Payment.objects.filter(pk=row.pk).update(amount=Decimal("1.00"))
    with pytest.raises(IntegrityError, match="never removed"), transaction.atomic():
        Payment.objects.filter(pk=row.pk).delete()
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        type(duty).objects.filter(pk=duty.pk).update(amount=Decimal("1.00"))


def test_same_key_is_the_same_payment() -> None:
    duty = only_obligation(fulfilling_case())
    first = paid(duty, "100.00", key="k1")

    assert paid(duty, "100.00", key="k1").pk == first.pk
    assert Payment.objects.count() == 1
    with pytest.raises(PaymentConflict):
        paid(duty, "50.00", key="k1")


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.APPROVER])
def test_money_is_recorded_by_finance(role: Role) -> None:
    duty = only_obligation(fulfilling_case())

    with pytest.raises(StepForbidden):
        record_payment(
            duty,
            by=staff(role),
            payment=payment(),
            proof=picture(),
            proof_name="回单.jpg",
            key="k",
        )


def test_payment_of_tomorrow_is_refused() -> None:
    duty = only_obligation(fulfilling_case())

    with pytest.raises(CaseError) as caught:
        paid(duty, paid_at=now() + timedelta(days=1))
    assert caught.value.field == "paid_at"


def test_duty_in_kind_is_recorded_with_words_or_proof() -> None:
    case = fulfilling_case(position=2)
    agreement = agreement_in_force(case)
    assert agreement is not None
    money, kind = agreement.obligations.select_related("agreement__case").order_by("position")
    with pytest.raises(CaseError) as caught:
        record_performance(kind, by=staff(Role.AGENT), note=" ")
    assert caught.value.field == "note"
    with pytest.raises(CaseError, match="登记付款"):
        record_performance(money, by=staff(Role.FINANCE), note="付了")

    record_performance(
        kind, by=staff(Role.AGENT), note="", proof=picture(), proof_name="发货单.jpg"
    )
    assert fresh(case).stage == Stage.FULFILLING
    assert clocks(case) == [ClockKind.OBLIGATION]
    assert perform_all(case).stage == Stage.FOLLOWING_UP


def test_recording_twice_changes_nothing() -> None:
    case = fulfilling_case(position=2)
    agreement = agreement_in_force(case)
    assert agreement is not None
    duty = agreement.obligations.select_related("agreement__case").get(kind="replacement")
    once = record_performance(duty, by=staff(Role.AGENT), note="已寄出")

    again = record_performance(duty, by=staff(Role.AGENT), note="又寄出")
    assert (again.note, again.performed_at) == ("已寄出", once.performed_at)


def test_consumer_confirms_what_was_done() -> None:
    case = following_case()
    duty = only_obligation(case)
    done = confirm_obligation(duty, by=Actor.consumer())

    assert done.status == ObligationStatus.CONFIRMED
    assert confirm_obligation(duty, by=Actor.consumer()).confirmed_at == done.confirmed_at


def test_nothing_to_confirm_before_it_is_done() -> None:
    with pytest.raises(CaseError, match="还没有登记完成"):
        confirm_obligation(only_obligation(fulfilling_case()), by=Actor.consumer())


def test_what_did_not_arrive_is_owed_again() -> None:
    case = following_case()
    duty = only_obligation(case)
    deny_arrival(duty, by=Actor.consumer(), note="银行卡没有入账")
    duty.refresh_from_db()

    assert fresh(case).stage == Stage.FULFILLING
    assert (duty.status, duty.times_reopened) == (ObligationStatus.PENDING, 1)
    assert duty.due_on > today()
    assert clocks(case) == [ClockKind.OBLIGATION]


def test_returned_money_is_paid_again() -> None:
    case = following_case()
    duty = only_obligation(case)
    row = Payment.objects.get()
    deny_arrival(duty, by=Actor.consumer())
    with pytest.raises(CaseError, match="还剩"):
        paid(duty, "299.00", key="second")
    return_payment(row, by=staff(Role.FINANCE), reason="账号错误")
    with pytest.raises(CaseError, match="已经登记过"):
        return_payment(row, by=staff(Role.FINANCE), reason="账号错误")

    paid(duty, "299.00", key="second")
    assert fresh(case).stage == Stage.FOLLOWING_UP


def test_money_that_came_back_is_owed_again_at_once() -> None:
    case = following_case()
    return_payment(Payment.objects.get(), by=staff(Role.FINANCE), reason="账号错误")
    duty = only_obligation(case)

    assert fresh(case).stage == Stage.FULFILLING
    assert (duty.status, duty.outstanding) == (ObligationStatus.PENDING, Decimal("299.00"))
    assert clocks(case) == [ClockKind.OBLIGATION]


def test_money_that_arrived_after_all_is_recorded_without_paying_twice() -> None:
    case = following_case()
    duty = only_obligation(case)
    deny_arrival(duty, by=Actor.consumer())
    duty.refresh_from_db()
    record_performance(duty, by=staff(Role.FINANCE), note="银行回单：今天 9:00 入账")

    assert fresh(case).stage == Stage.FOLLOWING_UP


def test_breach_is_declared_only_of_what_is_overdue() -> None:
    case = fulfilling_case()
    with pytest.raises(CaseError, match="没有过期"):
        declare_breach(case, by=staff(Role.AGENT))

    shift_to(only_obligation(case).due_at + timedelta(minutes=1))
    case = declare_breach(case, by=staff(Role.AGENT), reason="银行退票")
    breach = Breach.objects.get()
    assert (case.stage, breach.reason) == (Stage.BREACHED, "银行退票")
    assert clocks(case) == [ClockKind.BREACH_REMEDY]


def test_task_declares_an_overdue_obligation_once() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)
    shift_to(duty.due_at - timedelta(minutes=1))
    assert pursue()["breached"] == 0
    shift_to(duty.due_at + timedelta(minutes=1))

    assert pursue()["breached"] == 1
    assert pursue()["breached"] == 0
    assert Breach.objects.get().declared_by is None


def breached() -> Case:
    case = fulfilling_case()
    shift_to(only_obligation(case).due_at + timedelta(minutes=1))
    return declare_breach(case, by=staff(Role.AGENT))


def test_remedy_gives_a_new_day_and_goes_on() -> None:
    case = breached()
    duty = only_obligation(case)
    for days, dates in ((0, {}), (1, {duty.pk: today() - timedelta(days=1)})):
        with pytest.raises(CaseError) as caught:
            plan_remedy(case, by=staff(Role.AGENT), remedy="改走微信", new_dates=dates)
        assert caught.value.field == f"due_{duty.pk}", days
    with pytest.raises(CaseError, match="怎样补救"):
        plan_remedy(case, by=staff(Role.AGENT), remedy=" ", new_dates={})
    day = today() + timedelta(days=2)
    case = plan_remedy(case, by=staff(Role.AGENT), remedy="改走微信", new_dates={duty.pk: day})
    duty.refresh_from_db()

    assert (case.stage, duty.due_on) == (Stage.FULFILLING, day)
    assert clocks(case) == [ClockKind.OBLIGATION]
    assert Breach.objects.get().new_due == day


def test_paid_during_the_breach_the_remedy_ends_in_the_follow_up() -> None:
    case = breached()
    paid(only_obligation(case))
    assert fresh(case).stage == Stage.BREACHED
    assert Breach.objects.get().remedied_at is not None

    case = plan_remedy(fresh(case), by=staff(Role.AGENT), remedy="已补付", new_dates={})
    assert case.stage == Stage.FULFILLING
    assert [duty.amount for duty in due_payments()] == [LateCharge.objects.get().amount]
    assert perform_all(case).stage == Stage.FOLLOWING_UP


def test_late_again_after_a_remedy_is_a_breach_again() -> None:
    case = breached()
    duty = only_obligation(case)
    day = today() + timedelta(days=1)
    plan_remedy(case, by=staff(Role.AGENT), remedy="明天付", new_dates={duty.pk: day})
    duty.refresh_from_db()
    shift_to(duty.due_at + timedelta(minutes=1))

    assert pursue()["breached"] == 1
    assert Breach.objects.count() == 2


def test_nothing_is_paid_before_it_binds() -> None:
    case = signed(
        chosen_case(),
        effective_on=today() + timedelta(days=5),
    ).case

    assert not due_payments().exists()
    with pytest.raises(CaseError, match="还没有生效"):
        paid(only_obligation(case))
