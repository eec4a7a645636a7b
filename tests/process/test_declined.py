"""不予受理: 只能用列出的理由，告诉消费者为什么、还能去哪里；可以复议，也可以重新受理。"""

from __future__ import annotations

import pytest

from complaints.models import AccountabilityItem
from complaints.states import Stage
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.pages import PageProblem
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind


def test_declined_complaint_says_why_and_where_to_go(
    consumer: ConsumerBrowser, agent: Agent, post: Post
) -> None:
    """「不予受理的，说明理由并告知其他途径」: in the mail, and on the page word for word."""
    reference = consumer.has_complained()

    agent.declines(reference, advice="滤芯不是我们卖的，请找购买的店铺，也可以拨打 12315。")

    page = consumer.tracks(reference)
    assert page.heading == "这件事不在我们的处理范围"
    assert "请找购买的店铺" in page
    assert reference in post.last(consumer.email, reference).subject
    assert the(reference).decline_ground == "out_of_remit"


def test_declining_is_an_answer_within_24_hours(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    """「24 小时内告诉你是否受理」: a refusal with its reason keeps the promise too."""
    reference = consumer.has_complained()
    clock.passes(hours=23)

    agent.declines(reference)
    clock.passes(hours=48)

    assert not the(reference).is_late
    assert not AccountabilityItem.objects.exists()


def test_decline_without_advice_or_ground_is_refused(
    consumer: ConsumerBrowser, agent: Agent
) -> None:
    """「只能用列出的理由」: neither without a ground nor without advice, and nothing is sent."""
    reference = consumer.has_complained()
    page = agent.chooses(reference, "不予受理")

    with nothing_left_behind():
        no_advice = agent.press(
            page, "不予受理并通知消费者", {"ground": "identity", "advice": ""}, status=422
        )
        page.form_with("不予受理并通知消费者").fields["ground"].options.clear()
        no_ground = agent.press(page, "不予受理并通知消费者", {"advice": "请找店铺"}, status=422)

    assert no_advice.errors == ["请填写这一项"]
    assert no_ground.errors == ["请选一项"]
    assert the(reference).stage == Stage.RECEIVED


def test_ground_that_is_not_listed_is_not_offered(consumer: ConsumerBrowser, agent: Agent) -> None:
    """「只能用列出的理由」: the page has seven grounds and no field for an eighth."""
    reference = consumer.has_complained()
    page = agent.chooses(reference, "不予受理")
    grounds = page.form_with("不予受理并通知消费者").fields["ground"]

    assert len(grounds.options) == 7
    with pytest.raises(PageProblem):
        grounds.option("too_much_work")


def test_accepted_complaint_can_still_turn_out_not_to_be_ours(
    consumer: ConsumerBrowser, agent: Agent
) -> None:
    """「受理后发现不符合条件」: declined after acceptance, with the same explanation."""
    reference = consumer.has_complained()
    agent.accepts(reference)

    agent.declines(reference, ground="false_material")

    assert the(reference).stage == Stage.DECLINED
    assert consumer.tracks(reference).heading == "这件事不在我们的处理范围"


def test_declined_complaint_is_taken_up_again_by_a_manager(
    consumer: ConsumerBrowser, agent: Agent, manager: Manager, clock: TheClock
) -> None:
    """「有新情况可以重新处理」: only a manager may; it is a new complaint with its 24 hours."""
    reference = consumer.has_complained()
    agent.declines(reference)
    assert not agent.is_offered(reference, "重新处理")

    manager.reopens(reference)

    assert the(reference).stage == Stage.RECEIVED
    assert consumer.tracks(reference).heading == "我们收到了你的投诉"
    clock.passes(hours=24, minutes=1)
    assert the(reference).is_late
