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
from agreements.models import Agreement, Obligation, PaperCopy, Payment
from agreements.services.drafting import draft_agreement
from agreements.services.factors import Factor
from agreements.services.offering import refuse_to_sign
from agreements.services.papering import accept_paper_copy
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
    company_factor,
    fulfilling_case,
    last_code,
    offered,
    only_obligation,
    payment,
    picture,
)
from tests.agreements.signing_makers import app_code, paper_sent, printed, with_app
from tests.factories import make_user, staff

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
    factor = company_factor(fresh(agreement), approver)
    return lambda: sign_for_company(fresh(agreement), by=approver, factor=factor, position="主管")


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


def test_paper_accepted_while_signing_online_is_one_signature() -> None:
    agreement = offered()
    copy = paper_sent(printed(agreement))
    agent = staff(Role.AGENT)
    ends = at_once(consumers_signature(agreement), lambda: accept_paper_copy(copy, by=agent))

    assert "done" in ends
    assert CaseEvent.objects.filter(case=agreement.case, kind="signature_given").count() == 1
    assert broken_link(Case.objects.get(pk=agreement.case_id)) is None


def test_signature_and_another_text_at_once_have_one_outcome() -> None:
    """Whoever comes first: no signature stands under a text that nobody signed."""
    agreement = offered()
    agent = staff(Role.AGENT)
    at_once(
        consumers_signature(agreement),
        lambda: draft_agreement(fresh(agreement).case, by=agent, change_reason="漏写了"),
    )

    old, new = Agreement.objects.order_by("version")
    assert (old.status, new.status) == (AgreementStatus.SUPERSEDED, AgreementStatus.DRAFT)
    assert not new.signers.filter(signed_at__isnull=False).exists()


def test_paper_racing_the_deadline_has_one_outcome() -> None:
    agreement = printed(offered())
    assert agreement.sign_by is not None
    shift_to(agreement.sign_by)
    ends = at_once(lambda: paper_sent(agreement), lambda: pursue())

    assert ends == ["SigningClosed", "done"]
    assert fresh(agreement).status == AgreementStatus.VOID
    assert not PaperCopy.objects.exists()


def test_one_code_of_the_app_in_two_hands_signs_once() -> None:
    user = make_user(Role.APPROVER)
    factor, by = Factor(code=app_code(with_app(user))), Actor.staff(user)
    one, other = offered(), offered()
    ends = at_once(
        lambda: sign_for_company(fresh(one), by=by, factor=factor),
        lambda: sign_for_company(fresh(other), by=by, factor=factor),
    )

    assert ends == ["CodeRefused", "done"]


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
