"""The bank's reports on a batch: refused is due again, accepted is no payment, odd is listed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from agreements.banking import matching
from agreements.banking.matching import KnownOrder
from agreements.banking.reports import ACCEPTED, PENDING, REJECTED, judge, read_report
from agreements.banking.statements import NotAStatement
from agreements.models import Obligation, Payment, Payout, Statement, StatementEntry
from agreements.services.reconciling import import_statement
from agreements.services.reporting import import_bank_file, import_report
from agreements.services.settling import fail_payout
from agreements.states import PayoutState
from compensation.selectors.funds import journal_is_kept, sums_of
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Notification, OutboxMessage
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
from tests.agreements.report_files import report, told
from tests.agreements.test_banking import BOMB, DTD, OUTSIDE
from tests.agreements.test_races import at_once
from tests.compensation.money_makers import fund_of
from tests.factories import staff
from tests.liability.doors import staff_client

DAY = "2026-11-22"


def known(state: str = matching.SENT, amount: str = "299.00") -> KnownOrder:
    return KnownOrder(Decimal(amount), "CNY", state)


def verdicts(*rows: str, state: str = matching.SENT, **fields: str) -> list[tuple[str, str]]:
    found = read_report(report("PB-1", *rows, day=DAY, **fields))
    orders = {"K1": known(state), "K2": known(state), "OTHER": known()}
    return [(v.outcome, v.problem) for v in judge(found, orders, members={"K1", "K2"})]


@pytest.mark.parametrize(
    ("row", "state", "verdict"),
    [
        (told("K1", "RJCT", reason="AC04"), matching.SENT, (REJECTED, "")),
        (told("K1", "CANC"), matching.SENT, (REJECTED, "")),
        (told("K1", "RJCT"), matching.FAILED, (matching.DUPLICATE, "failed_known")),
        (told("K1", "RJCT"), matching.PAID, (matching.UNMATCHED, "rejected_after_paid")),
        (told("K1", "RJCT"), matching.BACK, (matching.DUPLICATE, "returned_before")),
        (told("K1", "RJCT"), matching.PLANNED, (matching.UNMATCHED, "not_released")),
        (told("K1", "ACSC"), matching.SENT, (ACCEPTED, "")),
        (told("K1", "ACCP"), matching.PAID, (ACCEPTED, "")),
        (told("K1", "ACSP"), matching.FAILED, (matching.UNMATCHED, "taken_after_failed")),
        (told("K1", "PDNG"), matching.SENT, (PENDING, "")),
        (told("K9", "RJCT"), matching.SENT, (matching.UNMATCHED, "unknown_key")),
        (told("", "RJCT"), matching.SENT, (matching.UNMATCHED, "no_key")),
        (told("OTHER", "RJCT"), matching.SENT, (matching.UNMATCHED, "other_batch")),
        (told("K1", "RJCT", amount="298.00"), matching.SENT,
         (matching.WRONG_AMOUNT, "order_differs")),
    ],
)  # fmt: skip
def test_row_gets_its_verdict(row: str, state: str, verdict: tuple[str, str]) -> None:
    assert verdicts(row, state=state) == [verdict]


def test_whole_batch_refused_refuses_what_it_does_not_name() -> None:
    rows = (told("K2", "RJCT", reason="AC01"),)

    assert verdicts(*rows, group="RJCT", reason="FF01") == [(REJECTED, "")] * 2
    assert verdicts(group="RJCT", reason="FF01") == [(REJECTED, "")] * 2
    assert verdicts(*rows, block="RJCT") == [(REJECTED, "")] * 2
    assert verdicts(*rows, group="PART") == [(REJECTED, "")]
    found = read_report(report("PB-1", *rows, group="RJCT", reason="FF01", day=DAY))
    spoken = judge(found, {"K1": known(), "K2": known()}, members={"K1", "K2"})
    assert [v.row.reason for v in spoken] == ["AC01", "FF01"]


def test_same_order_twice_counts_once() -> None:
    assert verdicts(told("K1", "RJCT"), told("K1", "RJCT")) == [
        (REJECTED, ""),
        (matching.DUPLICATE, "row_twice"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "entities"),
        (OUTSIDE, "entities"),
        (DTD, "entities"),
        (b"<Document/>", "other_document"),
        (report("", group="RJCT", day=DAY), "no_original"),
        (report("PB-1", day=DAY), "no_entries"),
        (report("PB-1", told("K1", "WHAT"), day=DAY), "status"),
        (report("PB-1", told("K1", "ACCP"), group="RJCT", day=DAY), "contradiction"),
        (report("PB-1", told("K1", "RJCT", amount="-1"), day=DAY), "amount"),
        (report("PB-1", told("K1", "RJCT"), total="x", day=DAY), "amount"),
        (report("PB-1", told("K1", "RJCT"), day="soon"), "date"),
        (report("PB-1", told("K1", "RJCT"), day=DAY)[:-20], "not_xml"),
    ],
)
def test_what_is_no_report_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(NotAStatement) as caught:
        read_report(data)
    assert caught.value.code == code


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(NotAStatement):
        read_report(data)


@given(st.lists(st.sampled_from(["RJCT", "ACSC", "PDNG", "ACCP"]), min_size=1, max_size=20))
def test_every_order_gets_one_verdict_and_only_a_refusal_is_one(codes: list[str]) -> None:
    keys = [f"K{number}" for number in range(len(codes))]
    rows = [told(key, code) for key, code in zip(keys, codes, strict=True)]
    found = judge(
        read_report(report("PB-1", *rows, day=DAY)), {k: known() for k in keys}, members=keys
    )

    assert [v.row.key for v in found] == keys
    assert [v.outcome == REJECTED for v in found] == [code == "RJCT" for code in codes]


@pytest.mark.django_db
def test_refused_payment_is_due_again_with_the_banks_reason() -> None:
    fund = fund_of("1000.00")
    first, second = paid_case(), paid_case()
    batch = released(first, second)
    gone, kept = only_payout(first), only_payout(second)
    rows = (
        told(gone.key, "RJCT", reason="AC04", text="账户已销户", amount="299.00"),
        told(kept.key, "ACSC"),
        told("PB2020000001-0001", "RJCT"),
    )
    data = report(batch.number, *rows, group="PART", count="2", total="598.00")
    read, is_new = import_bank_file(data, by=finance(), name="status.xml")

    assert is_new and read.format == "p002"
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.state, gone.reason) == (PayoutState.FAILED, "AC04 账户已销户")
    assert kept.state == PayoutState.SENT and not Payment.objects.exists()
    assert sums_of(fund).committed == Decimal("598.00") and journal_is_kept(fund)
    assert OutboxMessage.objects.filter(case=first, kind="payment_returned").exists()
    assert Notification.objects.filter(case=first, kind="payment_returned").exists()
    assert [(e.outcome, e.problem, e.amount) for e in read.entries.order_by("position")] == [
        ("rejected", "", Decimal("299.00")),
        ("accepted", "", Decimal("299.00")),
        ("unmatched", "unknown_key", None),
    ]
    assert import_report(data, by=finance(), name="again.xml") == (read, False)
    assert batch_of(first).payouts.get().amount == Decimal("299.00")
    import_statement(csv_of(("debit", "299.00", kept.key, "B1")), by=finance(), name="x.csv")
    assert Payment.objects.get().obligation == duty_of(second)


@pytest.mark.django_db
def test_report_on_another_file_books_nothing() -> None:
    case = paid_case()
    draft = batch_of(paid_case())
    batch = released(case)
    key = only_payout(case).key
    for data, words in (
        (report("PB-2020-000001", told(key, "RJCT")), "不是我们的"),
        (report(draft.number, told(key, "RJCT")), "没有放行过"),
        (report(batch.number, told(key, "RJCT"), count="2"), "笔数或合计"),
        (report(batch.number, told(key, "RJCT"), total="1.00"), "笔数或合计"),
        (report(batch.number, told(key, "RJCT"), day="2999-01-01"), "今天以后"),
        (report(batch.number, told(key, "HMM")), "状态读不懂"),
    ):
        with pytest.raises(CaseError, match=words):
            import_bank_file(data, by=finance(), name="x.xml")
    with pytest.raises(StepForbidden):
        import_report(report(batch.number, group="RJCT"), by=staff(Role.AGENT), name="x.xml")

    assert not Statement.objects.exists() and not StatementEntry.objects.exists()
    assert Payout.objects.get(key=key).state == PayoutState.SENT


@pytest.mark.django_db
def test_accepted_after_it_was_recorded_as_not_paid_is_an_alarm() -> None:
    case = paid_case()
    batch = released(case)
    fail_payout(only_payout(case), by=finance(), reason="银行电话说账户不对")
    data = report(batch.number, told(only_payout(case).key, "ACSC"))
    read, _is_new = import_report(data, by=finance(), name="x.xml")

    assert read.entries.get().problem == "taken_after_failed"
    client = staff_client(Role.FINANCE)
    assert "别再付一次" in client.get(reverse("agreements:statements")).content.decode()


@pytest.mark.django_db
def test_page_takes_a_report_and_says_where_the_money_is() -> None:
    case = paid_case()
    batch = released(case)
    data = report(batch.number, group="RJCT", reason="FF01")
    client = staff_client(Role.FINANCE)
    file = SimpleUploadedFile("status.xml", data, "application/xml")
    page = client.post(reverse("agreements:statements"), {"file": file}, follow=True)

    text = page.content.decode()
    assert "银行没有付" in text and "RJCT FF01" in text and "回到了待付款项" in text
    assert Obligation.objects.get(pk=duty_of(case).pk).status == "pending"
    address = reverse("agreements:statement_csv", args=[Statement.objects.get().pk])
    assert b"rejected" in client.get(address).content


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_same_refusal_in_two_files_at_once_and_a_payment_by_hand() -> None:
    fund = fund_of("1000.00")
    case = paid_case()
    batch = released(case)
    key, people = only_payout(case).key, [finance(), finance()]
    files = [report(batch.number, told(key, "RJCT"), number=f"R-{n}") for n in range(2)]

    results = at_once(
        *[
            lambda by=by, data=data: import_report(data, by=by, name="x.xml")
            for by, data in zip(people, files, strict=True)
        ]
    )
    assert results == ["done", "done"]
    assert sorted(StatementEntry.objects.values_list("outcome", flat=True)) == [
        "duplicate",
        "rejected",
    ]
    assert OutboxMessage.objects.filter(case=case, kind="payment_returned").count() == 1
    paid(duty_of(Case.objects.get(pk=case.pk)))
    assert sums_of(fund).paid == Decimal("299.00") and journal_is_kept(fund)
