"""Statements: paid, returned, odd; all of a file or nothing; returned money is owed again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.states import Role
from agreements.banking.orders import PayOrder
from agreements.banking.providers import ProviderAnswer, ProviderUnreachable, SandboxProvider
from agreements.days import today
from agreements.models import Payment, Payout, Statement, StatementEntry
from agreements.selectors import due_payments
from agreements.selectors.payouts import odd_entries
from agreements.services.exporting import entries_csv
from agreements.services.following_up import record_follow_up
from agreements.services.reconciling import accept_partial, handle_entry, import_statement
from agreements.services.sending import send_payouts
from agreements.states import EntryOutcome, FollowUpChannel, ObligationStatus, PayoutState
from compensation.models import FundEntry
from compensation.selectors.funds import journal_is_kept, sums_of
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Clock, Notification, OutboxMessage
from complaints.states import ClockKind, ClockState, Stage
from tests.agreements.camt_files import camt, entry_xml
from tests.agreements.pay_makers import (
    batch_of,
    csv_of,
    duty_of,
    finance,
    only_payout,
    paid_case,
    release,
    released,
)
from tests.compensation.money_makers import fund_of
from tests.factories import staff

pytestmark = pytest.mark.django_db


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def read(data: bytes, **fields: Any) -> Statement:
    statement, _is_new = import_statement(
        data, by=fields.pop("by", None) or finance(), name=fields.pop("name", "对账单.csv")
    )
    return statement


def bank_pays(case: Case, *, ref: str = "B1", amount: str = "299.00", **fields: Any) -> Statement:
    """The bank tells that it paid a case's payout."""
    return read(csv_of(("debit", amount, only_payout(case).key, ref), **fields))


def bank_returns(case: Case, *, ref: str = "R1") -> Statement:
    """The bank tells that the money came back."""
    return read(csv_of(("credit", "299.00", only_payout(case).key, ref)))


def outcomes(statement: Statement) -> list[str]:
    return [entry.outcome for entry in statement.entries.order_by("position")]


def test_payment_that_the_bank_made_performs_the_obligation() -> None:
    fund = fund_of("1000.00")
    case = paid_case()
    released(case)
    assert fresh(case).stage == Stage.FULFILLING
    statement = bank_pays(case)

    row = Payment.objects.get()
    assert outcomes(statement) == [EntryOutcome.MATCHED]
    assert fresh(case).stage == Stage.FOLLOWING_UP
    assert (row.amount, row.reference, row.proof) == (Decimal("299.00"), "B1", None)
    assert row.payout == only_payout(case)
    assert row.payee_masked.endswith("0123")
    assert only_payout(case).state == PayoutState.PAID
    sums = sums_of(fund)
    assert (sums.paid, sums.committed) == (Decimal("299.00"), Decimal("0.00"))
    assert journal_is_kept(fund)


def test_camt_does_the_same() -> None:
    case = paid_case()
    released(case)
    day = today().isoformat()
    data = camt(entry_xml("299.00", key=only_payout(case).key, ref="B1", day=day))

    assert outcomes(read(data, name="camt.xml")) == [EntryOutcome.MATCHED]
    assert fresh(case).stage == Stage.FOLLOWING_UP


def test_same_file_and_same_movement_count_once() -> None:
    case = paid_case()
    released(case)
    first = bank_pays(case)
    again, is_new = import_statement(
        csv_of(("debit", "299.00", only_payout(case).key, "B1")), by=finance(), name="other.csv"
    )
    assert (again.pk, is_new) == (first.pk, False)
    longer = csv_of(("debit", "299.00", only_payout(case).key, "B1"), ("debit", "5.00", "", "B9"))

    assert outcomes(read(longer)) == [EntryOutcome.DUPLICATE, EntryOutcome.UNMATCHED]
    assert outcomes(bank_pays(case, ref="B2")) == [EntryOutcome.DUPLICATE]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [("298.99", EntryOutcome.PARTIAL), ("299.01", EntryOutcome.WRONG_AMOUNT)],
)
def test_another_amount_is_listed_and_books_nothing(amount: str, outcome: str) -> None:
    case = paid_case()
    released(case)

    assert outcomes(bank_pays(case, amount=amount)) == [outcome]
    assert not Payment.objects.exists()
    assert only_payout(case).state == PayoutState.SENT
    assert odd_entries().count() == 1


