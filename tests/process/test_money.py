"""专项资金: 拨入、发出方案时预留、不够就发不出、付款后记账、导出给会计。"""

from __future__ import annotations

import pytest
from django.urls import reverse

from complaints.models import Case
from tests.compensation.makers import approved_plan
from tests.liability.makers import determined_case
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner, Finance, Manager
from tests.process.pages import Page
from tests.process.staff import Agent, the
from tests.process.traces import nothing_left_behind


@pytest.fixture
def planned(company: object, consumer: ConsumerBrowser) -> str:
    """A case with an approved plan of 299.00 that was not sent yet."""
    case = determined_case()
    approved_plan(case)
    consumer.holds(Case.objects.get(pk=case.pk))
    return case.reference


def opens_fund(finance: Finance, amount: str) -> Page:
    """Open a fund and allot its budget; gives the fund's page."""
    page = finance.open(reverse("compensation:funds"))
    page = finance.press(page, "建立资金", {"name": "2026 年补偿"})
    answers = {"allot-amount": amount, "allot-note": "年初预算"}
    return finance.press(page, "登记预算", answers)


def test_finance_sets_money_aside_and_follows_it_to_the_payment(
    finance: Finance,
    agent: Agent,
    approver: CompanySigner,
    consumer: ConsumerBrowser,
    planned: str,
) -> None:
    """「财务专款」: what is free, reserved, committed and paid adds up at every step."""
    fund = opens_fund(finance, "1000.00").url

    agent.sends_offer(planned)
    page = finance.open(fund)
    assert "发出方案，预留" in page and "701.00" in page and planned in page

    consumer.chooses_plan(planned, "全额退款")
    agent.drafts_agreement(planned)
    agent.offers_agreement(planned)
    consumer.signs(planned)
    approver.signs_for_company(planned)
    assert "签署协议，承诺" in finance.open(fund)

    finance.pays(planned)
    page = finance.open(fund)
    assert "付款" in page and "299.00" in page


def test_a_plan_over_the_fund_is_not_sent_until_more_is_allotted(
    finance: Finance, agent: Agent, planned: str
) -> None:
    """「还差……请先追加预算」: the offer stays here, and goes out after the allotment."""
    fund = opens_fund(finance, "100.00").url
    send = agent.takes_next_step(planned)
    with nothing_left_behind():
        refused = agent.press(send, "发给消费者", {"valid_days": 7}, status=422)
    assert "还差 199.00" in refused

    finance.press(finance.open(fund), "登记预算", {"allot-amount": "199.00", "allot-note": "追加"})
    agent.sends_offer(planned)

    assert the(planned).stage == "negotiating"


def test_an_absurd_budget_is_refused(finance: Finance) -> None:
    """「金额要大于 0」, 「最多减到可用的金额」: nothing is booked."""
    fund = opens_fund(finance, "100.00").url
    for amount in ("0", "-100.01", "1.001", "abc"):
        with nothing_left_behind():
            answers = {"allot-amount": amount, "allot-note": "x"}
            finance.press(finance.open(fund), "登记预算", answers, status=422)


def test_manager_reads_the_funds_from_the_desk(manager: Manager, finance: Finance) -> None:
    """「补偿资金」: a manager finds the balances from the desk."""
    opens_fund(finance, "100.00")

    page = manager.click(manager.open(reverse("desk")), "补偿资金")

    assert "2026 年补偿" in page and "100.00" in page
