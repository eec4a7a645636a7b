"""付款批次: 分期付款、退回商品、两人放行、银行退回一笔再付一次、对账，资金账上分文不差。"""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

from django.urls import reverse

from accounts.models import Team
from accounts.states import Role
from agreements.days import today
from agreements.models import Obligation, Payment, Payout
from compensation.models import FundEntry
from compensation.selectors.funds import journal_is_kept, sums_of
from complaints.models import Case
from complaints.states import Stage
from tests.agreements.pay_makers import csv_of
from tests.compensation.makers import chosen_case
from tests.compensation.money_makers import fund_of
from tests.factories import make_user
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner, Finance
from tests.process.pages import Page
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock


def second_finance() -> Finance:
    """Another person in finance."""
    member = Finance(make_user(Role.FINANCE, display_name="财务何"))
    member.logs_in()
    return member


def collects(finance: Finance, duty: Obligation) -> str:
    """Put one due payment into a batch; gives the batch's address."""
    page = finance.open(reverse("finance"))
    finance.press(page, "建批次", {"duties": [str(duty.pk)], "channel": "file"})
    batch = Payout.objects.latest("pk").batch
    return reverse("agreements:batch", args=[batch.pk])


def releases(finance: Finance, address: str) -> Page:
    """Look at a batch and release it."""
    return finance.press(finance.open(address), "放行", {"checked": True})


def reads(finance: Finance, data: bytes) -> Page:
    """Read a statement of the bank."""
    file = io.BytesIO(data)
    file.name = "bank.csv"
    return finance.press(finance.open(reverse("agreements:statements")), "读取", {"file": file})


def pays_by_batch(maker: Finance, checker: Finance, duty: Obligation, *, ref: str) -> Payout:
    """Collect, release, download, and read that the bank paid."""
    address = collects(maker, duty)
    assert "要由另一位财务同事放行" in maker.open(address)
    releases(checker, address)
    payout = Payout.objects.latest("pk")
    reads(maker, csv_of(("debit", str(payout.amount), payout.key, ref)))
    return payout


def test_two_instalments_with_goods_back_one_returned_and_paid_again(
    company: Team,
    consumer: ConsumerBrowser,
    agent: Agent,
    approver: CompanySigner,
    finance: Finance,
    post: Post,
    clock: TheClock,
) -> None:
    """「一分不差、只付一次」: from the draft to the closed case, every step by its person."""
    fund, other = fund_of("1000.00"), second_finance()
    case = chosen_case()
    consumer.holds(case)
    reference = case.reference
    agent.drafts_agreement(
        reference,
        name="周小华",
        payee="6222 0212 3456 7890 123",
        instalments=2,
        every="month",
        handover="ship",
        goods="K7 电热水壶",
        freight="company",
        goods_due=(today() + timedelta(days=7)).isoformat(),
    )
    agent.offers_agreement(reference)
    consumer.signs(reference)
    approver.signs_for_company(reference)
    assert the(reference).stage == Stage.FULFILLING
    duties = Obligation.objects.filter(agreement__case__reference=reference)
    first, second, goods = duties.order_by("position")
    assert (first.amount, second.amount) == (Decimal("149.50"), Decimal("149.50"))
    assert sums_of(fund).committed == Decimal("299.00")

    page = consumer.tracks(reference)
    consumer.press(page, "我寄出了", {"tracking": "顺丰 SF123"})
    page = agent.open(reverse("agreements:perform", args=[reference, goods.pk]))
    agent.press(page, "登记履行", {"note": "仓库收到，完好"})

    payout = pays_by_batch(finance, other, first, ref="B1")
    assert "已付出" in finance.open(reverse("agreements:batch", args=[payout.batch_id]))
    reads(other, csv_of(("credit", "149.50", payout.key, "R1")))
    first.refresh_from_db()
    assert (first.status, first.times_reopened) == ("pending", 1)
    assert post.to("zhou@example.test", "没有到账")
    pays_by_batch(other, finance, first, ref="B2")
    assert the(reference).stage == Stage.FULFILLING
    pays_by_batch(finance, other, second, ref="B3")

    assert the(reference).stage == Stage.FOLLOWING_UP
    kept = Payment.objects.filter(returned_at=None)
    assert sum(row.amount for row in kept) == Decimal("299.00")
    kinds = FundEntry.objects.filter(kind__in=["pay", "return"]).order_by("pk")
    assert [entry.kind for entry in kinds] == ["pay", "return", "pay", "pay"]
    sums = sums_of(type(fund).objects.get(pk=fund.pk))
    assert (sums.paid, sums.committed, sums.free) == (
        Decimal("299.00"),
        Decimal("0.00"),
        Decimal("701.00"),
    )
    assert journal_is_kept(fund)
    consumer.confirms_arrival(reference, rating=5)
    assert Case.objects.get(reference=reference).stage == Stage.CLOSED
