"""The first case, end to end: from the web form to a signed agreement and a closed case."""

from __future__ import annotations

import hashlib

import pytest

from agreements.models import Agreement
from complaints.models import CaseEvent
from complaints.states import Stage
from documents.services.rendering import render_pending
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner, Finance, Investigator
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock

WHOLE_WAY = [
    "accept",
    "open_investigation",
    "determine_liability",
    "open_negotiation",
    "sign",
    "start_fulfilment",
    "complete_fulfilment",
    "close",
]


@pytest.mark.slow
def test_complaint_goes_from_the_web_form_to_a_closed_case(
    consumer: ConsumerBrowser,
    agent: Agent,
    investigator: Investigator,
    approver: CompanySigner,
    finance: Finance,
    clock: TheClock,
    post: Post,
) -> None:
    """提交, 受理, 调查, 责任认定, 选择方案, 签署协议, 补偿到账, 回访: the whole journey."""
    reference = consumer.complains()
    page = consumer.opens_link_from_mail()
    assert page.heading == "我们收到了你的投诉"
    clock.passes(hours=2)
    liability_is_found(reference, consumer, agent, investigator, clock)
    an_option_is_chosen(reference, consumer, agent, post)
    agreement_is_signed(reference, consumer, agent, approver)
    render_pending()
    both_sides_hold_the_same_file(consumer, agent, reference)
    clock.passes(days=1)
    finance.pays(reference)
    assert consumer.tracks(reference).heading == "补偿到了吗？"
    consumer.confirms_arrival(reference, rating=5, comment="很快，谢谢")

    page = consumer.tracks(reference)
    assert page.heading == "这起投诉已经办结"
    assert the(reference).stage == Stage.CLOSED
    assert not the(reference).is_late
    assert not the(reference).clocks.exclude(state="stopped").exists()
    steps = CaseEvent.objects.filter(case__reference=reference, kind__in=WHOLE_WAY)
    assert [event.kind for event in steps.order_by("sequence")] == WHOLE_WAY


def liability_is_found(
    reference: str,
    consumer: ConsumerBrowser,
    agent: Agent,
    investigator: Investigator,
    clock: TheClock,
) -> None:
    """受理, 调查, 责任认定."""
    agent.accepts(reference)
    assert consumer.tracks(reference).heading == "我们受理了你的投诉"
    agent.opens_investigation(reference, lead=investigator.name)
    assert consumer.tracks(reference).heading == "我们正在调查"
    clock.passes(days=1)
    investigator.writes_note(reference)
    investigator.hears_respondent(reference)
    investigator.finds(reference)
    assert "责任认定：责任在我们" in consumer.tracks(reference)


def an_option_is_chosen(
    reference: str, consumer: ConsumerBrowser, agent: Agent, post: Post
) -> None:
    """选择方案."""
    agent.plans(reference)
    agent.sends_offer(reference)
    page = consumer.tracks(reference)
    assert "请选择补偿方案" in page.heading
    assert "全额退款" in page and "换新并补偿运费" in page
    assert post.to(consumer.email, reference)
    consumer.chooses_plan(reference, "全额退款")
    assert consumer.tracks(reference).heading == "方案选好了，我们在准备协议"


def agreement_is_signed(
    reference: str, consumer: ConsumerBrowser, agent: Agent, approver: CompanySigner
) -> None:
    """签署协议: the consumer reads the whole text before signing."""
    agent.drafts_agreement(reference)
    agent.offers_agreement(reference)
    render_pending()
    page = consumer.click(consumer.tracks(reference), "阅读并签署")
    assert consumer.download(page.link("阅读协议全文")).startswith(b"%PDF")
    consumer.signs(reference)
    assert "还差我们这边签署" in consumer.tracks(reference)
    approver.signs_for_company(reference)
    assert the(reference).stage == Stage.FULFILLING


def both_sides_hold_the_same_file(consumer: ConsumerBrowser, agent: Agent, reference: str) -> None:
    """双方各执一份: downloaded twice by each side, byte for byte the file that was hashed."""
    words = "下载签署后的协议（PDF）"
    desk = agent.case(reference, "agreement")
    copies = [consumer.downloads(reference, words) for _time in range(2)]
    copies += [agent.download(desk.link("签署后的协议")) for _time in range(2)]

    sealed = Agreement.objects.get(case__reference=reference).sealed
    assert sealed is not None and sealed.file is not None
    assert copies[0].startswith(b"%PDF")
    assert {hashlib.sha256(copy).hexdigest() for copy in copies} == {sealed.file.sha256}
