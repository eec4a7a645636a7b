"""认定, 批准, 报告, 追偿: as investigators, approvers, consumers and finance walk them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from complaints.moments import now
from complaints.states import Stage
from documents.services.rendering import render_pending
from liability.models import ConsultTask
from tests.process.answers import day_input, new_kettle_answers
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner, Finance, Investigator
from tests.process.pages import Page
from tests.process.partners import Partner, Technician, an_inspection_is_agreed, asks
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind

pytestmark = pytest.mark.slow

SUPPLIER = "恒达温控"
PHONE_STORY = "手机用了两周，屏幕触摸不灵，右边一条完全点不动，重启、恢复出厂设置都没有用。"
TEST_NOTE = "技术员检测：触摸层排线虚焊，属于硬件故障，没有进水和跌落的痕迹。"


def investigated(
    reference: str, agent: Agent, investigator: Investigator, *, severity: str = "moderate"
) -> None:
    """Accept, open the investigation, test the thing and hear the other side."""
    agent.accepts(reference, severity=severity)
    agent.opens_investigation(reference, lead=investigator.name)
    investigator.writes_note(reference, TEST_NOTE)
    investigator.hears_respondent(reference)


def row(table: str, number: int, party: str, share: str, **more: str) -> dict[str, Any]:
    said = {"party": party, "share": share, "ground": "消费者权益保护法第五十二条", **more}
    return {f"{table}-{number}-{name}": value for name, value in said.items()}


def test_the_phone_whose_screen_does_not_answer(
    consumer: ConsumerBrowser,
    agent: Agent,
    investigator: Investigator,
    technician: Technician,
    approver: CompanySigner,
    finance: Finance,
    clock: TheClock,
) -> None:
    """触摸失灵, 技术员检测, 硬件故障: the finding, its report, a replacement and money on top."""
    reference = consumer.complains(
        product_text="安居 P1 智能手机", description=PHONE_STORY, amount_paid="2999"
    )
    investigated(reference, agent, investigator)
    an_inspection_is_agreed(reference, consumer, investigator, technician)
    clock.passes(days=1)
    technician.visits(reference, TEST_NOTE)
    page = investigator.takes_next_step(reference)
    assert "由谁举证" in page and "第六十七条第一款" in page
    said = {
        "outcome": "liable",
        "reasons_consumer": "检测确认是触摸层排线虚焊，是产品自身的硬件故障，责任在我们。",
        "reasons_internal": "出厂记录与检测结果一致，排除人为损坏。",
        **row("outward", 0, "seller", "100"),
    }
    page = investigator.press(page, "预览消费者看到的内容", said)
    assert "触摸层排线虚焊" in page
    assert the(reference).stage == Stage.INVESTIGATING
    investigator.press(page, "提交责任认定")
    assert the(reference).stage == Stage.LIABILITY_DETERMINED
    assert "责任认定：责任在我们" in consumer.tracks(reference)

    page = investigator.chooses(reference, "写调查报告", tab="liability")
    assert page.form_with("生成报告").fields["facts_found"].value.strip() == TEST_NOTE
    told = {"losses": "手机 | 2999 | 发票\n误工半天 | 200 |", "remedies": "换新机\n退款"}
    investigator.press(page, "生成报告", told)
    render_pending()
    page = consumer.tracks(reference)
    assert consumer.download(page.link("调查报告（PDF）")).startswith(b"%PDF")
    desk = investigator.case(reference, "liability")
    assert investigator.download(desk.link("存档版 中文")).startswith(b"%PDF")
    assert investigator.download(desk.link("消费者版 English")).startswith(b"%PDF")

    money_on_top = {
        **new_kettle_answers("o1", "2999.00"),
        "o1-title": "换新机并补偿 200 元",
        "o1-lines-1-description": "给您带来不便的补偿",
        "o1-lines-1-amount": "200.00",
        "o1-legal_minimum": "200.00",
    }
    agent.plans(reference, refund="2999.00", **money_on_top)
    approver.approves(reference)
    agent.sends_offer(reference)
    consumer.chooses_plan(reference, "换新机并补偿 200 元")
    assert consumer.tracks(reference).heading == "方案选好了，我们在准备协议"
    agent.drafts_agreement(reference)
    agent.offers_agreement(reference)
    render_pending()
    consumer.signs(reference)
    approver.signs_for_company(reference)
    finance.pays(reference)
    agent.records_performance(reference, "新机已寄出，单号 SF123456")
    assert the(reference).stage == Stage.FOLLOWING_UP
    costs = finance.open(reverse("liability:recourse"))
    assert reference in costs and "3,199.00" in costs


def test_a_split_finding_is_approved_and_claimed_back(
    consumer: ConsumerBrowser,
    agent: Agent,
    investigator: Investigator,
    approver: CompanySigner,
    finance: Finance,
    partner: Partner,
    post: Post,
    clock: TheClock,
) -> None:
    """供货者 60、生产 30、承运 10: the supplier answers by its link, the carrier is silent until
    its day; approved by another, paid, and claimed back by shares.
    """
    reference = consumer.complains()
    investigated(reference, agent, investigator, severity="severe")
    carrier = Partner(post, name="快运", email="wu@kuaiyun.test")
    both_are_asked(reference, investigator, partner, carrier)
    nobody_bears_a_share_unheard(reference, investigator, partner, carrier)
    partner.answers("九月起温控器触点换了供货批次，愿意按合同承担。")
    clock.reaches(ConsultTask.objects.get(party_name=carrier.name).due_at + timedelta(minutes=1))
    a_split_finding_waits(reference, investigator)
    it_is_returned_and_approved(reference, investigator, approver)

    desk = investigator.case(reference, "liability")
    assert f"供货者 {SUPPLIER}" in desk and "物流承运人 快运" in desk
    agent.plans(reference)
    approver.approves(reference)
    agent.sends_offer(reference)
    consumer.chooses_plan(reference, "全额退款")
    agent.drafts_agreement(reference)
    agent.offers_agreement(reference)
    render_pending()
    consumer.signs(reference)
    approver.signs_for_company(reference)
    finance.pays(reference)

    page = finance.open(reverse("liability:recourse"))
    assert "179.40" in page and "29.90" in page
    claim = finance.click(finance.case(reference, "liability"), f"供货者 {SUPPLIER}")
    money_is_claimed_back(claim, finance)
    page = finance.open(reverse("liability:recourse"))
    assert "119.60" in page


def split() -> dict[str, Any]:
    """The finding of the split case, each part as a share."""
    return {
        "outcome": "liable",
        "reasons_consumer": "检测确认是温控器缺陷。",
        **row("outward", 0, "seller", "100"),
        **row("inward", 0, "supplier", "60", name=SUPPLIER),
        **row("inward", 1, "production_dept", "30"),
        **row("inward", 2, "logistics", "10", name="快运"),
    }


def both_are_asked(
    reference: str, investigator: Investigator, partner: Partner, carrier: Partner
) -> None:
    """A question to the supplier and one to the carrier, each also asks for a statement."""
    asks(investigator, partner, reference, due_on=day_input(now() + timedelta(days=3)))
    asks(
        investigator,
        carrier,
        reference,
        addressee="logistics",
        question="请提供运输轨迹和签收记录。",
        due_on=day_input(now() + timedelta(days=2)),
    )


def nobody_bears_a_share_unheard(
    reference: str, investigator: Investigator, partner: Partner, carrier: Partner
) -> None:
    """Handed in too early, the finding is refused with the day until which a side may speak."""
    with nothing_left_behind():
        page = investigator.press(
            investigator.takes_next_step(reference), "提交责任认定", split(), status=422
        )
    assert partner.name in page and "还在答复期限内" in page


def a_split_finding_waits(reference: str, investigator: Investigator) -> None:
    """A party twice is refused at its row; weights become shares; then it waits."""
    page = investigator.takes_next_step(reference)
    said = {
        "outcome": "liable",
        "reasons_consumer": "检测确认是温控器缺陷。",
        **row("outward", 0, "seller", "100"),
        **row("inward", 0, "supplier", "6", name=SUPPLIER),
        **row("inward", 1, "production_dept", "3"),
        **row("inward", 2, "supplier", "1", name=SUPPLIER),
    }
    page = investigator.press(page, "按权重折算", said)
    page = _apportioned(investigator, page)
    page = investigator.press(page, "提交责任认定", status=422)
    assert "在同一张表里写了两次" in page
    page = investigator.press(
        page, "提交责任认定", {"inward-2-party": "logistics", "inward-2-name": "快运"}
    )
    assert the(reference).stage == Stage.INVESTIGATING
    assert "等另一位同事批准" in investigator.case(reference, "liability")


def _apportioned(investigator: Investigator, page: Page) -> Page:
    """Press the button of the inward table: the first one that says so is the outward table's."""
    form = page.form_with("提交责任认定")
    button = next(each for each in form.buttons if each.name == "apportion_inward")
    page = investigator.send(page, form, button)
    shares = [page.form_with("提交责任认定").fields[f"inward-{n}-share"].value for n in range(3)]
    assert shares == ["60.00", "30.00", "10.00"]
    return page


