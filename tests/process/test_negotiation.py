"""协商: 两个以上的方案由消费者选；都不合适可以说自己的想法；到期不会自动放弃。"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.states import Role
from compensation.models import Offer
from complaints.states import Stage
from tests.compensation.makers import offered_case
from tests.factories import make_user
from tests.liability.makers import determined_case
from tests.process.answers import distress
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner, Investigator
from tests.process.pages import PageProblem
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind


@pytest.fixture
def determined(company: object) -> str:
    """A case whose finding stands, and no plan yet."""
    return determined_case().reference


@pytest.fixture
def offered(company: object, consumer: ConsumerBrowser) -> str:
    """A case whose consumer has two options before them."""
    case = offered_case()
    consumer.holds(case)
    return case.reference


def test_consumer_chooses_and_nothing_is_preselected(
    consumer: ConsumerBrowser, offered: str
) -> None:
    """「由你选择」: no option is ticked beforehand; a choice without one is refused."""
    page = consumer.tracks(offered)
    options = page.form_with("就选这个方案").fields["option"].options
    assert len(options) == 2 and not any(option.chosen for option in options)

    with nothing_left_behind():
        refused = consumer.press(page, "就选这个方案", status=422)
    assert "请选一个方案" in refused

    page = consumer.chooses_plan(offered, "换新并补偿")
    assert page.heading == "方案选好了，我们在准备协议"
    assert Offer.objects.get().status == "accepted"


def test_ways_out_are_always_beside_the_plan(consumer: ConsumerBrowser, offered: str) -> None:
    """「不同意可以复议、调解、打 12315」: on the tracking page and on the page of the plans."""
    tracking = consumer.tracks(offered)
    choosing = consumer.open(f"/my/{offered}/plan/")

    for page in (tracking, choosing):
        assert page.offers("都不合适，说说我的想法")
        assert page.offers("不同意责任认定，申请复议") or page.offers("申请复议")
        assert page.offers("请第三方调解")
        assert page.offers("拨打 12315")


def test_consumer_says_something_else_and_gets_a_better_offer(
    consumer: ConsumerBrowser, agent: Agent, offered: str, post: Post
) -> None:
    """「说说我的想法」: the words reach the handler, and a new plan takes the old one's place."""
    consumer.says_else(offered, "不想再换，希望退款并补偿误工 50 元。")
    assert "希望退款并补偿误工" in agent.case(offered)

    agent.plans(offered, refund="349.00")
    agent.sends_offer(offered)

    page = consumer.tracks(offered)
    assert "请选择补偿方案" in page.heading and "349.00" in page
    assert "新的补偿方案" in post.last("zhou@example.test", offered).subject
    assert Offer.objects.filter(status="countered").count() == 1
    consumer.chooses_plan(offered, "全额退款")


def test_empty_idea_is_refused(consumer: ConsumerBrowser, offered: str) -> None:
    """「请写下你的想法」: nothing is ended by an empty page."""
    page = consumer.click(consumer.tracks(offered), "都不合适，说说我的想法")
    with nothing_left_behind():
        consumer.press(page, "发送", {"text": "  "}, status=422)

    assert Offer.objects.get().status == "open"


def test_expired_offer_stays_readable_and_gives_nothing_up(
    consumer: ConsumerBrowser, offered: str, clock: TheClock, post: Post
) -> None:
    """「到期未选，我们会再联系你，不会自动放弃」: two notices, and still open to a new offer."""
    assert post.to("zhou@example.test", offered)
    clock.reaches(Offer.objects.get().expires_at + timedelta(minutes=1))

    assert "到期" in post.last("zhou@example.test", offered).subject or post.to(
        "zhou@example.test", "过期"
    )
    page = consumer.tracks(offered)
    assert "看看之前的方案" in page and "全额退款" in page
    assert not page.offers("就选这个方案")
    assert page.offers("请你们再发一份方案")
    assert the(offered).stage == Stage.NEGOTIATING


def test_choice_after_the_end_is_refused(
    consumer: ConsumerBrowser, offered: str, clock: TheClock
) -> None:
    """「有效期」: a page that was left open until after the end takes no choice."""
    page = consumer.tracks(offered)
    clock.reaches(Offer.objects.get().expires_at + timedelta(minutes=1))
    option = page.form_with("就选这个方案").fields["option"].options[0].value

    with nothing_left_behind():
        consumer.press(page, "就选这个方案", {"option": option}, status=422)


