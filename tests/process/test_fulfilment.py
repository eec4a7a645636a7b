"""履行和回访: 按约定的日期办到；没按时办到要说明和补救；没有收到继续办；收到了才结案。"""

from __future__ import annotations

import pytest

from agreements.models import Payment
from complaints.models import AccountabilityItem
from complaints.moments import now
from complaints.states import Stage
from tests.agreements.makers import following_case, fulfilling_case, only_obligation
from tests.agreements.makers import signed as agreement_signed
from tests.compensation.makers import chosen_case
from tests.process.answers import receipt
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Finance, Manager
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind


@pytest.fixture
def owed(company: object, consumer: ConsumerBrowser) -> str:
    """A signed agreement by which we owe a refund."""
    case = fulfilling_case()
    consumer.holds(case)
    return case.reference


@pytest.fixture
def asked(company: object, consumer: ConsumerBrowser) -> str:
    """A case whose consumer is to be asked whether all arrived."""
    case = following_case()
    consumer.holds(case)
    return case.reference


def lets_it_be_overdue(clock: TheClock, reference: str) -> None:
    """Let the obligation's day pass."""
    due = only_obligation(the(reference)).due_on
    clock.passes(days=(due - now().date()).days + 2)


def test_payment_with_proof_completes_fulfilment(
    consumer: ConsumerBrowser, finance: Finance, owed: str, post: Post
) -> None:
    """「补偿到账」: recorded by finance with a receipt; then the consumer is asked."""
    finance.pays(owed)

    assert the(owed).stage == Stage.FOLLOWING_UP
    assert consumer.tracks(owed).heading == "补偿到了吗？"
    assert post.to("zhou@example.test", owed)
    assert owed not in finance.open("/desk/finance/").text.split("最近登记的付款")[0]


def test_payment_without_proof_or_of_another_amount_is_refused(finance: Finance, owed: str) -> None:
    """「付款有凭证」: neither without a receipt nor more than is owed; nothing is recorded."""
    with nothing_left_behind():
        no_proof = finance.pays(owed, proof="", status=422)
        too_much = finance.pays(owed, amount="9999.00", status=422)

    assert "请选择照片或 PDF" in no_proof.errors
    assert too_much.errors
    assert not Payment.objects.exists()


def test_payment_sent_twice_is_one_payment(finance: Finance, owed: str) -> None:
    """「重复点击不会付两次」: the same page sent twice records one payment."""
    page = finance.open(finance.open("/desk/finance/").link_to(f"{owed}/pay/"))
    form = page.form_with("登记付款")
    form.fill({"method": "original_route"})

    for _time in range(2):
        form.fill({"proof": receipt()})
        finance.send(page, form, form.button("登记付款"))

    assert Payment.objects.count() == 1


def test_only_finance_records_a_payment(agent: Agent, owed: str) -> None:
    """「财务登记付款」: an agent is told who may."""
    pk = only_obligation(the(owed)).pk
    with nothing_left_behind():
        agent.open(f"/desk/cases/{owed}/pay/{pk}/", status=403)

    assert "需要的角色：财务" in agent.case(owed)


def test_overdue_obligation_is_a_breach_that_is_told_and_mended(
    consumer: ConsumerBrowser,
    agent: Agent,
    manager: Manager,
    finance: Finance,
    owed: str,
    clock: TheClock,
    post: Post,
) -> None:
    """「没有按协议履行」: declared by itself, told with an apology, mended with a new date."""
    lets_it_be_overdue(clock, owed)

    assert the(owed).stage == Stage.BREACHED
    assert consumer.tracks(owed).heading == "我们没有按协议履行"
    assert post.to("zhou@example.test", owed)
    assert AccountabilityItem.objects.filter(case__reference=owed).exists()
    assert owed in manager.open("/desk/accountability/")

    agent.plans_remedy(owed)
    assert the(owed).stage == Stage.FULFILLING
    finance.pays(owed)
    finance.pays(owed)
    consumer.confirms_arrival(owed, rating=3)
    assert the(owed).stage == Stage.CLOSED


