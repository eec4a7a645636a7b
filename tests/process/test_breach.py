"""违约: 到期没有办到，一步一步到底：催告、违约金、补救、调解、法院；消费者没办的也一样。"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.states import Role
from agreements.days import today
from agreements.models import Breach, ConsumerLapse, LateCharge, Obligation, Payment
from agreements.selectors import proposed_terms
from agreements.selectors.performance import due_payments
from agreements.states import Debtor, ObligationKind, ObligationStatus
from agreements.terms import Undertaking
from complaints.models import AccountabilityItem, Case
from complaints.moments import now
from complaints.states import Stage
from tests.agreements.makers import fulfilling_case, only_obligation
from tests.agreements.makers import signed as agreement_signed
from tests.compensation.makers import chosen_case
from tests.factories import make_user
from tests.process.answers import day_input, receipt
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Approver, Finance, Manager
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind

CONSUMER = "zhou@example.test"


@pytest.fixture
def owed(company: object, consumer: ConsumerBrowser) -> str:
    """A signed agreement by which we owe a refund of 299.00; 0.05 % a day if we are late."""
    case = fulfilling_case()
    consumer.holds(case)
    return case.reference


def days_go_by(clock: TheClock, reference: str, *, late: int) -> None:
    """Let an obligation's day pass, and so many days more."""
    due = only_obligation(the(reference)).due_on
    clock.passes(days=(due - today()).days + late)


def main_duty(reference: str) -> Obligation:
    """The payment that was promised first."""
    return Obligation.objects.get(agreement__case__reference=reference, position=1)


def remedies(agent: Agent, reference: str, *, days: int = 2) -> None:
    """Promise a new day."""
    agent.plans_remedy(reference, days=days)
    assert the(reference).stage == Stage.FULFILLING


def pays(finance: Finance, reference: str, left: str, **answers: str) -> None:
    """Pay what is first in the list, which must be this much."""
    duty = due_payments().filter(agreement__case__reference=reference).first()
    assert duty is not None
    assert str(duty.left) == left
    finance.pays(reference, **answers)


def test_lapse_is_noticed_told_owned_mended_and_paid_for(
    consumer: ConsumerBrowser,
    agent: Agent,
    manager: Manager,
    finance: Finance,
    owed: str,
    clock: TheClock,
    post: Post,
) -> None:
    """「逾期」到「结案」: nobody presses anything until it is a breach; the days are paid for."""
    days_go_by(clock, owed, late=4)

    assert the(owed).stage == Stage.BREACHED
    mail = post.last(CONSUMER, "没有按时履行")
    assert "每天按未付金额的 0.05% 计违约金" in str(mail.body)
    assert "¥0.60" in consumer.tracks(owed)  # 299.00 x 0.05 % x 4 days = 0.598
    item = AccountabilityItem.objects.get(case__reference=owed, clock__kind="obligation")
    tab = agent.case(owed, "agreement")
    assert tab.link(f"问责事项：{item.get_status_display()}").endswith(f"/{item.pk}/")
    manager.open(f"/desk/accountability/{item.pk}/")

    remedies(agent, owed)
    clock.passes(days=1)
    pays(finance, owed, "299.00")
    row = LateCharge.objects.get()
    assert (row.days, row.amount, row.late) == (5, Decimal("0.75"), main_duty(owed))
    assert the(owed).stage == Stage.FULFILLING
    assert "晚了 5 天" in str(post.last(CONSUMER, "违约金也会付给你").body)
    pays(finance, owed, "0.75")

    assert the(owed).stage == Stage.FOLLOWING_UP
    assert sum(Payment.objects.values_list("amount", flat=True)) == Decimal("299.75")
    consumer.confirms_arrival(owed)
    assert the(owed).stage == Stage.CLOSED
    assert "5 天" in agent.case(owed, "agreement")


def test_nothing_twice_however_often_it_is_looked_at(owed: str, clock: TheClock) -> None:
    """One breach, one item, one mail to each, whether the periodic work runs once or five times."""
    days_go_by(clock, owed, late=2)
    for _time in range(4):
        clock.passes(seconds=30)

    assert Breach.objects.count() == 1
    assert the(owed).outbox.filter(kind="declare_breach").count() == 1
    assert AccountabilityItem.objects.filter(clock__kind="obligation").count() == 1


