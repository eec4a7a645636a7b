"""异常索赔甄别: 只提示，不拒绝；由人决定并写明理由；消费者可以申诉，由另一位同事答复。"""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.states import Role
from complaints.states import Stage
from tests.compensation.money_makers import ring
from tests.factories import make_user
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.pages import PageProblem
from tests.process.staff import Agent, Member, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind


@pytest.fixture
def odd(company: object, consumer: ConsumerBrowser) -> str:
    """One of three claims of three homes with one payee and one photo."""
    case = ring()[0]
    consumer.holds(case)
    return case.reference


def test_a_doubt_is_seen_decided_appealed_and_lifted(
    manager: Manager,
    agent: Agent,
    consumer: ConsumerBrowser,
    odd: str,
    clock: TheClock,
    post: Post,
) -> None:
    """「每个不利的决定有理由、能申诉」: from the list to another colleague's answer."""
    clock.passes(minutes=1)
    listed = manager.click(manager.open(reverse("desk")), "异常索赔")
    page = manager.click(listed, odd)
    assert "同一张图片用在不同的订单上" in page and "案件照常办理" in page

    with nothing_left_behind():
        answers = {"outcome": "ask_proof", "reason": "三起同一张照片"}
        assert "请写明理由" in manager.press(page, "作出决定", answers, status=422)
    manager.press(page, "作出决定", {**answers, "words": "照片和别的投诉相同，请补一张"})

    clock.passes(minutes=1)
    assert "有一处疑问" in post.last("c1@example.test", odd).subject
    tracking = consumer.tracks(odd)
    assert "请补一张" in tracking and "异常" not in tracking
    appeal = consumer.click(tracking, "说明情况或申诉")
    consumer.press(appeal, "提出申诉", {"text": "这是我自己拍的，附上原图"})

    own = manager.open(reverse("compensation:screening", args=[odd]))
    assert "要由另一位同事答复" in own and not own.offers("答复申诉")
    other = Member(make_user(Role.APPROVER))
    other.logs_in()
    page = other.open(reverse("compensation:screening", args=[odd]))
    other.press(page, "答复申诉", {"appeal_outcome": "lifted", "appeal_words": "原图没有问题"})
    assert "原图没有问题" in consumer.open(f"/my/{odd}/screening/")


def test_the_case_goes_on_as_if_nothing_were_said(
    agent: Agent, consumer: ConsumerBrowser, odd: str, clock: TheClock
) -> None:
    """「不拖延、不拒绝」: the claim is accepted like any other, and an agent sees no list."""
    clock.passes(minutes=1)
    agent.accepts(odd)

    assert the(odd).stage == Stage.ACCEPTED
    assert "疑问" not in consumer.tracks(odd)
    with pytest.raises(PageProblem):
        agent.click(agent.open(reverse("desk")), "异常索赔")
