"""并案: 同一件事的两起投诉一起查；每个人都看得到进展，弄错了可以撤销。"""

from __future__ import annotations

from complaints.states import Stage
from tests.process.consumer import ConsumerBrowser
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind


def test_two_complaints_about_one_thing_are_handled_together(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock, post: Post
) -> None:
    """「两起投诉一起查」: the second rests without clocks, and its consumer is told."""
    first, second = consumer.has_complained(), consumer.has_complained()

    agent.press(
        agent.chooses(second, "并入另一案件"),
        "并案",
        {"into": first.lower(), "cause": "same_event"},
    )

    assert the(second).stage == Stage.MERGED
    assert the(second).merged_into == the(first)
    assert first in agent.case(second)
    assert "同一件事引起的另一起投诉" in agent.case(second, "log")
    assert consumer.tracks(second).heading == "和另一起相同的投诉合并处理"
    assert post.to(consumer.email, second)
    agent.accepts(first)
    clock.passes(hours=30)
    assert not the(second).is_late


def test_merge_is_undone_and_the_clock_runs_on(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    """「弄错了可以撤销」: back where it was, with the hours that were left and no more."""
    first, second = consumer.has_complained(), consumer.has_complained()
    clock.passes(hours=10)
    agent.press(
        agent.chooses(second, "并入另一案件"), "并案", {"into": first, "cause": "same_event"}
    )
    clock.passes(hours=5)

    agent.press(agent.takes_next_step(second), "撤销并案")

    assert the(second).stage == Stage.RECEIVED
    assert the(second).merged_into is None
    clock.passes(hours=13, minutes=58)
    assert not the(second).is_late
    clock.passes(minutes=3)
    assert the(second).is_late


def test_merge_into_itself_an_unknown_or_an_ended_case_is_refused(
    consumer: ConsumerBrowser, agent: Agent
) -> None:
    """「由另一案件继续处理」: only an open case can; each refusal leaves nothing."""
    reference, ended = consumer.has_complained(), consumer.has_complained()
    consumer.withdraws(ended)
    page = agent.chooses(reference, "并入另一案件")

    with nothing_left_behind():
        said = [
            agent.press(page, "并案", {"into": into, "cause": "same_event"}, status=422).errors
            for into in (reference, "RD-2026-999999", ended)
        ]

    assert said == [
        ["不能并入自己。"],
        ["没有找到这个编号的案件，核对一下。"],
        ["要并入的案件已经结束。"],
    ]


def test_accepted_and_investigated_cases_can_be_merged_too(
    consumer: ConsumerBrowser, agent: Agent, investigator: Agent
) -> None:
    """「调查中发现是同一件事」: merged from each stage before the finding, and back again."""
    first, second = consumer.has_complained(), consumer.has_complained()
    agent.accepts(second)
    agent.press(
        agent.chooses(second, "并入另一案件"), "并案", {"into": first, "cause": "same_event"}
    )
    agent.press(agent.takes_next_step(second), "撤销并案")
    assert the(second).stage == Stage.ACCEPTED

    agent.opens_investigation(second, lead=investigator.name)
    agent.press(
        agent.chooses(second, "并入另一案件"), "并案", {"into": first, "cause": "same_event"}
    )

    assert the(second).stage == Stage.MERGED
    agent.press(agent.takes_next_step(second), "撤销并案")
    assert the(second).stage == Stage.INVESTIGATING