def test_new_day_missed_too_is_a_second_breach_of_the_same_lateness(
    agent: Agent, finance: Finance, owed: str, clock: TheClock
) -> None:
    """「新的日期」又过了: breached again; the days count from the first day that was agreed."""
    days_go_by(clock, owed, late=1)
    remedies(agent, owed, days=3)
    clock.passes(days=6)
    assert the(owed).stage == Stage.BREACHED
    assert Breach.objects.count() == 2

    remedies(agent, owed)
    pays(finance, owed, "299.00")
    row = LateCharge.objects.get()
    assert (row.days, row.amount) == (7, Decimal("1.05"))  # 299.00 x 0.05 % x 7 = 1.0465


def test_paid_in_parts_each_day_costs_what_was_left(
    agent: Agent, finance: Finance, owed: str, clock: TheClock
) -> None:
    """「未付金额」: after 199.00 on the second day only 100.00 runs on."""
    days_go_by(clock, owed, late=2)
    pays(finance, owed, "299.00", amount="199.00")
    remedies(agent, owed, days=5)
    clock.passes(days=4)
    pays(finance, owed, "100.00")

    row = LateCharge.objects.get()
    assert [(span["days"], span["unpaid"]) for span in row.spans] == [(2, "299.00"), (4, "100.00")]
    assert row.amount == Decimal("0.50")  # (598 + 400) x 0.05 % = 0.499


def test_breach_goes_to_mediation_and_comes_back(
    consumer: ConsumerBrowser, agent: Agent, finance: Finance, owed: str, clock: TheClock
) -> None:
    """「你也可以请第三方调解」: the consumer may; without a result it is mended as before."""
    days_go_by(clock, owed, late=2)
    consumer.asks_for_mediation(owed, "希望马上付款")
    assert the(owed).stage == Stage.MEDIATING

    pays(finance, owed, "299.00")
    page = agent.click(agent.takes_next_step(owed), "结束调解")
    agent.press(page, "结束调解", {"outcome": "no_show", "note": "款已付，双方不再谈。"})
    assert the(owed).stage == Stage.BREACHED
    agent.plans_remedy(owed)
    assert the(owed).stage == Stage.FULFILLING
    pays(finance, owed, "0.30")
    assert the(owed).stage == Stage.FOLLOWING_UP


def test_breach_goes_to_court_and_what_it_orders_is_performed(
    consumer: ConsumerBrowser, agent: Agent, finance: Finance, owed: str, clock: TheClock
) -> None:
    """「按协议起诉」: the judgment is performed instead; late again, the law's rate counts."""
    days_go_by(clock, owed, late=2)
    agent.records_proceeding(owed, kind="court")
    assert the(owed).stage == Stage.EXTERNAL
    page = agent.click(agent.takes_next_step(owed), "登记裁决或判决")
    said = {
        "decided_on": day_input(now()),
        "findings": "判决公司付款。",
        "paper": receipt(),
        "lines-0-label": "判决款",
        "lines-0-amount": "800.00",
        "duties-0-kind": "payment",
        "duties-0-description": "支付判决款",
        "duties-0-amount": "800.00",
        "duties-0-due_on": day_input(now() + timedelta(days=5)),
    }
    agent.press(page, "登记并开始履行", said)
    assert the(owed).stage == Stage.FULFILLING
    assert not Breach.objects.filter(remedied_at=None).exists()

    clock.passes(days=5 + 10)
    assert the(owed).stage == Stage.BREACHED
    remedies(agent, owed)
    pays(finance, owed, "800.00")
    row = LateCharge.objects.get()
    assert (row.basis, row.days, row.amount) == ("decision", 10, Decimal("1.40"))
    assert "民事诉讼法第二百六十四条" in agent.case(owed, "agreement")
    pays(finance, owed, "1.40")
    consumer.confirms_arrival(owed)
    assert the(owed).stage == Stage.CLOSED


# --- The consumer's side --------------------------------------------------------------------------
@pytest.fixture
def goods_owed(company: object, consumer: ConsumerBrowser) -> str:
    """A signed agreement by which the consumer sends the kettle back within three days."""
    case = chosen_case()
    terms = proposed_terms(case)
    assert terms is not None
    back = Undertaking(
        kind=ObligationKind.RETURN_OF_GOODS,
        description="寄回水壶，运费我们付",
        due_on=today() + timedelta(days=3),
        debtor=Debtor.CONSUMER,
    )
    far = today() + timedelta(days=60)
    ours = tuple(replace(duty, due_on=far) for duty in terms.undertakings)
    terms = replace(terms, undertakings=(*ours, back))
    reference = agreement_signed(case, terms=terms).case.reference
    consumer.holds(Case.objects.get(reference=reference))
    return reference


