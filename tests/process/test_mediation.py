"""调解: 谈不拢可以请第三方；受邀的调解员只看得到这一个案件；谈成写协议，谈不成回到原处。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from agreements.models import Agreement
from complaints.moments import now
from complaints.states import Stage
from reviews.models import Mediation
from tests.compensation.makers import offered_case
from tests.process.consumer import ConsumerBrowser
from tests.process.guests import GuestMediator
from tests.process.officers import CompanySigner
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock, link_in
from tests.process.traces import nothing_left_behind
from tests.reviews.makers import mediation as mediation_opened


@pytest.fixture
def offered(company: object, consumer: ConsumerBrowser) -> str:
    """A case with an offer that does not suit."""
    case = offered_case()
    consumer.holds(case)
    return case.reference


@pytest.fixture
def invited(agent: Agent, mediator: GuestMediator, offered: str) -> str:
    """A case in mediation, whose outside mediator has the mail with the link."""
    mediation_opened(the(offered))
    agent.invites_mediator(offered, name=mediator.name, email=mediator.email)
    return offered


def test_consumer_asks_for_a_third_party_and_the_offer_waits(
    consumer: ConsumerBrowser, offered: str, clock: TheClock, post: Post
) -> None:
    """「请第三方调解」: the consumer's wish begins it; the offer's time stands still."""
    page = consumer.asks_for_mediation(offered, "希望再赔 50 元误工费")

    assert page.heading == "第三方正在调解"
    assert post.to("zhou@example.test", offered)
    clock.passes(days=9)
    assert the(offered).stage == Stage.MEDIATING
    assert the(offered).clocks.get(kind="offer_reply").state == "paused"


def test_wish_is_needed(consumer: ConsumerBrowser, offered: str) -> None:
    """「你希望怎样解决」: an empty page begins nothing."""
    page = consumer.click(consumer.tracks(offered), "请第三方调解")
    with nothing_left_behind():
        consumer.press(page, "申请调解", {"wish": " "}, status=422)

    assert the(offered).stage == Stage.NEGOTIATING


def test_guest_sees_this_case_and_no_other(
    invited: str, mediator: GuestMediator, consumer: ConsumerBrowser
) -> None:
    """「链接只能打开这一个案件」: any other, and every page of the desk, stays closed."""
    other = mediation_opened(offered_case()).case.reference

    page = mediator.opens_link()

    assert page.heading == "调解" and invited in page
    assert "13812345678" not in page.html and "zhou@example.test" not in page.html
    mediator.open(f"/mediation/case/{other}/", status=404)
    mediator.open(f"/my/{invited}/", status=404)
    login = mediator.open(f"/desk/cases/{invited}/")
    assert login.heading == "员工登录"


def test_guest_link_is_in_no_later_address_and_a_wrong_one_opens_nothing(
    invited: str, mediator: GuestMediator, post: Post
) -> None:
    """「不要转给别人」: the secret leaves the address at once; a guessed one is a 404."""
    secret = link_in(post.last(mediator.email), "/mediation/").rstrip("/").rpartition("/")[2]

    page = mediator.opens_link()

    assert secret not in page.url and secret not in page.html
    assert secret not in Mediation.objects.get(case__reference=invited).secret_digest
    GuestMediator(post).open(f"/mediation/{secret[:-1]}x/", status=404)


def test_second_invitation_closes_the_first_link(
    agent: Agent, invited: str, mediator: GuestMediator, post: Post
) -> None:
    """「再次邀请时，之前的链接不能再用」."""
    first = link_in(post.last(mediator.email), "/mediation/")
    mediator.opens_link()
    agent.invites_mediator(invited, name="另一位", email="other@example.test")

    mediator.open(mediator.place, status=404)
    mediator.open(first, status=404)


def test_guest_leads_the_talk_and_private_notes_stay_private(
    consumer: ConsumerBrowser, agent: Agent, invited: str, mediator: GuestMediator, post: Post
) -> None:
    """「两方的谈话分开记」: both sides read the positions, nobody but the mediator the notes."""
    mediator.opens_link()
    mediator.writes_positions()
    mediator.plans_meeting(now() + timedelta(days=2))
    mediator.writes_private_note("消费者的底线其实是 30 元")

    assert "底线其实是" in mediator.case()
    page = consumer.click(consumer.tracks(invited), "看看双方的主张")
    assert "退款并赔 50 元。" in page and "302 室" in consumer.tracks(invited)
    desk = [agent.case(invited, tab) for tab in ("reviews", "talk", "log")]
    desk.append(agent.takes_next_step(invited))
    assert "退款并赔 50 元。" in desk[0]
    assert all("底线其实是" not in each.html for each in [page, *desk])
    assert post.to("zhou@example.test", invited)


def test_mediation_ends_in_an_agreement_that_three_sign(
    consumer: ConsumerBrowser,
    approver: CompanySigner,
    invited: str,
    mediator: GuestMediator,
    clock: TheClock,
) -> None:
    """「三方都签了，协议才生效」: consumer, mediator, company; then it is performed."""
    mediator.opens_link()
    mediator.drafts_agreement("320.00", due=now() + timedelta(days=10))
    mediator.offers_agreement()
    consumer.signs(invited)
    mediator.signs()
    assert the(invited).stage == Stage.MEDIATING

    approver.signs_for_company(invited)

    assert the(invited).stage == Stage.FULFILLING
    agreement = Agreement.objects.get()
    assert (agreement.kind, str(agreement.total)) == ("mediation", "320.00")
    assert "320.00" in consumer.tracks(invited)
    clock.passes(minutes=1)
    mediator.open(mediator.place, status=410)


def test_terms_that_do_not_add_up_are_refused(invited: str, mediator: GuestMediator) -> None:
    """「付款的金额合计要和补偿项目的合计一样」."""
    mediator.opens_link()
    page = mediator.click(mediator.case(), "生成调解协议")

    with nothing_left_behind():
        said = {
            "lines-0-label": "退款",
            "lines-0-amount": "320.00",
            "duties-0-kind": "payment",
            "duties-0-description": "付款",
            "duties-0-amount": "100.00",
            "duties-0-due_on": f"{now() + timedelta(days=5):%Y-%m-%d}",
        }
        mediator.press(page, "保存草稿", said, status=422)

    assert not Agreement.objects.exists()


def test_mediation_fails_and_the_offer_runs_on(
    consumer: ConsumerBrowser, invited: str, mediator: GuestMediator
) -> None:
    """「没有谈成，案件回到调解之前的一步」: with the explanation, and the link is closed."""
    mediator.opens_link()
    with nothing_left_behind():
        mediator.ends_without_agreement(note=" ", status=422)

    mediator.ends_without_agreement(note="金额谈不拢。")

    page = consumer.tracks(invited)
    assert the(invited).stage == Stage.NEGOTIATING
    assert "调解没有达成协议" in page and "金额谈不拢。" in page
    assert page.offers("就选这个方案")
    mediator.open(mediator.place, status=410)


def test_agent_leads_where_nobody_is_invited(
    consumer: ConsumerBrowser, agent: Agent, offered: str
) -> None:
    """「负责人先主持」: positions, no agreement, back to the offer."""
    agent.refers_to_mediation(offered)
    page = agent.click(agent.takes_next_step(offered), "修改")
    agent.press(page, "保存", {"consumer": "退款", "company": "换新", "common": ""})

    page = agent.click(agent.takes_next_step(offered), "结束调解")
    agent.press(page, "结束调解", {"outcome": "no_show", "note": "消费者没有到场。"})

    assert the(offered).stage == Stage.NEGOTIATING
    assert "消费者没有到场。" in consumer.tracks(offered)
