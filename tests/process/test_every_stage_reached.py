"""One long story through pages alone, in which each of the sixteen stages is entered and left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.models import CaseEvent
from complaints.moments import now
from complaints.states import Stage
from tests.process.answers import day_input
from tests.process.consumer import ConsumerBrowser
from tests.process.guests import Reviewer
from tests.process.officers import CompanySigner, Finance, Investigator, Manager
from tests.process.staff import Agent, the
from tests.process.surroundings import TheClock


@pytest.mark.slow
def test_every_stage_is_entered_and_left_through_pages(
    consumer: ConsumerBrowser,
    agent: Agent,
    investigator: Investigator,
    reviewer: Reviewer,
    approver: CompanySigner,
    finance: Finance,
    manager: Manager,
    clock: TheClock,
) -> None:
    """「每一步都走得到，也走得出」: from a refusal, by every detour, to a case taken up again."""
    reference = consumer.complains()
    is_declined_and_remitted(reference, consumer, agent, reviewer)
    rests_aside(reference, consumer, agent, investigator, manager)
    investigator.hears_respondent(reference)
    investigator.finds(reference)
    agent.plans(reference)
    agent.sends_offer(reference)
    consumer.asks_for_mediation(reference)
    page = agent.click(agent.takes_next_step(reference), "结束调解")
    agent.press(page, "结束调解", {"outcome": "failed", "note": "金额谈不拢。"})
    consumer.chooses_plan(reference)
    is_signed_for_later(reference, consumer, agent, approver, clock)
    clock.passes(days=40)
    assert the(reference).stage == Stage.BREACHED
    agent.plans_remedy(reference)
    finance.pays(reference)
    finance.pays(reference)  # what the delay costs is owed apart
    consumer.confirms_arrival(reference, rating=2)
    manager.reopens(reference)

    steps = CaseEvent.objects.filter(case__reference=reference).exclude(new_stage="")
    taken = [(event.old_stage, event.new_stage) for event in steps.order_by("sequence")]
    moves = [(old, new) for old, new in taken if old != new]
    assert {new for _old, new in moves} == set(Stage)
    assert {old for old, _new in moves if old} == set(Stage)


def is_declined_and_remitted(
    reference: str, consumer: ConsumerBrowser, agent: Agent, reviewer: Reviewer
) -> None:
    """received → declined → under_review → accepted."""
    agent.declines(reference)
    consumer.asks_for_review(reference, "law")
    reviewer.forms_panel(reference, reviewer.name)
    reviewer.decides(reference, "remit")


def rests_aside(
    reference: str,
    consumer: ConsumerBrowser,
    agent: Agent,
    investigator: Investigator,
    manager: Manager,
) -> None:
    """accepted → external → accepted → investigating → withdrawn → … → merged → investigating."""
    agent.press(agent.chooses(reference, "调整分类"), "保存分类", {"severity": "moderate"})
    agent.records_proceeding(reference, kind="12315")
    page = agent.takes_next_step(reference)
    agent.press(page, "登记结果", {"outcome": "settled", "text": "转回公司", "then": "go_on"})
    agent.opens_investigation(reference, lead=investigator.name)
    consumer.withdraws(reference)
    manager.reopens(reference, "消费者来信要求继续")
    other = consumer.has_complained()
    agent.press(
        agent.chooses(reference, "并入另一案件"), "并案", {"into": other, "cause": "same_event"}
    )
    agent.press(agent.takes_next_step(reference), "撤销并案")


def is_signed_for_later(
    reference: str,
    consumer: ConsumerBrowser,
    agent: Agent,
    approver: CompanySigner,
    clock: TheClock,
) -> None:
    """negotiating → agreed → fulfilling."""
    page = agent.takes_next_step(reference)
    due = next(name for name in page.form_with("保存草稿").fields if name.startswith("due_"))
    start, end = now() + timedelta(days=5), now() + timedelta(days=15)
    agent.press(page, "保存草稿", {"effective_on": day_input(start), due: day_input(end)})
    agent.offers_agreement(reference)
    consumer.signs(reference)
    approver.signs_for_company(reference)
    assert the(reference).stage == Stage.AGREED
    clock.passes(days=6)
    assert the(reference).stage == Stage.FULFILLING
