"""批次缺陷，从报警到办完: one plan, each consumer's own word, stop-sale, public statement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.models import Case
from complaints.moments import now
from complaints.states import Stage, Urgency
from documents.services.rendering import render_pending
from liability.models import Incident
from liability.tasks import watch_for_batches
from tests.liability.makers import batch_surge
from tests.process.answers import new_kettle_answers, refund_answers
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner, Finance, Investigator, Manager
from tests.process.staff import Agent, the
from tests.process.surroundings import TheClock

pytestmark = pytest.mark.slow

WORDS = {
    "title_zh": "K7 电热水壶 B-0722 批次",
    "body_zh": "这一批的底座触点有缺陷，请停用，我们退款或者换新。",
    "title_en": "K7 kettles of batch B-0722",
    "body_en": "The base of this batch is faulty. Stop using it: we refund or replace.",
}


def test_from_the_alarm_to_the_last_payment(
    consumer: ConsumerBrowser,
    agent: Agent,
    investigator: Investigator,
    manager: Manager,
    approver: CompanySigner,
    finance: Finance,
    clock: TheClock,
) -> None:
    """停售, 统一方案, 每位消费者自己决定, 公开说明, 了结."""
    agreeing, differing, silent = [case.reference for case in batch_surge()[-3:]]
    watch_for_batches()
    page = investigator.click(investigator.open(reverse("liability:incidents")), "B-0722")
    investigator.press(page, "保存决定", {"decision": "confirm", "reason": "同一班组装配"})
    sales_are_stopped(agent, investigator)
    for reference in (agreeing, differing, silent):
        consumer.holds(the(reference))
        is_found_liable(reference, agent, investigator, approver)
    one_plan_is_offered(agent, approver)

    consumer.chooses_plan(agreeing, "全额退款")
    consumer.says_else(differing)
    shown = agent.open(remedy())
    assert "消费者接受了" in shown and "消费者有别的想法" in shown and "等消费者选择" in shown
    is_signed_and_paid(agreeing, consumer, agent, approver, finance)
    assert the(agreeing).stage == Stage.CLOSED
    assert (the(differing).stage, the(silent).stage) == (Stage.NEGOTIATING, Stage.NEGOTIATING)
    clock.passes(days=9)
    assert "到期没有答复" in agent.open(remedy()), "nobody is taken to agree"
    assert the(silent).stage == Stage.NEGOTIATING

    the_public_is_told(investigator, manager, consumer)
    page = manager.press(manager.open(incident()), "了结", {"reason": "停售完成，余下的单独协商"})
    assert "已了结" in page
    assert watch_for_batches() == 0
    assert not agent.open(remedy()).offers("发给 1 位消费者")


def incident() -> str:
    return reverse("liability:incident", args=[Incident.objects.get().pk])


def remedy() -> str:
    return reverse("compensation:remedy", args=[Incident.objects.get().pk])


def sales_are_stopped(agent: Agent, investigator: Investigator) -> None:
    day = (timezone.localdate(now()) + timedelta(days=1)).isoformat()
    task = {"kind": "stop_sale", "owner": str(agent.user.pk), "due_on": day}
    investigator.press(investigator.open(incident()), "安排", task)
    agent.press(agent.open(incident()), "任务完成", {"result": "三个店铺都已下架"})


def is_found_liable(
    reference: str, agent: Agent, investigator: Investigator, approver: CompanySigner
) -> None:
    """Three alike on one batch within a week are a safety case: severe, and found by two people."""
    if the(reference).urgency == Urgency.EMERGENCY:
        agent.records_safety_action(reference)
    agent.accepts(reference, severity="severe")
    agent.opens_investigation(reference, lead=investigator.name)
    investigator.hears_respondent(reference)
    investigator.finds(reference)
    assert the(reference).stage == Stage.INVESTIGATING
    approver.press(approver.takes_next_step(reference), "批准并作出认定", {"reason": "同意"})
    assert the(reference).stage == Stage.LIABILITY_DETERMINED


def one_plan_is_offered(agent: Agent, approver: CompanySigner) -> None:
    """Written by one, approved by another; sent once, and never a second time."""
    said = {
        "legal_minimum": "299.00",
        "legal_basis": "消费者权益保护法第五十二条",
        **refund_answers("o0", "299.00"),
        **new_kettle_answers("o1", "299.00"),
    }
    page = agent.press(agent.click(agent.open(remedy()), "拟定统一方案"), "送审批", said)
    assert not page.offers("保存决定")
    approver.press(approver.open(remedy()), "保存决定", {"decision": "approve"})
    page = agent.press(agent.open(remedy()), "发给 3 位消费者", {"valid_days": "7"})
    assert "已发给 3 位消费者" in page
    assert Case.objects.filter(stage=Stage.NEGOTIATING).count() == 3
    assert not agent.open(remedy()).offers("发给 3 位消费者")


def is_signed_and_paid(
    reference: str,
    consumer: ConsumerBrowser,
    agent: Agent,
    approver: CompanySigner,
    finance: Finance,
) -> None:
    agent.drafts_agreement(reference)
    agent.offers_agreement(reference)
    render_pending()
    consumer.signs(reference)
    approver.signs_for_company(reference)
    finance.pays(reference)
    consumer.confirms_arrival(reference)


def the_public_is_told(
    investigator: Investigator, manager: Manager, consumer: ConsumerBrowser
) -> None:
    page = reverse("liability:incident_statement", args=[Incident.objects.get().pk])
    own = investigator.press(investigator.open(page), "存为草稿", WORDS)
    assert not own.offers("发布")
    manager.press(manager.open(page), "发布")
    told = consumer.click(consumer.open("/about/safety/"), WORDS["title_zh"])
    assert "请停用" in told