def test_part_is_booked_by_a_person_and_the_rest_is_due() -> None:
    case = paid_case()
    released(case)
    bank_pays(case, amount="100.00")
    entry = odd_entries().get()
    row = accept_partial(entry, by=finance())

    assert row.amount == Decimal("100.00")
    assert [duty.left for duty in due_payments()] == [Decimal("199.00")]
    assert not odd_entries().exists()
    with pytest.raises(CaseError, match="处理过"):
        accept_partial(entry, by=finance())
    release(batch_of(case))
    bank_pays(case, amount="199.00", ref="B2")
    assert fresh(case).stage == Stage.FOLLOWING_UP


def test_odd_entry_is_looked_after_with_words_once() -> None:
    read(csv_of(("debit", "5.00", "", "B9")))
    entry = odd_entries().get()
    with pytest.raises(CaseError) as caught:
        handle_entry(entry, by=finance(), note=" ")
    assert caught.value.field == "note"
    with pytest.raises(CaseError, match="不是少付"):
        accept_partial(entry, by=finance())
    handle_entry(entry, by=finance(), note="账户管理费")

    with pytest.raises(CaseError, match="处理过"):
        handle_entry(entry, by=finance(), note="again")
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        StatementEntry.objects.update(amount=Decimal("1.00"))
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Statement.objects.update(name="x")


def test_returned_money_is_owed_again_and_everybody_is_told() -> None:
    fund = fund_of("1000.00")
    case, reader = paid_case(), finance()
    released(case)
    bank_pays(case)
    assert outcomes(bank_returns(case)) == [EntryOutcome.RETURNED]
    duty = duty_of(case)

    assert fresh(case).stage == Stage.FULFILLING
    assert (duty.status, duty.times_reopened) == (ObligationStatus.PENDING, 1)
    running = Clock.objects.filter(case=case, state=ClockState.RUNNING)
    assert list(running.values_list("kind", flat=True)) == [ClockKind.OBLIGATION]
    assert only_payout(case).state == PayoutState.RETURNED
    assert Payment.objects.get().return_reason == "AC01 账号不符"
    assert sums_of(fund).committed == Decimal("299.00")
    assert OutboxMessage.objects.filter(case=case, kind="payment_returned").count() == 1
    assert Notification.objects.filter(user=reader.user, kind="payment_returned").exists()
    event = CaseEvent.objects.get(case=case, kind="payment_returned")
    assert "AC01" not in str(event.data)

    release(batch_of(case))
    bank_pays(case, ref="B2")
    assert fresh(case).stage == Stage.FOLLOWING_UP
    assert list(FundEntry.objects.order_by("pk").values_list("kind", flat=True))[-3:] == [
        "pay",
        "return",
        "pay",
    ]
    assert journal_is_kept(fund)


def test_money_returned_after_the_case_was_closed_is_paid_again() -> None:
    case = paid_case()
    released(case)
    bank_pays(case)
    record_follow_up(
        fresh(case),
        by=Actor.consumer(),
        arrived=True,
        rating=5,
        comment="",
        channel=FollowUpChannel.SURVEY,
    )
    assert fresh(case).stage == Stage.CLOSED
    bank_returns(case)

    assert [duty.left for duty in due_payments()] == [Decimal("299.00")]
    release(batch_of(case))
    bank_pays(case, ref="B2")
    assert not due_payments().exists()
    assert fresh(case).stage == Stage.CLOSED


