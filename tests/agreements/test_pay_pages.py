"""Finance's pages through HTTP: due payments, batches and their files, payees, statements."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from agreements.days import today
from agreements.models import PayeeAccount, Payment, PayoutBatch, Statement
from agreements.states import BatchState, PayoutState
from complaints.models import Case
from tests.agreements.makers import fulfilling_case
from tests.agreements.pay_makers import (
    ACCOUNT,
    batch_of,
    csv_of,
    duty_of,
    only_payout,
    paid_case,
    released,
)
from tests.liability.doors import staff_client

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def collect(client: Client, *cases: Case, key: str = "k", **fields: Any) -> Any:
    data = {
        "duties": [duty_of(case).pk for case in cases],
        "execute_on": today().isoformat(),
        "channel": "file",
        "key": key,
        **fields,
    }
    return client.post(reverse("finance"), data)


def act(client: Client, batch: PayoutBatch, **data: Any) -> Any:
    return client.post(reverse("agreements:batch", args=[batch.pk]), data)


def read(client: Client, data: bytes, name: str = "bank.csv") -> Any:
    stream = io.BytesIO(data)
    stream.name = name
    return client.post(reverse("agreements:statements"), {"file": stream})


def test_batch_from_the_list_to_the_bank_and_back() -> None:
    case, maker, checker = paid_case(), staff_client(Role.FINANCE), staff_client(Role.FINANCE)
    assert case.reference in page(maker, "finance")
    assert collect(maker, case).status_code == 303
    assert collect(maker, case).status_code == 303
    batch = PayoutBatch.objects.get()
    assert batch.number in page(maker, "finance")
    mine = page(maker, "agreements:batch", batch.pk)
    assert "要由另一位财务同事放行" in mine and ACCOUNT in mine

    answer = act(checker, batch, what="release", count=1, total="299.00")
    assert answer.status_code == 422
    seen = {"what": "release", "count": 1, "total": "299.00", "checked": "on"}
    assert act(maker, batch, **seen).status_code in (403, 422)
    assert act(checker, batch, **seen).status_code == 303
    shown = page(checker, "agreements:batch", batch.pk)
    assert ACCOUNT not in shown
    file = checker.post(reverse("agreements:bank_file", args=[batch.pk, "pain.xml"]))
    assert file.headers["Content-Disposition"] == f'attachment; filename="{batch.number}-pain.xml"'
    assert ACCOUNT.encode() in file.content
    assert (
        checker.get(reverse("agreements:bank_file", args=[batch.pk, "pain.xml"])).status_code == 405
    )
    assert checker.post(reverse("agreements:bank_file", args=[batch.pk, "x"])).status_code == 404

    answer = read(maker, csv_of(("debit", "299.00", only_payout(case).key, "B1")))
    assert answer.status_code == 303
    assert "已对上" in page(maker, "agreements:statement", Statement.objects.get().pk)
    assert Payment.objects.count() == 1
    assert batch.number in page(maker, "agreements:batches")


def test_refusals_are_said_on_the_page() -> None:
    client, other = staff_client(Role.FINANCE), fulfilling_case()
    assert collect(client).status_code == 422
    answer = collect(client, other)
    assert answer.status_code == 422
    assert "收款账户" in answer.content.decode()
    answer = read(client, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    assert answer.status_code == 422
    assert "实体" in answer.content.decode()


def test_line_is_taken_out_or_marked_as_not_paid() -> None:
    client, case = staff_client(Role.FINANCE), paid_case()
    draft = batch_of(case)
    act(client, draft, what="remove", line=only_payout(case).pk)
    assert only_payout(case).state == PayoutState.REMOVED
    act(client, draft, what="cancel")
    draft.refresh_from_db()
    assert draft.state == BatchState.CANCELLED

    batch = released(case)
    act(client, batch, what="not_paid", line=only_payout(case).pk, reason="")
    assert only_payout(case).state == PayoutState.SENT
    act(client, batch, what="not_paid", line=only_payout(case).pk, reason="账户已销户")
    assert only_payout(case).state == PayoutState.FAILED
    assert "账户已销户" in page(client, "agreements:batch", batch.pk)
    assert act(client, batch, what="remove", line="x").status_code == 404


def test_other_account_is_asked_for_and_confirmed_by_another() -> None:
    case = fulfilling_case()
    asker, other = staff_client(Role.FINANCE), staff_client(Role.FINANCE)
    address = reverse("agreements:payee", args=[case.reference])
    data = {"name": "周小华", "account": "6217001234567890999", "bank": "", "bank_code": ""}
    assert asker.post(address, {**data, "reason": ""}).status_code == 422
    assert asker.post(address, {**data, "reason": "来电登记"}).status_code == 303
    payee = PayeeAccount.objects.get()
    assert "你登记的" in page(asker, "finance")
    assert "6217001234567890999" in page(other, "finance")
    confirm = reverse("agreements:confirm_payee", args=[payee.pk])
    assert asker.post(confirm, {"confirm": "1"}).status_code in (303, 403)
    payee.refresh_from_db()
    assert payee.state == "asked"

    other.post(confirm, {"confirm": "1"})
    payee.refresh_from_db()
    assert payee.state == "current"
    assert collect(other, case).status_code == 303


def test_odd_entry_is_handled_from_its_list() -> None:
    client, case = staff_client(Role.FINANCE), paid_case()
    released(case)
    read(
        client, csv_of(("debit", "100.00", only_payout(case).key, "B1"), ("debit", "5.00", "", ""))
    )
    text = page(client, "agreements:statements")
    assert "银行付的比批次里少" in text and "没有客户流水号" in text
    part, fee = Statement.objects.get().entries.order_by("position")
    client.post(reverse("agreements:look_after", args=[part.pk]), {"accept": "1"})
    client.post(reverse("agreements:look_after", args=[fee.pk]), {"note": "手续费"})

    assert "没有等处理的明细" in page(client, "agreements:statements")
    assert Payment.objects.get().amount == 100
    table = client.get(reverse("agreements:statement_csv", args=[Statement.objects.get().pk]))
    assert "手续费" in table.content.decode()


def test_pages_are_for_finance_alone() -> None:
    batch = batch_of(paid_case())
    for role in (Role.AGENT, Role.MANAGER, Role.APPROVER, Role.ADMINISTRATOR):
        client = staff_client(role)
        for name, args in (
            ("finance", []),
            ("agreements:due_csv", []),
            ("agreements:batches", []),
            ("agreements:batch", [batch.pk]),
            ("agreements:statements", []),
        ):
            assert client.get(reverse(name, args=args)).status_code == 403, (role, name)


def test_due_table_shows_no_account() -> None:
    case = paid_case()
    text = staff_client(Role.FINANCE).get(reverse("agreements:due_csv")).content.decode()

    assert case.reference in text and ACCOUNT not in text


def test_lists_take_the_same_statements_whatever_their_length(
    django_assert_max_num_queries: Any,
) -> None:
    cases = [paid_case() for _ in range(4)]
    batch = released(*cases)
    client = staff_client(Role.FINANCE)
    with django_assert_max_num_queries(14):
        client.get(reverse("agreements:batch", args=[batch.pk]))
    with django_assert_max_num_queries(14):
        client.get(reverse("finance"))
