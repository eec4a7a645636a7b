"""外部程序: 12315、消费者协会、仲裁、法院在处理时，我们停下等结果，有结果接着办。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.moments import now
from complaints.states import Stage
from tests.agreements.makers import following_case
from tests.liability.makers import investigating_case
from tests.process.answers import day_input, receipt
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Finance
from tests.process.staff import Agent, the
from tests.process.surroundings import TheClock
from tests.process.traces import nothing_left_behind


@pytest.fixture
def investigated(company: object, consumer: ConsumerBrowser) -> str:
    """A case under investigation."""
    case = investigating_case()
    consumer.holds(case)
    return case.reference


def test_handling_rests_while_a_court_decides_and_goes_on(
    consumer: ConsumerBrowser, agent: Agent, investigated: str, clock: TheClock
) -> None:
    """「我们的处理先停下，结果出来就接着办」: back in the investigation with the time left."""
    agent.records_proceeding(investigated, kind="court")
    assert the(investigated).stage == Stage.EXTERNAL
    page = consumer.tracks(investigated)
    assert page.heading == "正在等外部程序的结果" and "闵行区人民法院" in page
    clock.passes(days=12)
    assert the(investigated).clocks.get(kind="investigation").state == "paused"

    page = agent.takes_next_step(investigated)
    said = {"outcome": "withdrawn", "text": "原告撤诉。", "then": "go_on"}
    agent.press(page, "登记结果", said)

    assert the(investigated).stage == Stage.INVESTIGATING
    assert the(investigated).clocks.get(kind="investigation").state == "running"


def test_result_needs_its_words(agent: Agent, investigated: str) -> None:
    """「登记结果」: an outcome and what it says; nothing is ended without."""
    agent.records_proceeding(investigated, kind="12315")
    page = agent.takes_next_step(investigated)

    with nothing_left_behind():
        agent.press(page, "登记结果", {"outcome": "settled", "then": "go_on"}, status=422)

    assert the(investigated).stage == Stage.EXTERNAL


def test_settled_elsewhere_the_case_is_closed(
    consumer: ConsumerBrowser, agent: Agent, investigated: str
) -> None:
    """「没有要做的了，结案」."""
    agent.records_proceeding(investigated, kind="association")

    page = agent.takes_next_step(investigated)
    said = {"outcome": "settled", "text": "消协调解成功，当场付清。", "then": "close"}
    agent.press(page, "登记结果", said)

    assert the(investigated).stage == Stage.CLOSED
    assert consumer.tracks(investigated).heading == "这起投诉已经办结"


def test_award_is_performed_like_an_agreement(
    consumer: ConsumerBrowser, agent: Agent, finance: Finance, investigated: str
) -> None:
    """「裁决或判决要履行」: what it orders becomes an obligation with a clock, and is paid."""
    agent.records_proceeding(investigated, kind="arbitration")
    page = agent.click(agent.takes_next_step(investigated), "登记裁决或判决")
    with nothing_left_behind():
        agent.press(page, "登记并开始履行", {}, status=422)
    said = {
        "decided_on": day_input(now()),
        "findings": "裁决公司退款并赔偿损失。",
        "paper": receipt(),
        "lines-0-label": "裁决款",
        "lines-0-amount": "800.00",
        "duties-0-kind": "payment",
        "duties-0-description": "支付裁决款",
        "duties-0-amount": "800.00",
        "duties-0-due_on": day_input(now() + timedelta(days=10)),
    }
    agent.press(page, "登记并开始履行", said)

    assert the(investigated).stage == Stage.FULFILLING
    assert "800.00" in consumer.tracks(investigated)
    finance.pays(investigated)
    consumer.confirms_arrival(investigated)
    assert the(investigated).stage == Stage.CLOSED


def test_proceeding_beside_a_closed_case_changes_no_stage(
    company: object, consumer: ConsumerBrowser, agent: Agent
) -> None:
    """「结案以后开始的也要登记」: it stands in the case with its progress; the stage stays."""
    case = following_case()
    consumer.holds(case).confirms_arrival(case.reference)
    page = agent.chooses(case.reference, "登记外部程序")
    said = {"kind": "12315", "body": "闵行区市场监督管理局", "filed_on": day_input(now())}
    agent.press(page, "登记", said)

    page = agent.chooses(case.reference, "登记进展", tab="reviews")
    agent.press(page, "登记", {"happened_on": day_input(now()), "text": "已提交答复材料"})

    assert the(case.reference).stage == Stage.CLOSED
    assert "已提交答复材料" in agent.case(case.reference, "reviews")
    page = agent.chooses(case.reference, "登记结果", tab="reviews")
    agent.press(page, "登记结果", {"outcome": "dismissed", "text": "不予立案"})
    assert the(case.reference).stage == Stage.CLOSED


def test_date_in_the_future_is_refused(agent: Agent, investigated: str) -> None:
    """「提出日期」: nothing can have been filed tomorrow."""
    page = agent.chooses(investigated, "登记外部程序")
    said = {
        "kind": "court",
        "body": "法院",
        "filed_on": day_input(now() + timedelta(days=2)),
        "suspends": True,
    }

    with nothing_left_behind():
        agent.press(page, "登记", said, status=422)

    assert the(investigated).stage == Stage.INVESTIGATING
