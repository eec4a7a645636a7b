"""Finance at once: one release, one batch, one reading, one payment."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agreements.banking.providers import SandboxProvider
from agreements.models import Payment, Payout, PayoutBatch, Statement
from agreements.services.batches import release_batch
from agreements.services.reconciling import import_statement
from agreements.services.sending import send_payout
from agreements.states import BatchState, PayoutState
from compensation.selectors.funds import journal_is_kept
from complaints.models import Case
from complaints.services.events import broken_link
from complaints.states import Stage
from tests.agreements.makers import paid
from tests.agreements.pay_makers import (
    batch_of,
    csv_of,
    duty_of,
    finance,
    only_payout,
    paid_case,
    released,
)
from tests.agreements.test_races import at_once
from tests.compensation.money_makers import fund_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def check_paid_once(case: Case) -> None:
    assert Payment.objects.count() == 1
    assert Case.objects.get(pk=case.pk).stage == Stage.FOLLOWING_UP
    assert broken_link(Case.objects.get(pk=case.pk)) is None


def test_same_payment_in_two_batches_at_once_is_in_one() -> None:
    case = paid_case()
    people = [finance() for _ in range(4)]

    results = at_once(*[lambda by=by: batch_of(case, by=by) for by in people])
    assert results == ["CaseError", "CaseError", "CaseError", "done"]
    assert PayoutBatch.objects.count() == Payout.objects.count() == 1


def test_two_releases_at_once_are_one() -> None:
    case = paid_case()
    batch, people = batch_of(case), [finance() for _ in range(3)]

    results = at_once(
        *[
            lambda by=by: release_batch(batch, by=by, seen_count=1, seen_total=Decimal("299.00"))
            for by in people
        ]
    )
    assert results == ["CaseError", "CaseError", "done"]
    assert PayoutBatch.objects.get().state == BatchState.RELEASED


def test_same_statement_at_once_is_read_once() -> None:
    fund = fund_of("1000.00")
    case = paid_case()
    released(case)
    data, people = csv_of(("debit", "299.00", only_payout(case).key, "B1")), [finance(), finance()]

    at_once(*[lambda by=by: import_statement(data, by=by, name="x.csv") for by in people])
    assert Statement.objects.count() == 1
    check_paid_once(case)
    assert journal_is_kept(fund)


def test_two_statements_with_the_same_payment_at_once_pay_it_once() -> None:
    case = paid_case()
    released(case)
    key, people = only_payout(case).key, [finance(), finance()]
    files = [csv_of(("debit", "299.00", key, f"B{number}")) for number in range(2)]

    results = at_once(
        *[
            lambda by=by, data=data: import_statement(data, by=by, name="x.csv")
            for by, data in zip(people, files, strict=True)
        ]
    )
    assert results == ["done", "done"]
    assert Statement.objects.count() == 2
    check_paid_once(case)


def test_retried_payout_at_once_pays_once() -> None:
    fund = fund_of("1000.00")
    case = paid_case()
    released(case, channel="provider")
    payout, sandbox = only_payout(case), SandboxProvider()

    results = at_once(*[lambda: send_payout(payout.pk, provider=sandbox) for _ in range(6)])
    assert results == ["done"] * 6
    assert len(sandbox.orders) == 1
    assert Payout.objects.get().state == PayoutState.PAID
    check_paid_once(case)
    assert journal_is_kept(fund)


def test_paid_by_hand_or_by_batch_at_once_but_never_both() -> None:
    case = paid_case()
    duty, by = duty_of(case), finance()

    results = at_once(lambda: batch_of(case, by=by), lambda: paid(duty))
    assert results == ["CaseError", "done"]
    assert Payment.objects.count() + Payout.objects.count() == 1
