"""复议: 不同意就由没有经手过的人重新看，5 个工作日内决定，结果不会更不利。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.states import Role
from complaints.moments import now
from complaints.states import Stage
from documents.services.rendering import render_pending
from tests.agreements.makers import following_case
from tests.compensation.makers import offered_case
from tests.factories import make_user
from tests.process.consumer import ConsumerBrowser
from tests.process.guests import Reviewer
from tests.process.pages import PageProblem
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind
from tests.reviews.makers import declined_case, requested, unliable_case


@pytest.fixture
def unliable(company: object, consumer: ConsumerBrowser) -> str:
    """A case in which we found that we are not liable."""
    case = unliable_case()
    consumer.holds(case)
    return case.reference


@pytest.fixture
def offered(company: object, consumer: ConsumerBrowser) -> str:
    """A case with an offer."""
    case = offered_case()
    consumer.holds(case)
    return case.reference


@pytest.fixture
def declined(company: object, consumer: ConsumerBrowser) -> str:
    """A complaint that was not accepted."""
    case = declined_case()
    consumer.holds(case)
    return case.reference


def test_consumer_asks_and_the_offer_waits(
    consumer: ConsumerBrowser, offered: str, clock: TheClock, post: Post
) -> None:
    """「复议期间原来的期限停下」: nothing expires while somebody else looks again."""
    page = consumer.asks_for_review(offered, "amount")

    assert page.heading == "正在复议"
    assert post.to("zhou@example.test", offered)
    clock.passes(days=20)
    assert the(offered).stage == Stage.UNDER_REVIEW
    assert "没有做到，抱歉" in consumer.tracks(offered)


def test_ground_and_words_are_needed(consumer: ConsumerBrowser, offered: str) -> None:
    """「为什么不同意」: without a ground or a word nothing begins."""
    page = consumer.click(consumer.tracks(offered), "申请复议")
    with nothing_left_behind():
        no_ground = consumer.press(page, "提交复议申请", {"text": "不对"}, status=422)
        no_words = consumer.press(
            page, "提交复议申请", {"grounds": ["facts"], "text": ""}, status=422
        )

    assert "请至少选一个理由" in no_ground.errors
    assert "请写下你的理由，几句话就可以" in no_words.errors


def test_those_who_handled_the_case_may_not_decide(
    consumer: ConsumerBrowser, reviewer: Reviewer, company: object
) -> None:
    """「由没有经手过的人重新看」: who decided is named as recused and is not offered."""
    case = unliable_case()
    finder = case.findings.get().decided_by
    finder.roles = [Role.INVESTIGATOR, Role.REVIEWER]
    finder.save()
    consumer.holds(case).asks_for_review(case.reference)

    page = reviewer.takes_next_step(case.reference)

    assert finder.display_name in page
    with pytest.raises(PageProblem):
        reviewer.forms_panel(case.reference, finder.display_name)
    reviewer.forms_panel(case.reference, reviewer.name)


def test_decision_is_upheld_with_reasons_and_a_letter(
    consumer: ConsumerBrowser, reviewer: Reviewer, offered: str, post: Post
) -> None:
    """「维持」: back to the offer with the time that was left; the decision comes as a letter."""
    consumer.asks_for_review(offered)
    reviewer.forms_panel(offered, reviewer.name)
    reviewer.decides(offered, "uphold", outcome_text="维持原来的责任认定。")
    render_pending()

    page = consumer.tracks(offered)
    assert the(offered).stage == Stage.NEGOTIATING
    assert "复议决定：维持" in page and "维持原来的责任认定。" in page
    assert page.offers("就选这个方案")
    assert consumer.download(page.link("复议决定书")).startswith(b"%PDF")
    assert post.to("zhou@example.test", offered)


def test_reviewer_outside_the_panel_and_missing_reasons_are_refused(
    consumer: ConsumerBrowser, reviewer: Reviewer, offered: str
) -> None:
    """「每一项理由都要回应」: and only the panel decides."""
    other = Reviewer(make_user(Role.REVIEWER, display_name="另一位"))
    other.logs_in()
    consumer.asks_for_review(offered, "facts", "law")
    reviewer.forms_panel(offered, reviewer.name)

    with nothing_left_behind():
        assert "由复议小组决定" in other.case(offered)
        reviewer.decides(offered, "uphold", reasons="", status=422)

    assert the(offered).stage == Stage.UNDER_REVIEW


def test_decision_sends_the_case_back_to_be_investigated(
    consumer: ConsumerBrowser, reviewer: Reviewer, unliable: str
) -> None:
    """「撤销，重新处理」: the finding stands no more, the investigation begins anew."""
    consumer.asks_for_review(unliable, "new_evidence")
    reviewer.forms_panel(unliable, reviewer.name)

    reviewer.decides(unliable, "remit")

    assert the(unliable).stage == Stage.INVESTIGATING
    assert consumer.tracks(unliable).heading == "我们正在调查"


def test_declined_complaint_is_remitted_and_handled(
    consumer: ConsumerBrowser, reviewer: Reviewer, agent: Agent, declined: str
) -> None:
    """「不予受理也可以复议」: remitted, it is accepted and goes on."""
    consumer.asks_for_review(declined, "law")
    reviewer.forms_panel(declined, reviewer.name)

    reviewer.decides(declined, "remit")

    assert the(declined).stage == Stage.ACCEPTED
    assert agent.takes_next_step(declined).heading == "选择处理方式"


def test_decision_varies_the_plan_upwards_only(
    consumer: ConsumerBrowser, reviewer: Reviewer, agent: Agent, offered: str
) -> None:
    """「变更补偿方案，不会低于原来的」: less is refused; more obliges us to offer so much."""
    consumer.asks_for_review(offered, "amount")
    reviewer.forms_panel(offered, reviewer.name)
    with nothing_left_behind():
        reviewer.decides(offered, "vary", least_amount="100.00", status=422)

    reviewer.decides(offered, "vary", least_amount="500.00")

    assert the(offered).stage == Stage.NEGOTIATING
    agent.plans(offered, refund="520.00")
    agent.sends_offer(offered)
    assert "520.00" in consumer.tracks(offered)


def test_decision_puts_another_finding_in_place(
    consumer: ConsumerBrowser, reviewer: Reviewer, unliable: str
) -> None:
    """「撤销，直接改判」: the reviewers' own finding, with shares that sum to 100."""
    consumer.asks_for_review(unliable)
    reviewer.forms_panel(unliable, reviewer.name)
    finding = {
        "outcome": "liable",
        "reasons_consumer": "视频证明操作没有问题，是产品缺陷。",
        "outward-0-party": "seller",
        "outward-0-share": "100",
        "outward-0-ground": "产品质量法第四十条",
    }
    with nothing_left_behind():
        short = {**finding, "outward-0-share": "90"}
        reviewer.decides(unliable, "substitute", status=422, **short)

    reviewer.decides(unliable, "substitute", **finding)

    assert the(unliable).stage == Stage.LIABILITY_DETERMINED
    assert "责任认定：责任在我们" in consumer.tracks(unliable)