def lapse() -> ConsumerLapse:
    return ConsumerLapse.objects.get()


def test_consumer_is_reminded_gently_and_sends_the_goods(
    consumer: ConsumerBrowser, agent: Agent, goods_owed: str, clock: TheClock, post: Post
) -> None:
    """「等你办的事」: one reminder with time; nothing is charged, ours goes on, the goods come."""
    clock.passes(days=4)
    clock.passes(hours=1)

    assert the(goods_owed).stage == Stage.FULFILLING
    assert len(post.to(CONSUMER, "有一件事等你办")) == 1
    assert lapse().grace_until.isoformat() in consumer.tracks(goods_owed)
    page = agent.chooses(goods_owed, "验收", tab="agreement")
    agent.press(page, "登记验收", {"condition": "as_agreed", "finding": "已收到水壶"})

    assert lapse().outcome == "performed"
    assert not LateCharge.objects.exists()
    clock.passes(days=20)
    assert len(post.to(CONSUMER, "有一件事等你办")) == 1


def test_time_over_a_person_decides(
    agent: Agent, goods_owed: str, clock: TheClock, post: Post
) -> None:
    """「再约一个日期」: after the consumer's time our people are told, and agree on another day."""
    clock.passes(days=4)
    with nothing_left_behind():
        page = agent.chooses(goods_owed, "处理逾期", tab="agreement")
        early = {"outcome": "pursued", "note": "起诉"}
        assert "在此之前" in agent.press(page, "保存", early, status=422)
    clock.passes(days=14)
    assert the(goods_owed).notifications.filter(kind="consumer_grace_over").exists()

    new = today() + timedelta(days=5)
    page = agent.chooses(goods_owed, "处理逾期", tab="agreement")
    said = {"outcome": "extended", "new_due": new.isoformat(), "note": "消费者出差"}
    agent.press(page, "保存", said)

    assert new.isoformat() in str(post.last(CONSUMER, "有了安排").body)
    clock.passes(days=6)
    assert [row.outcome for row in ConsumerLapse.objects.order_by("pk")] == ["extended", ""]


def test_giving_up_takes_an_approver(
    company: object, agent: Agent, goods_owed: str, clock: TheClock, post: Post
) -> None:
    """「不再要求」: an agent may not give away goods; a manager may, and the consumer is told."""
    clock.passes(days=4)
    said = {"outcome": "waived", "note": "水壶不值运费"}
    with nothing_left_behind():
        page = agent.chooses(goods_owed, "处理逾期", tab="agreement")
        agent.press(page, "保存", said, status=422)
    boss = Approver(make_user(Role.MANAGER, display_name="主管钱"))
    boss.logs_in()
    boss.press(boss.chooses(goods_owed, "处理逾期", tab="agreement"), "保存", said)

    duty = Obligation.objects.get(debtor="consumer")
    assert duty.status == ObligationStatus.WAIVED
    assert post.to(CONSUMER, "不用办了")


def test_taken_elsewhere_it_is_not_reminded_of_again(
    agent: Agent, goods_owed: str, clock: TheClock
) -> None:
    """「通过调解、仲裁或诉讼」: the proceeding is recorded beside; the reminder does not return."""
    clock.passes(days=4)
    clock.passes(days=14)
    page = agent.chooses(goods_owed, "处理逾期", tab="agreement")
    agent.press(page, "保存", {"outcome": "pursued", "note": "向法院起诉要求返还"})
    said = {"kind": "court", "body": "闵行区人民法院", "filed_on": day_input(now())}
    agent.press(agent.chooses(goods_owed, "登记外部程序"), "登记", said)
    clock.passes(days=30)

    assert lapse().outcome == "pursued"


def test_other_cases_duties_are_not_found(agent: Agent, goods_owed: str, owed: str) -> None:
    """An address with another case's obligation, or with ours, is a 404."""
    theirs = Obligation.objects.get(debtor="consumer")
    agent.open(f"/desk/cases/{owed}/duty/{theirs.pk}/lapse/", status=404)
    agent.open(f"/desk/cases/{owed}/duty/{main_duty(owed).pk}/lapse/", status=404)
