"""水壶案: 逐项核定损失, 按规则提出方案, 底线和条文消费者看得到, 讨价还价, 选定。"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.services import plan_absence
from accounts.states import AbsenceReason, Role
from compensation.models import LossItem, Offer, OfferReply
from compensation.states import PlanStatus
from complaints.models import Case
from complaints.moments import now
from complaints.states import Stage
from tests.compensation.makers import plan_of, severe_case
from tests.factories import make_user
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Approver, CompanySigner
from tests.process.staff import Agent, the
from tests.process.traces import nothing_left_behind

FACTS = {"price_paid": "1299.00", "return_and_refund": True, "as_described": True}


@pytest.fixture
def kettle(company: object, consumer: ConsumerBrowser) -> Case:
    """A kettle of 1299 yuan whose finding stands."""
    case = severe_case(
        amount_paid=Decimal("1299.00"),
        purchased_on=(now() - timedelta(days=20)).date(),
    )
    consumer.holds(case)
    return case


def at(name: str, case: Case) -> str:
    return reverse(f"compensation:{name}", args=[case.reference])


def loses(agent: Agent, case: Case, told: str, amount: str, kind: str) -> None:
    """Enter a loss on its page."""
    said = {
        "kind": kind, "description": told, "claimed": amount, "currency": "CNY",
        "incurred_on": (now() - timedelta(days=1)).strftime("%Y-%m-%d"),
    }  # fmt: skip
    agent.press(agent.open(at("losses", case)), "登记损失", said)


def verifies(agent: Agent, case: Case, amount: str, reason: str = "", status: int = 200) -> None:
    """Verify the loss entered last."""
    last = LossItem.objects.order_by("number").last()
    page = agent.open(at("loss_verify", case))
    said = {"loss": str(last.pk), "amount": amount, "reason": reason}
    agent.press(page, "核定", said, status=status)


def reckons_and_proposes(agent: Agent, case: Case) -> None:
    """Losses, floor, and the plan just as the rules propose it."""
    loses(agent, case, "寄回运费", "38.00", "freight")
    verifies(agent, case, "38.00")
    loses(agent, case, "台面修复", "120.00", "property")
    with nothing_left_behind():
        verifies(agent, case, "100.00", status=422)
    verifies(agent, case, "100.00", "票据只到 100 元")
    sheet = agent.open(at("sheet_edit", case))
    assert sheet.form_with("核算并保存").fields["other_losses"].value == "138.00"
    agent.press(sheet, "核算并保存", FACTS)


def test_the_kettle_is_planned_offered_countered_and_settled(
    consumer: ConsumerBrowser, agent: Agent, approver: CompanySigner, kettle: Case
) -> None:
    """「逐项核定」「多种选项」「不低于法定」: from the losses to the choice, in two rounds."""
    reckons_and_proposes(agent, kettle)
    page = agent.takes_next_step(kettle.reference)
    assert "按规则建议的方案" in page and "寄回运费" in str(page.form_with("提交方案").fields)
    agent.press(page, "提交方案", {})
    plan = plan_of(kettle)
    assert plan.status == PlanStatus.PENDING_APPROVAL
    assert [option.total for option in plan.options.all()] == [1437, 338, 138]
    assert [check["code"] for check in plan.checks] == ["amount"]

    approver.approves(kettle.reference)
    agent.sends_offer(kettle.reference)
    read = consumer.tracks(kettle.reference)
    assert "法律规定至少给你 ¥1,437.00" in read and "第五十二条" in read
    assert "其中依法 ¥138.00，我们另外加 ¥200.00" in read

    page = consumer.click(read, "都不合适，说说我的想法")
    with nothing_left_behind():
        consumer.press(page, "发送", {"text": "太少", "amount": "-5"}, status=422)
    page = consumer.click(consumer.tracks(kettle.reference), "都不合适，说说我的想法")
    consumer.press(page, "发送", {"text": "请假两天，想要补偿误工。", "amount": "1800"})
    assert OfferReply.objects.get().amount == Decimal("1800.00")
    assert "1,800.00" in agent.case(kettle.reference, "compensation")

    more = {
        "o0-lines-3-kind": "goodwill", "o0-lines-3-description": "误工补偿",
        "o0-lines-3-amount": "200.00", "o0-lines-3-layer": "goodwill",
    }  # fmt: skip
    page = agent.takes_next_step(kettle.reference)
    with nothing_left_behind():
        refused = agent.press(page, "提交方案", more, status=422)
    assert "方案偏离公司标准，请写明理由" in refused.summary
    agent.press(refused, "提交方案", {**more, "deviation_reason": "有两天的请假证明。"})
    assert "有两天的请假证明。" in approver.open(reverse("approvals"))
    approver.approves(kettle.reference)
    agent.sends_offer(kettle.reference)

    read = consumer.tracks(kettle.reference)
    assert "和上一轮比" in read and "误工补偿" in read and "1,637.00" in read
    consumer.chooses_plan(kettle.reference, "全额退款")
    offer = Offer.objects.get(number=2)
    assert (offer.status, offer.chosen_option.total) == ("accepted", Decimal("1637.00"))
    assert the(kettle.reference).stage == Stage.NEGOTIATING


def test_none_is_taken_and_after_three_rounds_a_third_party_is_proposed(
    consumer: ConsumerBrowser, agent: Agent, approver: CompanySigner, kettle: Case
) -> None:
    """「都不接受」 gives nothing up; when three rounds led nowhere, mediation is proposed."""
    reckons_and_proposes(agent, kettle)
    for number in (1, 2, 3):
        agent.press(agent.takes_next_step(kettle.reference), "提交方案", {})
        approver.approves(kettle.reference)
        agent.sends_offer(kettle.reference)
        assert "轮方案都没有谈成" not in consumer.tracks(kettle.reference)
        page = consumer.click(consumer.tracks(kettle.reference), "都不接受")
        assert "法律规定至少给你 ¥1,437.00" in page
        consumer.press(page, "都不接受", {"text": "" if number == 1 else "还是不行"})
        assert "你没有接受这次的方案" in consumer.tracks(kettle.reference)

    page = consumer.tracks(kettle.reference)
    assert "3 轮方案都没有谈成" in page and page.offers("请第三方调解")
    assert "建议提请调解" in agent.case(kettle.reference, "compensation")
    assert Offer.objects.filter(status="declined").count() == 3


def test_a_manager_does_not_approve_their_own_plan_and_a_stand_in_does(
    company: object, agent: Agent, approver: CompanySigner, kettle: Case
) -> None:
    """「拟定和审批不能是同一个人」「授权和缺勤」: over the limit a manager waits like anybody."""
    manager = Agent(make_user(Role.MANAGER, display_name="主管甲"))
    manager.logs_in()
    reckons_and_proposes(manager, kettle)
    manager.press(manager.takes_next_step(kettle.reference), "提交方案", {})
    assert plan_of(kettle).status == PlanStatus.PENDING_APPROVAL
    assert "你参与了拟定，要由另一位同事审批" in manager.open(reverse("approvals"))

    other = Approver(make_user(Role.INVESTIGATOR, display_name="代理人"))
    other.logs_in()
    assert other.client.get(reverse("approvals")).status_code == 403
    today = now().date()
    plan_absence(
        approver.user,
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=3),
        reason=AbsenceReason.LEAVE,
        by=make_user(Role.MANAGER),
        stand_in=other.user,
    )
    page = other.open(reverse("approvals"))
    assert f"你代 {approver.user} 审批" in page
    form = next(form for form in page.forms if any(x.words == "批准" for x in form.buttons))
    other.send(page, form, form.button("批准"))
    plan = plan_of(kettle)
    assert (plan.decided_by, plan.decided_for) == (other.user, approver.user)
