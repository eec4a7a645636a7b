"""Batches: two people, frozen when released, paid once; payees that two people looked at."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.states import Role
from agreements.banking.orders import Party
from agreements.days import today
from agreements.models import PayeeAccount, Payment, Payout, PayoutBatch
from agreements.selectors import due_payments
from agreements.services.batches import (
    batch_file,
    cancel_batch,
    make_batch,
    release_batch,
    remove_payout,
)
from agreements.services.payees import ask_for_payee, decide_payee, signed_account
from agreements.services.settling import fail_payout
from agreements.states import BatchState, PayeeState, PayoutState
from compensation.models import FundHold
from compensation.selectors.funds import journal_is_kept
from complaints.errors import CaseError, StepForbidden
from complaints.models import CaseEvent, Notification, OutboxMessage
from tests.agreements.makers import fulfilling_case, paid
from tests.agreements.pay_makers import (
    ACCOUNT,
    batch_of,
    duty_of,
    finance,
    only_payout,
    other_payee,
    paid_case,
    release,
    released,
)
from tests.compensation.money_makers import fund_of
from tests.factories import staff

pytestmark = pytest.mark.django_db


def test_due_payments_are_collected_with_the_signed_account() -> None:
    cases = [paid_case(), paid_case("6222 0212 3456 7890 456")]
    batch = batch_of(*cases)
    lines = list(batch.payouts.order_by("pk"))

    assert batch.number.startswith("PB-")
    assert [line.amount for line in lines] == [Decimal("299.00")] * 2
    assert [line.payee.party.account for line in lines] == [ACCOUNT, "6222021234567890456"]
    assert all(line.payee.as_signed for line in lines)
    assert ACCOUNT.encode() not in bytes(lines[0].payee.sealed)
    assert lines[0].payee.masked == "***************0123"
    assert len({line.key for line in lines}) == 2 and all(len(x.key) <= 35 for x in lines)


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("6222 0212-3456 7890", "6222021234567890"),
        ("招商银行 周小华 6217001234567890123", "6217001234567890123"),
        ("支付宝 13800000000000", ""),
        ("原路退回", ""),
        ("13800000001", ""),
        ("622202123456789012 或者 621700123456789012", ""),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("", ""),
    ],
)
def test_only_one_plain_account_is_taken_from_what_was_signed(text: str, account: str) -> None:
    assert signed_account(text) == account


def test_collecting_twice_is_one_batch_and_nothing_is_in_two() -> None:
    case = paid_case()
    first = batch_of(case, key="k")

    assert batch_of(case, key="k").pk == first.pk
    with pytest.raises(CaseError, match="已经在别的批次里"):
        batch_of(case)
    assert PayoutBatch.objects.count() == 1
    with pytest.raises(CaseError, match="已经在付款批次里"):
        paid(duty_of(case))
    with pytest.raises(IntegrityError, match="one_live_payout"), transaction.atomic():
        row = Payout.objects.get()
        row.pk, row.key = None, "another"
        row.save(force_insert=True)


def test_what_is_not_due_is_not_collected() -> None:
    case, other = paid_case(), fulfilling_case()
    with pytest.raises(CaseError, match="至少选一笔"):
        make_batch([], by=finance(), key="a")
    with pytest.raises(CaseError, match="收款账户"):
        batch_of(case, other)
    with pytest.raises(CaseError) as caught:
        batch_of(case, execute_on=today() - timedelta(days=1))
    assert caught.value.field == "execute_on"
    paid(duty_of(case))
    with pytest.raises(CaseError, match="不用付了"):
        make_batch([duty_of(case).pk], by=finance(), key="b")

    assert not PayoutBatch.objects.exists()
    assert not PayeeAccount.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.APPROVER])
def test_only_finance_pays(role: Role) -> None:
    case = paid_case()
    with pytest.raises(StepForbidden):
        batch_of(case, by=staff(role))
    batch = batch_of(case)
    with pytest.raises(StepForbidden):
        release(batch, by=staff(role))


def test_maker_and_changer_never_release() -> None:
    maker, changer = finance(), finance()
    batch = batch_of(paid_case(), paid_case(), by=maker)
    remove_payout(batch.payouts.order_by("pk").first(), by=changer)
    for person in (maker, changer):
        with pytest.raises(StepForbidden, match="两位"):
            release(batch, by=person)
        with pytest.raises(IntegrityError, match="batch_by_two"), transaction.atomic():
            PayoutBatch.objects.filter(pk=batch.pk).update(released_by=person.user)

    assert release(batch).state == BatchState.RELEASED
    assert due_payments().count() == 2


def test_release_sees_what_it_releases() -> None:
    batch = batch_of(paid_case(), paid_case())
    remove_payout(batch.payouts.order_by("pk").first(), by=finance())

    with pytest.raises(CaseError, match="刚刚改过"):
        release_batch(batch, by=finance(), seen_count=2, seen_total=Decimal("598.00"))


def test_released_batch_is_frozen_and_its_files_are_the_same_for_ever() -> None:
    case = paid_case()
    checker = finance()
    batch = release(batch_of(case, paid_case()), by=checker)
    pain = batch_file(batch, by=finance(), kind="pain")
    table = batch_file(batch, by=finance(), kind="table")
    line = only_payout(case)

    assert release(batch, by=checker).pk == batch.pk
    assert batch_file(batch, by=finance(), kind="pain") == pain
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert rows[1][1:4] == [line.key, "周小华", ACCOUNT]
    assert rows[-1][:2] == ["TOTAL", "2"] and rows[-1][6] == "598.00"
    for change in ({"amount": Decimal("1.00")}, {"key": "x"}, {"state": PayoutState.PLANNED}):
        with pytest.raises(IntegrityError, match="does not"), transaction.atomic():
            Payout.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        PayoutBatch.objects.filter(pk=batch.pk).update(total=Decimal("1.00"))
    with pytest.raises(IntegrityError, match="nothing is added"), transaction.atomic():
        copy = Payout.objects.get(pk=line.pk)
        copy.pk, copy.key, copy.state = None, "another", PayoutState.REMOVED
        copy.save(force_insert=True)
    with pytest.raises(CaseError, match="已经放行"):
        remove_payout(line, by=finance())
    with pytest.raises(CaseError, match="已经放行"):
        cancel_batch(batch, by=finance())
    events = CaseEvent.objects.filter(case=case, kind="payout_released", for_consumer=True)
    assert events.count() == 1


def test_file_that_is_not_what_was_released_does_not_go_out(settings) -> None:
    batch = released(paid_case())
    batch.pain_sha256 = "0" * 64

    with pytest.raises(CaseError, match="不一致"):
        batch_file(batch, by=finance(), kind="pain")


def test_cancelled_batch_leaves_its_payments_due() -> None:
    case = paid_case()
    batch = cancel_batch(batch_of(case), by=finance())

    assert cancel_batch(batch, by=finance()).state == BatchState.CANCELLED
    assert batch_of(case).payouts.get().amount == Decimal("299.00")
    with pytest.raises(CaseError, match="不能再改"):
        release(batch)


def test_other_account_needs_somebody_else_and_the_consumer_hears_of_it() -> None:
    case = paid_case()
    duty, asker = duty_of(case), finance()
    other = Party(name="周小华", account="6217 0012 3456 7890 999", bank="招商银行")
    with pytest.raises(CaseError) as caught:
        ask_for_payee(duty.agreement, by=asker, party=other, reason=" ")
    assert caught.value.field == "reason"
    asked = ask_for_payee(duty.agreement, by=asker, party=other, reason="来电更换，已回拨核实")
    with pytest.raises(StepForbidden, match="另一位"):
        decide_payee(asked, by=asker, confirmed=True)
    with pytest.raises(IntegrityError, match="payee_by_two"), transaction.atomic():
        PayeeAccount.objects.filter(pk=asked.pk).update(decided_by=asker.user)
    with pytest.raises(CaseError, match="收款账户"):
        batch_of(case)

    decide_payee(asked, by=finance(), confirmed=True)
    assert only_line(batch_of(case)).payee.party.account == "6217001234567890999"
    assert OutboxMessage.objects.filter(case=case, kind="payee_changed").count() == 1
    with pytest.raises(CaseError, match="已经核对过"):
        decide_payee(asked, by=finance(), confirmed=False)


def only_line(batch: PayoutBatch) -> Payout:
    return batch.payouts.select_related("payee__agreement__case__consumer").get()


def test_refused_account_leaves_the_signed_one() -> None:
    case = paid_case()
    duty = duty_of(case)
    other = Party(name="周小华", account="6217001234567890999")
    asked = ask_for_payee(duty.agreement, by=finance(), party=other, reason="来电更换")
    decide_payee(asked, by=finance(), confirmed=False)

    assert only_line(batch_of(case)).payee.party.account == ACCOUNT


def test_account_changed_after_collecting_stops_the_release() -> None:
    case = paid_case()
    batch = batch_of(case)
    other_payee(case)

    with pytest.raises(CaseError, match="收款账户变了"):
        release(batch)
    assert Payout.objects.get().state == PayoutState.PLANNED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "=HYPERLINK(1)"}, "name"),
        ({"name": "周\u202e小华"}, "name"),
        ({"name": "周" * 71}, "name"),
        ({"account": "12 3"}, "account"),
        ({"account": "6222;DROP"}, "account"),
        ({"account": "DE89370400440532013001"}, "account"),
        ({"bank_code": "1234"}, "bank_code"),
    ],
)
def test_no_account_that_no_bank_takes(change: dict[str, str], field: str) -> None:
    duty = duty_of(paid_case())
    party = replace(Party(name="周小华", account="6217001234567890999"), **change)
    with pytest.raises(CaseError) as caught:
        ask_for_payee(duty.agreement, by=finance(), party=party, reason="来电更换")

    assert caught.value.field == field
    assert not PayeeAccount.objects.exists()


def test_fund_with_too_little_stops_the_release() -> None:
    case = paid_case()
    fund = fund_of("100.00")
    batch = batch_of(case)

    with pytest.raises(CaseError, match=r"还差 199\.00"):
        release(batch)
    assert not FundHold.objects.exists()
    assert journal_is_kept(fund)


def test_what_was_not_paid_is_due_again_and_everybody_is_told() -> None:
    case, reader = paid_case(), finance()
    released(case)
    line = only_payout(case)
    with pytest.raises(CaseError) as caught:
        fail_payout(line, by=finance(), reason="")
    assert caught.value.field == "reason"
    fail_payout(line, by=finance(), reason="账户已销户")
    assert fail_payout(line, by=finance(), reason="again").reason == "账户已销户"

    assert not Payment.objects.exists()
    assert OutboxMessage.objects.filter(case=case, kind="payment_returned").count() == 1
    assert Notification.objects.filter(user=reader.user, kind="payment_returned").count() == 1
    assert batch_of(case).payouts.get().state == PayoutState.PLANNED


def test_payee_states_go_one_way() -> None:
    case = paid_case()
    batch_of(case)
    other_payee(case)
    first = PayeeAccount.objects.get(state=PayeeState.REPLACED)

    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        PayeeAccount.objects.filter(pk=first.pk).update(state=PayeeState.CURRENT)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        PayeeAccount.objects.filter(pk=first.pk).update(masked="****")
