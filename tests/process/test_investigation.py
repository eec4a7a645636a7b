"""调查: 会办任务发给供货者（链接）, 技术员上门检查, 双方都听过才能认定责任。"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.moments import now
from complaints.states import Stage
from liability.models import ConsultTask, Inspection, Statement
from tests.process.answers import day_input
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Investigator
from tests.process.partners import Partner, Technician, an_inspection_is_agreed, asks
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind


@pytest.fixture
def reference(consumer: ConsumerBrowser, agent: Agent, investigator: Investigator) -> str:
    """A case under investigation."""
    number = consumer.complains()
    agent.accepts(number)
    agent.opens_investigation(number, lead=investigator.name)
    return number


def test_a_supplier_answers_and_a_technician_looks_before_liability_is_found(
    reference: str,
    consumer: ConsumerBrowser,
    investigator: Investigator,
    technician: Technician,
    partner: Partner,
    clock: TheClock,
) -> None:
    """The plan leads to a question and an inspection; then each side was heard."""
    asks(investigator, partner, reference)
    page = partner.answers("抽检 20 件合格，但触点供货批次有变更。")
    assert page.heading == "答复已收到，谢谢"
    contact = the(reference).consumer.contact
    assert not any(value and str(value) in page for value in contact.values())

    an_inspection_is_agreed(reference, consumer, investigator, technician)
    clock.passes(days=1)
    technician.visits(reference, "通电后触点粘连，干烧保护没有动作。")
    plan = investigator.open(reverse("liability:plan", args=[reference]))
    assert "触点供货批次有变更" in plan and "干烧保护没有动作" in plan
    investigator.hears_respondent(reference)
    investigator.finds(reference)

    case = the(reference)
    assert case.stage == Stage.LIABILITY_DETERMINED
    assert not case.clocks.filter(kind="consult", state="running").exists()
    assert {row.name for row in Statement.objects.filter(case=case, heard_at__isnull=False)} == {
        partner.name,
        "生产部门",
    }
    assert case.evidence.filter(uploaded_by_kind="partner", for_consumer=False).count() == 1
    assert Inspection.objects.get(case=case).photos.count() == 1


def test_silence_is_reminded_then_counts_as_heard(
    reference: str, investigator: Investigator, partner: Partner, post: Post, clock: TheClock
) -> None:
    """A supplier who lets its time pass was served: liability can be found, the link ends."""
    asks(investigator, partner, reference, due_on=day_input(now() + timedelta(days=2)))
    first = partner.link()
    task = ConsultTask.objects.get()
    clock.reaches(task.due_at + timedelta(minutes=1))
    reminded = post.to(partner.email, "提醒")
    assert reminded
    assert partner.link() != first
    assert partner.opens_link().heading == "请答复一个问题"
    investigator.finds(reference)
    assert the(reference).stage == Stage.LIABILITY_DETERMINED
    assert partner.opens_link(status=410).heading == "这个链接已经失效"


def test_nobody_is_found_liable_unheard(
    reference: str, investigator: Investigator, partner: Partner
) -> None:
    """A supplier named with a share has time to speak until its day."""
    investigator.hears_respondent(reference)
    asks(investigator, partner, reference)
    page = investigator.takes_next_step(reference)
    said = {
        "outcome": "liable",
        "reasons_consumer": "检测确认是温控器缺陷。",
        "outward-0-party": "supplier",
        "outward-0-name": partner.name,
        "outward-0-share": "100",
        "outward-0-ground": "产品质量法第四十三条",
    }
    with nothing_left_behind():
        page = investigator.press(page, "提交责任认定", said, status=422)
    assert partner.name in page
    partner.answers("温控器是我们的问题。")
    investigator.press(investigator.takes_next_step(reference), "提交责任认定", said)
    assert the(reference).stage == Stage.LIABILITY_DETERMINED


def test_a_link_to_one_task_opens_no_other(
    reference: str, investigator: Investigator, partner: Partner, post: Post
) -> None:
    """The link shows its one question; another task, and the case, are not there."""
    asks(investigator, partner, reference)
    page = partner.opens_link()
    other = Partner(post, name="迅达物流", email="wu@xunda.test")
    asks(investigator, other, reference, question="请提供签收记录。", addressee="logistics")
    assert "请提供签收记录" in other.opens_link()
    assert "请提供签收记录" not in page
    task = ConsultTask.objects.get(party_name=other.name)
    partner.open(reverse("liability:consult_guest", args=[task.pk]), status=404)
    partner.open(reverse("track:case", args=[reference]), status=404)
