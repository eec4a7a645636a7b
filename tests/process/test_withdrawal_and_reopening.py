"""撤回和重新处理: 消费者随时可以撤回，以后有新情况，可以请我们接着处理。"""

from __future__ import annotations

from django.urls import reverse

from complaints.states import Stage
from tests.agreements.makers import fulfilling_case
from tests.compensation.makers import offered_case
from tests.liability.makers import investigating_case
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.staff import Agent, the
from tests.process.surroundings import TheClock
from tests.process.traces import nothing_left_behind


def test_consumer_withdraws_and_no_clock_runs(consumer: ConsumerBrowser, clock: TheClock) -> None:
    """「撤回后我们停止处理，已经提交的内容会保留」."""
    reference = consumer.has_complained()

    page = consumer.withdraws(reference)

    assert page.heading == "投诉已撤回"
    assert the(reference).stage == Stage.WITHDRAWN
    clock.passes(days=3)
    assert not the(reference).is_late
    assert not the(reference).clocks.filter(state="running").exists()


def test_withdrawal_asks_once_more(consumer: ConsumerBrowser) -> None:
    """「要撤回这份投诉吗？」: without the tick nothing happens."""
    reference = consumer.has_complained()
    page = consumer.click(consumer.tracks(reference), "撤回投诉")

    with nothing_left_behind():
        consumer.press(page, "撤回投诉", {"reason": "算了"}, status=422)

    assert the(reference).stage == Stage.RECEIVED


def test_withdrawal_after_somebody_moved_the_case_shows_the_new_state(
    consumer: ConsumerBrowser, agent: Agent
) -> None:
    """「页面打开后案件变了」: the old page is not obeyed; what was typed stays; then it works."""
    reference = consumer.has_complained()
    page = consumer.click(consumer.tracks(reference), "撤回投诉")
    agent.accepts(reference)

    with nothing_left_behind():
        stale = consumer.press(page, "撤回投诉", {"reason": "解决了", "sure": True}, status=409)
    done = consumer.press(stale, "撤回投诉")

    assert done.heading == "投诉已撤回"


def test_agent_writes_down_a_withdrawal_by_phone(consumer: ConsumerBrowser, agent: Agent) -> None:
    """「只在消费者明确要求时使用」: with how and why; an empty reason is refused."""
    reference = consumer.has_complained()
    page = agent.chooses(reference, "消费者撤回")
    with nothing_left_behind():
        agent.press(page, "登记撤回", {"reason": ""}, status=422)

    agent.press(page, "登记撤回", {"reason": "11 月 20 日来电，已自行解决"})

    assert consumer.tracks(reference).heading == "投诉已撤回"


def test_withdrawn_investigation_goes_on_where_it_stopped(
    company: object, consumer: ConsumerBrowser, manager: Manager
) -> None:
    """「可以请我们重新处理」: back in the investigation, with the time that was left."""
    case = investigating_case()
    consumer.holds(case).withdraws(case.reference)
    consumer.writes(case.reference, "又冒烟了，请接着处理。")

    manager.reopens(case.reference, "消费者来信要求继续")

    assert the(case.reference).stage == Stage.INVESTIGATING
    assert the(case.reference).clocks.get(kind="investigation").state == "running"
    assert consumer.tracks(case.reference).heading == "我们正在调查"


def test_withdrawal_is_possible_while_choosing_and_not_after_signing(
    company: object, consumer: ConsumerBrowser
) -> None:
    """「协议签好以后没有可以撤回的步骤」."""
    offered, signed = offered_case(), fulfilling_case()
    consumer.holds(offered).withdraws(offered.reference)
    assert the(offered.reference).stage == Stage.WITHDRAWN

    consumer.holds(signed)
    assert not consumer.tracks(signed.reference).offers("撤回投诉")
    page = consumer.open(reverse("mine:withdraw", args=[signed.reference]))
    assert page.heading == "现在不用撤回"
    assert not page.offers("撤回投诉")


def test_agent_may_not_reopen(consumer: ConsumerBrowser, agent: Agent) -> None:
    """「重新处理由主管决定」: an agent is told who may, and a forged request changes nothing."""
    reference = consumer.has_complained()
    consumer.withdraws(reference)

    assert "需要的角色：主管" in agent.case(reference)
    with nothing_left_behind():
        agent.open(reverse("complaints:reopen", args=[reference]), status=403)


def test_reopening_needs_a_reason(consumer: ConsumerBrowser, manager: Manager) -> None:
    """「写明重新处理的理由」."""
    reference = consumer.has_complained()
    consumer.withdraws(reference)
    page = manager.takes_next_step(reference)

    with nothing_left_behind():
        manager.press(page, "重新处理", {"reason": " "}, status=422)

    assert the(reference).stage == Stage.WITHDRAWN
