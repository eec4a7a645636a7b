"""签署协议: 看完全文再签，签不签由你；不同意说明原因，我们改；过期不放弃任何权利。"""

from __future__ import annotations

from datetime import timedelta

import pytest

from agreements.models import Agreement, Signer
from complaints.moments import now
from complaints.states import Stage
from tests.agreements.makers import offered as agreement_offered
from tests.compensation.makers import chosen_case
from tests.process.answers import day_input, receipt
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock, code_in
from tests.process.traces import nothing_left_behind


@pytest.fixture
def chosen(company: object, consumer: ConsumerBrowser) -> str:
    """A case whose consumer has chosen, and no agreement yet."""
    case = chosen_case()
    consumer.holds(case)
    return case.reference


@pytest.fixture
def to_sign(company: object, consumer: ConsumerBrowser) -> str:
    """A case whose agreement waits for both signatures."""
    case = agreement_offered(chosen_case()).case
    consumer.holds(case)
    return case.reference


def test_consumer_reads_what_they_sign_in_figures_and_capitals(
    consumer: ConsumerBrowser, to_sign: str
) -> None:
    """「大写金额、放弃的权利」: named on the page, and the consent is never ticked beforehand."""
    page = consumer.click(consumer.tracks(to_sign), "阅读并签署")

    assert "299.00" in page and "贰佰玖拾玖元整" in page
    assert "放弃" in page
    consent = page.form_with("签署并完成").fields["consent"]
    assert not any(option.chosen for option in consent.options)


def test_both_sign_and_the_agreement_binds(
    consumer: ConsumerBrowser, approver: CompanySigner, to_sign: str, post: Post
) -> None:
    """「双方签署后生效」: with the last signature the obligations and their clocks begin."""
    consumer.signs(to_sign)
    assert the(to_sign).stage == Stage.NEGOTIATING

    approver.signs_for_company(to_sign)

    assert the(to_sign).stage == Stage.FULFILLING
    assert the(to_sign).clocks.filter(kind="obligation", state="running").exists()
    assert "最晚" in consumer.tracks(to_sign)
    assert post.to("zhou@example.test", to_sign)


def test_company_may_sign_first(
    consumer: ConsumerBrowser, approver: CompanySigner, to_sign: str
) -> None:
    """「各方签署」: in either order."""
    approver.signs_for_company(to_sign)
    assert the(to_sign).stage == Stage.NEGOTIATING

    consumer.signs(to_sign)

    assert the(to_sign).stage == Stage.FULFILLING


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"code": ""}, "请先获取校验码"),
        ({"consent": False}, "请先勾选"),
        ({"typed_name": "别的人"}, "姓名"),
        ({"typed_name": ""}, "签名"),
    ],
)
def test_signature_without_code_consent_or_the_right_name_is_refused(
    consumer: ConsumerBrowser, to_sign: str, post: Post, answers: dict[str, object], words: str
) -> None:
    """「确认是你本人、已阅读」: what is missing is named, and nobody has signed."""
    page = consumer.asks_for_sign_code(to_sign)
    code = code_in(post.last("zhou@example.test", "校验码"))
    said = {"code": code, "typed_name": "周小华", "consent": True, **answers}

    refused = consumer.press(page, "签署并完成", said, status=422)

    assert words in " ".join([*refused.errors, refused.summary])
    assert not Signer.objects.filter(signed_at__isnull=False).exists()
    assert the(to_sign).stage == Stage.NEGOTIATING


def test_wrong_code_is_refused_and_counts(
    consumer: ConsumerBrowser, to_sign: str, post: Post
) -> None:
    """「校验码可以试 5 次」: then even the right one is of no use, and a new one must be sent."""
    page = consumer.asks_for_sign_code(to_sign)
    right = code_in(post.last("zhou@example.test", "校验码"))
    wrong = "000000" if right != "000000" else "111111"
    said = {"typed_name": "周小华", "consent": True}
    for _time in range(5):
        consumer.press(page, "签署并完成", {**said, "code": wrong}, status=422)

    consumer.press(page, "签署并完成", {**said, "code": right}, status=422)

    assert not Signer.objects.filter(signed_at__isnull=False).exists()