def test_return_before_its_payment_is_listed() -> None:
    case = paid_case()
    released(case)

    assert outcomes(bank_returns(case)) == [EntryOutcome.UNMATCHED]
    assert only_payout(case).state == PayoutState.SENT


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"<a><b></a>", "XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "实体"),
        (camt(entry_xml("1.00"), account="123456789"), "不是我们付款账户"),
        (camt(entry_xml("1.00", day="2099-01-01")), "今天以后"),
        (b"a,b\n1,2\n", "缺少这些列"),
        (b"\x89PNG\0", "不是 CSV"),
    ],
)
def test_wrong_file_books_nothing(data: bytes, words: str) -> None:
    with pytest.raises(CaseError, match=words) as caught:
        read(data)
    assert caught.value.field == "file"
    assert not Statement.objects.exists()


def test_one_wrong_line_books_nothing_of_the_file() -> None:
    case = paid_case()
    released(case)
    data = csv_of(("debit", "299.00", only_payout(case).key, "B1"), ("debit", "x", "", "B2"))

    with pytest.raises(CaseError, match="金额读不懂（3）"):
        read(data)
    assert not Payment.objects.exists()
    assert fresh(case).stage == Stage.FULFILLING


def test_fund_that_can_not_book_it_leaves_nothing_half_done() -> None:
    one, two = paid_case(), paid_case()
    released(one, two)
    fund_of("299.00")
    rows = [
        ("debit", "299.00", only_payout(case).key, f"B{number}")
        for number, case in enumerate((one, two))
    ]
    with pytest.raises(CaseError, match="还差"):
        read(csv_of(*rows))

    assert not Statement.objects.exists()
    assert not Payment.objects.exists()
    assert set(Payout.objects.values_list("state", flat=True)) == {PayoutState.SENT}


def test_only_finance_reads_statements() -> None:
    with pytest.raises(StepForbidden):
        read(csv_of(("debit", "1.00", "", "B")), by=staff(Role.MANAGER))


def test_table_of_verdicts_holds_no_formula() -> None:
    head = csv_of(("debit", "5.00", "=cmd|' /C calc'!A0", "B9")).decode()
    text = entries_csv(read(head.replace("周小华", "@SUM(1)").encode())).decode("utf-8-sig")

    assert "'=cmd" in text and "'@SUM(1)" in text


def provider_batch(*accounts: str) -> list[Case]:
    cases = [paid_case(account) for account in accounts]
    released(*cases, channel="provider")
    return cases


def test_provider_pays_rejects_and_is_asked_again() -> None:
    sandbox = SandboxProvider()
    cases = provider_batch(
        "6222021234567899999", "6222021234567890001", "6222021234567890002", "6222021234567890003"
    )
    assert send_payouts(provider=sandbox) == {"paid": 1, "failed": 1, "waiting": 2}
    assert send_payouts(provider=sandbox) == {"paid": 2, "failed": 0, "waiting": 0}
    assert send_payouts(provider=sandbox) == {"paid": 0, "failed": 0, "waiting": 0}

    assert [only_payout(case).state for case in cases] == ["paid", "failed", "paid", "paid"]
    assert Payment.objects.count() == 3
    assert len(sandbox.orders) == 4
    assert fresh(cases[0]).stage == Stage.FOLLOWING_UP


class Crashing(SandboxProvider):
    """Takes the order, and the line goes down before the answer."""

    def send(self, order: PayOrder) -> ProviderAnswer:
        super().send(order)
        raise ProviderUnreachable


def test_order_whose_answer_was_lost_is_not_sent_again() -> None:
    provider = Crashing()
    (case,) = provider_batch("6222021234567899999")

    assert send_payouts(provider=provider)["waiting"] == 1
    assert send_payouts(provider=provider)["paid"] == 1
    assert (provider.calls, len(provider.orders)) == (1, 1)
    assert Payment.objects.get().payout == only_payout(case)


def test_bank_file_is_not_sent_to_the_provider() -> None:
    released(paid_case())
    sandbox = SandboxProvider()

    assert send_payouts(provider=sandbox)["paid"] == 0
    assert sandbox.calls == 0


def test_payment_booked_before_its_release_is_not_ours() -> None:
    case = paid_case()
    released(case)
    day = (today() - timedelta(days=1)).isoformat()

    assert outcomes(bank_pays(case, day=day)) == [EntryOutcome.UNMATCHED]