def test_consumer_takes_the_application_back(consumer: ConsumerBrowser, offered: str) -> None:
    """「撤回后回到申请之前的一步」."""
    consumer.asks_for_review(offered)

    consumer.withdraws_review(offered)

    assert the(offered).stage == Stage.NEGOTIATING
    assert consumer.tracks(offered).offers("就选这个方案")


def test_window_is_over_and_other_ways_are_named(
    consumer: ConsumerBrowser, declined: str, clock: TheClock
) -> None:
    """「申请复议的期限已经过了」: the page says so and where else to go."""
    clock.passes(days=17)

    page = consumer.open(f"/my/{declined}/review/")

    assert page.heading == "申请复议的期限已经过了"
    assert "12315" in page and not page.offers("提交复议申请")
    assert not consumer.tracks(declined).offers("申请复议")


def test_late_application_taken_in_by_the_desk_is_dismissed(
    consumer: ConsumerBrowser, agent: Agent, reviewer: Reviewer, declined: str, clock: TheClock
) -> None:
    """「超过期限，不予复议」: a panel says so; the case is where it was."""
    clock.passes(days=17)
    page = agent.chooses(declined, "登记复议申请")
    agent.press(page, "提交复议申请", {"grounds": ["law"], "text": "住院了，出院才看到。"})
    reviewer.forms_panel(declined, reviewer.name)

    reviewer.decides(declined, "dismiss_out_of_time")

    assert the(declined).stage == Stage.DECLINED


def test_closed_case_can_be_reviewed_within_its_window(
    company: object, consumer: ConsumerBrowser, reviewer: Reviewer
) -> None:
    """「结案以后也可以申请复议」: within fifteen days, and upheld it is closed again."""
    case = following_case()
    consumer.holds(case).confirms_arrival(case.reference)
    consumer.asks_for_review(case.reference, "procedure")
    reviewer.forms_panel(case.reference, reviewer.name)

    reviewer.decides(case.reference, "uphold")

    assert the(case.reference).stage == Stage.CLOSED
    assert the(case.reference).closed_at is not None


def test_late_decision_is_a_breach(
    consumer: ConsumerBrowser, offered: str, clock: TheClock
) -> None:
    """「5 个工作日内作出决定」: later than that it shows, and somebody answers for it."""
    requested(the(offered))
    due = the(offered).next_due_at
    assert due is not None and due > now() + timedelta(days=4)

    clock.reaches(due + timedelta(minutes=1))

    assert the(offered).is_late
    assert "没有做到，抱歉" in consumer.tracks(offered)