def test_unanswered_case_is_closed_only_after_two_notices_and_a_wait(
    consumer: ConsumerBrowser, agent: Agent, offered: str, clock: TheClock
) -> None:
    """「两次通知都没有答复」: not before 48 hours after the second notice have passed."""
    clock.reaches(Offer.objects.get().expires_at + timedelta(minutes=1))
    early = agent.open(f"/desk/cases/{offered}/offer/close/")
    assert "48 小时" in early and not early.offers("结案并通知消费者")

    clock.passes(hours=48, minutes=1)
    agent.press(agent.takes_next_step(offered), "结案并通知消费者")

    assert the(offered).stage == Stage.CLOSED
    assert consumer.tracks(offered).heading == "这起投诉已经办结"


def test_consumer_who_wrote_after_the_notice_is_not_closed_as_silent(
    consumer: ConsumerBrowser, agent: Agent, offered: str, clock: TheClock
) -> None:
    """「没有答复」 means silence: a message after the second notice must be answered first."""
    clock.reaches(Offer.objects.get().expires_at + timedelta(minutes=1))
    consumer.writes(offered, "我出差了，周末给你答复。")
    clock.passes(days=3)

    page = agent.open(f"/desk/cases/{offered}/offer/close/")

    assert "请先答复" in page and not page.offers("结案并通知消费者")
    assert the(offered).stage == Stage.NEGOTIATING


def test_offer_is_taken_back_with_a_reason(
    consumer: ConsumerBrowser, agent: Agent, offered: str, post: Post
) -> None:
    """「收回重发」: with its reason; the consumer is told, and it is our turn again."""
    page = agent.chooses(offered, "收回方案", tab="compensation")
    with nothing_left_behind():
        agent.press(page, "收回方案", {"reason": ""}, status=422)

    agent.press(page, "收回方案", {"reason": "漏算了运费"})

    assert "我们收回了这次的方案" in consumer.tracks(offered)
    assert "收回" in post.last("zhou@example.test", offered).body


def test_plan_over_a_limit_is_approved_by_another_person(
    agent: Agent, approver: CompanySigner, determined: str
) -> None:
    """「拟定和审批不能是同一个人」: 1437 yuan are over an agent's 1000; another person approves."""
    agent.plans(determined, refund="1437.00")
    assert not agent.case(determined).offers("发给消费者")

    approver.approves(determined)
    agent.sends_offer(determined)

    assert the(determined).stage == Stage.NEGOTIATING


def test_maker_may_not_approve_their_own_plan(
    company: object, approver: CompanySigner, determined: str
) -> None:
    """「拟定和审批不能是同一个人」: who wrote the plan sees it greyed, with why, and no button."""
    both = Agent(make_user(Role.AGENT, Role.APPROVER, display_name="身兼两职"))
    both.logs_in()
    both.plans(determined, **distress("o0", "100.00"))

    page = both.open(reverse("approvals"))

    assert "你参与了拟定，要由另一位同事审批" in page
    assert not page.offers("批准")
    assert approver.open(reverse("approvals")).offers("批准")


def test_plan_given_back_is_written_again(
    agent: Agent, approver: CompanySigner, determined: str
) -> None:
    """「退回要写理由」: without one nothing happens; with one the author reads it."""
    agent.plans(determined, refund="1437.00")
    with nothing_left_behind(), pytest.raises(PageProblem):
        approver.gives_back(determined, "")

    approver.gives_back(determined, "损失没有票据，先核实。")

    page = agent.takes_next_step(determined)
    assert "损失没有票据，先核实。" in page
    Agent.writes_plan(agent, page, refund="899.00")
    agent.sends_offer(determined)
    assert the(determined).stage == Stage.NEGOTIATING


def test_plan_below_the_legal_minimum_is_refused(agent: Agent, determined: str) -> None:
    """「不低于法定最低金额」: less than the law gives is not saved, and says why."""
    page = agent.takes_next_step(determined)

    with nothing_left_behind():
        refused = agent.writes_plan(page, refund="299.00", legal_minimum="300.00", status=422)

    assert "低于法定最低金额" in refused.summary


def test_plan_needs_two_options(agent: Agent, determined: str) -> None:
    """「两个以上的补偿方案」: one alone is no choice."""
    page = agent.takes_next_step(determined)

    with nothing_left_behind():
        refused = agent.writes_plan(page, refund="299.00", options=1, status=422)

    assert "至少要有两个选项" in refused.summary


def test_new_evidence_sends_an_open_offer_back_to_investigation(
    consumer: ConsumerBrowser, investigator: Investigator, offered: str
) -> None:
    """「有新证据重新调查」: the offer ends, and the consumer sees the investigation go on."""
    page = investigator.chooses(offered, "重新调查", tab="liability")
    with nothing_left_behind():
        investigator.press(page, "重新调查", {"reason": " "}, status=422)

    investigator.press(page, "重新调查", {"reason": "收到新的检测报告"})

    assert the(offered).stage == Stage.INVESTIGATING
    assert consumer.tracks(offered).heading == "我们正在调查"
    assert not consumer.tracks(offered).offers("就选这个方案")