def it_is_returned_and_approved(
    reference: str, investigator: Investigator, approver: CompanySigner
) -> None:
    """The approver gives it back once; whoever wrote it can't approve it."""
    page = approver.takes_next_step(reference)
    assert "要批准的原因" in page and SUPPLIER in page
    approver.press(page, "退回", {"reason": "写明合同条款"})
    page = investigator.takes_next_step(reference)
    assert "写明合同条款" in page
    changed = {"inward-0-ground_kind": "contract", "inward-0-ground": "供货合同第 9 条"}
    investigator.press(page, "提交责任认定", changed)
    own = investigator.takes_next_step(reference)
    assert "要由另一位同事批准" in own and not own.offers("批准并作出认定")
    approver.press(approver.takes_next_step(reference), "批准并作出认定", {"reason": "同意"})
    assert the(reference).stage == Stage.LIABILITY_DETERMINED


def money_is_claimed_back(claim: Page, finance: Finance) -> None:
    """A notice, an answer, money; more than the part of what was paid is refused."""
    said = {"kind": "notice", "text": "按供货合同第 9 条，请承担 60%。"}
    claim = finance.press(claim, "登记", said)
    assert "已通知" in claim
    refused = finance.press(claim, "登记到账", {"amount": "179.41"}, status=422)
    assert "最多还能追回 179.40" in refused
    claim = finance.press(refused, "登记到账", {"amount": "179.40"})
    claim = finance.press(claim, "结束", {"reason": "已全部追回"})
    assert "已结束" in claim
