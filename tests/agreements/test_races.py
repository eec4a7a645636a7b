"""Two at once: one outcome stands, whoever is faster."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from accounts.states import Role
from agreements.models import Agreement, Obligation, Payment
from agreements.services.offering import refuse_to_sign
from agreements.services.performing import record_payment
from agreements.services.pursuing import pursue
from agreements.services.signing import request_sign_code, sign_as_consumer, sign_for_company
from agreements.states import AgreementStatus
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent, Clock
from complaints.moments import shift_to
from complaints.services.events import broken_link
from complaints.states import ClockState, Stage
from tests.agreements.makers import (
    NAME,
    fulfilling_case,
    last_code,
    offered,
    only_obligation,
    payment,
    picture,
)
from tests.factories import staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run all in threads of their own; "done", or the name of the error."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            act()
        except CaseError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_related("case").get(pk=agreement.pk)


def consumers_signature(agreement: Agreement) -> Callable[[], object]:
    request_sign_code(agreement, by=Actor.consumer())
    code = last_code(agreement.case)
    return lambda: sign_as_consumer(
        fresh(agreement), by=Actor.consumer(), consent=True, code=code, typed_name=NAME
    )


def companys_signature(agreement: Agreement) -> Callable[[], object]:
    approver = staff(Role.APPROVER)
    return lambda: sign_for_company(fresh(agreement), by=approver, position="主管")


def one_conclusion(agreement: Agreement) -> None:
    case = Case.objects.get(pk=agreement.case_id)
    assert fresh(agreement).status == AgreementStatus.SIGNED
    assert case.stage == Stage.FULFILLING
    assert CaseEvent.objects.filter(case=case, kind="sign").count() == 1
    assert Obligation.objects.filter(agreement=agreement).count() == 1
    assert Clock.objects.filter(case=case, state=ClockState.RUNNING).count() == 1
    assert broken_link(case) is None


def test_both_sides_signing_at_once_conclude_once() -> None:
    agreement = offered()
    ends = at_once(consumers_signature(agreement), companys_signature(agreement))

    assert ends == ["done", "done"]
    one_conclusion(agreement)


def test_two_approvers_at_once_sign_once() -> None:
    agreement = offered()
    ends = at_once(companys_signature(agreement), companys_signature(agreement))

    assert ends == ["SigningClosed", "done"]
    assert agreement.signers.filter(signed_at__isnull=False).count() == 1


def test_double_click_of_the_consumer_signs_once() -> None:
    agreement = offered()
    act = consumers_signature(agreement)
    ends = at_once(act, act)

    assert "done" in ends
    assert CaseEvent.objects.filter(case=agreement.case, kind="signature_given").count() == 1


def test_signature_and_refusal_at_once_have_one_outcome() -> None:
    agreement = offered()
    approver = staff(Role.APPROVER)
    ends = at_once(
        consumers_signature(agreement),
        lambda: refuse_to_sign(fresh(agreement), by=approver, reason="金额不对"),
    )

    assert fresh(agreement).status == AgreementStatus.REFUSED
    assert "done" in ends


def test_signature_racing_the_deadline_has_one_outcome() -> None:
    """Past the date both the task and the consumer act at once: it lapses, nobody has signed."""
    agreement = offered()
    assert agreement.sign_by is not None
    shift_to(agreement.sign_by - timedelta(minutes=2))
    act = consumers_signature(agreement)
    shift_to(agreement.sign_by)
    ends = at_once(act, lambda: pursue())

    assert ends == ["SigningClosed", "done"]
    assert fresh(agreement).status == AgreementStatus.VOID
    assert not agreement.signers.filter(signed_at__isnull=False).exists()


def test_signature_just_in_time_is_not_undone_by_the_task() -> None:
    agreement = offered()
    assert agreement.sign_by is not None
    shift_to(agreement.sign_by - timedelta(minutes=5))
    act = consumers_signature(agreement)
    ends = at_once(act, lambda: pursue())
    shift_to(agreement.sign_by + timedelta(minutes=5))
    pursue()

    assert ends == ["done", "done"]
    assert fresh(agreement).status == AgreementStatus.OFFERED


def test_ten_payments_at_once_never_exceed_what_is_owed() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)
    finance = staff(Role.FINANCE)

    def pay(number: int) -> Callable[[], object]:
        return lambda: record_payment(
            Obligation.objects.select_related("agreement__case__consumer").get(pk=duty.pk),
            by=finance,
            payment=payment("100.00"),
            proof=picture(),
            proof_name="回单.jpg",
            key=f"race-{number}",
        )

    ends = at_once(*(pay(number) for number in range(6)))

    assert ends.count("done") == 2
    assert sum(row.amount for row in Payment.objects.all()) == Decimal("200.00")


def test_same_key_at_once_is_one_payment() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)
    finance = staff(Role.FINANCE)

    def pay() -> object:
        return record_payment(
            Obligation.objects.select_related("agreement__case__consumer").get(pk=duty.pk),
            by=finance,
            payment=payment("299.00"),
            proof=picture(),
            proof_name="回单.jpg",
            key="same",
        )

    at_once(pay, pay)

    assert Payment.objects.count() == 1
    assert Case.objects.get(pk=case.pk).stage == Stage.FOLLOWING_UP


def test_tasks_running_twice_at_once_declare_one_breach() -> None:
    case = fulfilling_case()
    shift_to(only_obligation(case).due_at + timedelta(minutes=1))
    at_once(lambda: pursue(), lambda: pursue())

    assert Case.objects.get(pk=case.pk).stage == Stage.BREACHED
    assert CaseEvent.objects.filter(case=case, kind="declare_breach").count() == 1