def test_remedy_needs_its_words_and_a_date_ahead(agent: Agent, owed: str, clock: TheClock) -> None:
    """「定新的日期」: a date that has passed is refused, and the breach stays."""
    lets_it_be_overdue(clock, owed)

    with nothing_left_behind():
        agent.plans_remedy(owed, days=-1, status=422)

    assert the(owed).stage == Stage.BREACHED


def test_what_did_not_arrive_is_done_again(
    consumer: ConsumerBrowser, agent: Agent, finance: Finance, asked: str
) -> None:
    """「没有收到，我们继续办」: reopened with a new date, paid again, then closed."""
    consumer.misses_something(asked, comment="卡里没有这笔钱")

    assert the(asked).stage == Stage.FULFILLING
    assert consumer.tracks(asked).heading == "我们在履行协议"
    assert "卡里没有这笔钱" in agent.case(asked, "agreement")
    page = finance.click(finance.takes_next_step(asked), "钱其实到了，登记核实结果")
    finance.press(page, "登记履行", {"note": "银行查到已入账，对方已看到"})
    consumer.confirms_arrival(asked)
    assert the(asked).stage == Stage.CLOSED


def test_consumer_rates_and_the_case_is_closed(
    consumer: ConsumerBrowser, agent: Agent, asked: str, post: Post
) -> None:
    """「你打几分」: the rating is the consumer's; the case closes with it."""
    page = consumer.confirms_arrival(asked, rating=4, comment="慢了一点")

    assert page.heading == "这起投诉已经办结"
    assert "4 分" in agent.case(asked, "agreement")
    assert post.to("zhou@example.test", asked)


def test_answer_about_arrival_must_be_given(consumer: ConsumerBrowser, asked: str) -> None:
    """「都收到了吗？」: no answer is chosen beforehand, and none is taken for a yes."""
    page = consumer.click(consumer.tracks(asked), "告诉我们收到没有")
    assert not any(option.chosen for option in page.form_with("提交").fields["arrived"].options)

    with nothing_left_behind():
        consumer.press(page, "提交", {"rating": 5}, status=422)

    assert the(asked).stage == Stage.FOLLOWING_UP


def test_two_unanswered_tries_close_a_case(
    consumer: ConsumerBrowser, agent: Agent, asked: str, clock: TheClock
) -> None:
    """「两次回访都没有接通」: two tries at two hours' distance, not one and not two at once."""
    early = agent.open(f"/desk/cases/{asked}/follow-up/close/")
    assert "至少回访两次" in early and not early.offers("结案")
    clock.passes(hours=24)
    agent.calls_in_vain(asked)
    with nothing_left_behind():
        agent.calls_in_vain(asked, status=422)

    clock.passes(hours=2, minutes=1)
    agent.calls_in_vain(asked)
    clock.passes(hours=24, minutes=1)
    if the(asked).is_open:
        agent.press(agent.chooses(asked, "联系不上，结案"), "结案")

    assert the(asked).stage == Stage.CLOSED
    assert consumer.tracks(asked).heading == "这起投诉已经办结"


def test_agent_records_the_follow_up_by_phone(
    consumer: ConsumerBrowser, agent: Agent, asked: str
) -> None:
    """「回访」: what the consumer said on the telephone counts as the consumer's word."""
    page = agent.takes_next_step(asked)

    agent.press(page, "登记回访", {"arrived": "yes", "rating": 5, "comment": "满意"})

    assert the(asked).stage == Stage.CLOSED


def test_goods_and_money_are_both_owed(
    company: object, consumer: ConsumerBrowser, agent: Agent, finance: Finance
) -> None:
    """「每一项都办到」: with one of two things done the case is still being fulfilled."""
    case = agreement_signed(chosen_case(position=2)).case
    consumer.holds(case)

    agent.records_performance(case.reference)
    assert the(case.reference).stage == Stage.FULFILLING
    finance.pays(case.reference)

    assert the(case.reference).stage == Stage.FOLLOWING_UP