def test_refusal_gives_nothing_up_and_it_is_our_turn(
    consumer: ConsumerBrowser, agent: Agent, to_sign: str
) -> None:
    """「签不签由你决定」: the reason reaches us; we plan anew, or write another agreement."""
    page = consumer.click(consumer.tracks(to_sign), "阅读并签署")
    page = consumer.click(page, "不同意，告诉我们哪里不合适")
    with nothing_left_behind():
        consumer.press(page, "不签这一版", {"reason": ""}, status=422)

    consumer.refuses_to_sign(to_sign, "到账日期太晚了")

    assert Agreement.objects.get().status == "refused"
    assert "到账日期太晚了" in agent.case(to_sign, "log")
    assert agent.takes_next_step(to_sign).heading == "补偿方案"
    agent.press(agent.chooses(to_sign, "起草协议", tab="agreement"), "保存草稿")
    agent.offers_agreement(to_sign)
    consumer.signs(to_sign)


def test_deadline_passes_and_no_right_is_lost(
    consumer: ConsumerBrowser, agent: Agent, to_sign: str, clock: TheClock
) -> None:
    """「签署期限过了，你的权利没有减少」: no signing any more, and we prepare it anew."""
    page = consumer.asks_for_sign_code(to_sign)
    sign_by = Agreement.objects.get().sign_by
    assert sign_by is not None
    clock.reaches(sign_by + timedelta(minutes=1))

    late = consumer.open(page.url)

    assert not late.offers("签署并完成")
    assert the(to_sign).stage == Stage.NEGOTIATING
    agent.drafts_agreement(to_sign)
    agent.offers_agreement(to_sign)
    consumer.signs(to_sign)


def test_consumer_signs_on_paper_with_the_desk(
    agent: Agent, approver: CompanySigner, to_sign: str
) -> None:
    """「不方便在手机上签，可以改为纸质签署，效力相同」: with a scan of the signed page."""
    page = agent.chooses(to_sign, "登记纸质签署", tab="agreement")
    with nothing_left_behind():
        agent.press(page, "登记签署", {}, status=422)

    said = {"scan": receipt(), "signed_on": day_input(now())}
    agent.press(page, "登记签署", said)
    approver.signs_for_company(to_sign)

    assert the(to_sign).stage == Stage.FULFILLING


def test_agent_may_not_sign_for_the_company(agent: Agent, to_sign: str) -> None:
    """「有权代表公司签署」: an agent is told who may; a forged request signs nothing."""
    assert "需要的角色" in agent.case(to_sign, "agreement")
    with nothing_left_behind():
        agent.open(f"/desk/cases/{to_sign}/agreement/sign/", status=403)


def test_agreement_taken_back_before_the_consumer_signed(
    consumer: ConsumerBrowser, agent: Agent, to_sign: str
) -> None:
    """「发现写错了，作废后重新起草」: and not after the consumer's signature."""
    agent.press(agent.chooses(to_sign, "作废", tab="agreement"), "作废", {"reason": "日期写错"})
    assert not consumer.tracks(to_sign).offers("阅读并签署")

    agent.drafts_agreement(to_sign)
    agent.offers_agreement(to_sign)
    consumer.signs(to_sign)
    page = agent.chooses(to_sign, "作废", tab="agreement")
    with nothing_left_behind():
        agent.press(page, "作废", {"reason": "又写错了"}, status=422)


def test_agreement_with_a_later_start_waits_and_begins_by_itself(
    consumer: ConsumerBrowser,
    agent: Agent,
    approver: CompanySigner,
    chosen: str,
    clock: TheClock,
) -> None:
    """「约定的日期起生效」: signed, then nothing to do until the day, then fulfilment begins."""
    page = agent.takes_next_step(chosen)
    form = page.form_with("保存草稿")
    due = next(name for name in form.fields if name.startswith("due_"))
    start, end = now() + timedelta(days=10), now() + timedelta(days=20)
    said = {"effective_on": day_input(start), due: day_input(end)}
    agent.press(page, "保存草稿", said)
    agent.offers_agreement(chosen)
    consumer.signs(chosen)
    approver.signs_for_company(chosen)

    assert the(chosen).stage == Stage.AGREED
    assert consumer.tracks(chosen).heading == "协议签好了"
    clock.reaches(the(chosen).next_due_at + timedelta(days=1))
    assert the(chosen).stage == Stage.FULFILLING
