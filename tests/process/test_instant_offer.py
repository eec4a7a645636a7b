"""即时方案: 提交表单马上看到有依据的方案，选一个、用校验码签字就生效；不选什么也没有放弃。"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.states import Role
from agreements.models import Agreement
from compensation.models import FundHold, InstantOffer
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.states import Stage
from tests.compensation.money_makers import fund_of
from tests.factories import make_user
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import CompanySigner, Finance, Manager
from tests.process.pages import Page
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.test_pausing import picture
from tests.process.traces import nothing_left_behind

SCRATCH = "新买的水壶外壳有一道划痕，包装也破了，想换一个或者退掉。"


def fitting() -> dict[str, object]:
    """What the consumer of a small, documented matter fills in."""
    today = working_calendar().local_date(now())
    return {
        "description": SCRATCH,
        "purchased_on": today - timedelta(days=3),
        "files": [picture("划痕.png")],
    }


@pytest.fixture
def allowed(agent: Agent, manager: Manager) -> None:
    """An agent proposed the limits, and the manager approved them beforehand."""
    fund_of()
    today = working_calendar().local_date(now())
    page = agent.open(reverse("compensation:standing"))
    said = {
        "categories": ["QUALITY"],
        "most_each": "500.00",
        "most_together": "5000.00",
        "extra": "20.00",
        "fund": page.form_with("提出条件").fields["fund"].options[-1].value,
        "caretaker": str(agent.user.pk),
        "until": today + timedelta(days=30),
        "reason": "小额外观问题当场解决",
    }
    agent.press(page, "提出条件", said)
    manager.press(manager.open(reverse("compensation:standing")), "批准这些条件")


def asks(consumer: ConsumerBrowser) -> Page:
    """Send the form, and ask on its last page what can be had now."""
    consumer.mine = consumer.complains(**fitting())
    done = consumer.open(reverse("intake:done", args=[consumer.mine]))
    return consumer.press(done, "看看现在能不能解决")


def test_from_the_form_to_a_signed_agreement_and_the_money(
    allowed: None, consumer: ConsumerBrowser, finance: Finance, approver: CompanySigner
) -> None:
    """「提交后马上看到方案，选一个，签字，付款」, and a person looks at it afterwards."""
    page = asks(consumer)
    assert "299.00" in page and "319.00" in page and "第" in page
    options = page.form_with("就选这个，看协议").fields["option"].options
    assert len(options) == 2 and not any(option.chosen for option in options)

    page = consumer.press(page, "就选这个，看协议", {"option": options[0].value})
    assert page.heading == "签署协议"
    consumer.signs(consumer.mine)

    case = the(consumer.mine)
    agreement = Agreement.objects.get(case=case)
    assert agreement.status == "signed" and case.stage == Stage.FULFILLING
    assert str(agreement.total) == "319.00"
    assert FundHold.objects.get(case=case).committed == agreement.total
    finance.pays(consumer.mine)
    assert FundHold.objects.get(case=case).paid == agreement.total

    page = approver.click(approver.open(reverse("compensation:instant_list")), consumer.mine)
    approver.press(page, "保存结论", {"verdict": "right"})
    assert InstantOffer.objects.get().verdict == "right"


def test_ordinary_way_gives_nothing_up(
    allowed: None, consumer: ConsumerBrowser, agent: Agent
) -> None:
    """「都不选，走普通流程」: the case is where it would have been without the offer."""
    page = asks(consumer)

    page = consumer.press(page, "都不选，走普通流程")

    assert "你的权利没有减少" in page and page.heading == "我们收到了你的投诉"
    assert not page.offers("看看方案")
    assert the(consumer.mine).stage == Stage.RECEIVED
    agent.accepts(consumer.mine)
    assert the(consumer.mine).stage == Stage.ACCEPTED


def test_nothing_is_chosen_for_the_consumer(allowed: None, consumer: ConsumerBrowser) -> None:
    """A choice without an option is refused, and nothing has happened."""
    page = asks(consumer)

    with nothing_left_behind():
        refused = consumer.press(page, "就选这个，看协议", status=422)

    assert "请选一个方案" in refused.summary


def test_offer_that_was_left_open_too_long_is_over(
    allowed: None, consumer: ConsumerBrowser, clock: TheClock
) -> None:
    """「……前都可以选」: afterwards the page says so, and the case goes on as usual."""
    page = asks(consumer)
    value = page.form_with("就选这个，看协议").fields["option"].options[0].value
    assert consumer.tracks(consumer.mine).offers("看看方案")
    clock.reaches(InstantOffer.objects.get().expires_at + timedelta(minutes=2))

    page = consumer.press(page, "就选这个，看协议", {"option": value})

    assert "你的权利没有减少" in page
    assert the(consumer.mine).stage == Stage.RECEIVED


def test_off_unless_somebody_approved(consumer: ConsumerBrowser) -> None:
    """「默认关闭」: without an approval nothing is asked."""
    reference = consumer.complains(**fitting())

    done = consumer.open(reverse("intake:done", args=[reference]))

    assert not done.offers("看看现在能不能解决")


def test_a_case_with_danger_is_for_people(allowed: None, consumer: ConsumerBrowser) -> None:
    """A danger is never bought off by a page."""
    reference = consumer.complains(danger=True, **fitting())

    done = consumer.open(reverse("intake:done", args=[reference]))

    assert not done.offers("看看现在能不能解决")
    assert the(reference).urgency == "emergency"


def test_who_approved_beforehand_does_not_review(
    allowed: None, consumer: ConsumerBrowser, manager: Manager
) -> None:
    """「要由另一位同事抽查」: the manager sees it, without a form."""
    asks(consumer)

    page = manager.click(manager.open(reverse("compensation:instant_list")), consumer.mine)

    assert "要由另一位同事抽查" in page and not page.offers("保存结论")


def test_agent_may_not_approve_or_end(allowed: None, agent: Agent, post: Post) -> None:
    """The limits are a manager's; an agent sees them only."""
    page = agent.open(reverse("compensation:standing"))

    assert not page.offers("批准这些条件") and not page.offers("停用")


def test_two_managers_are_needed_for_a_managers_own_proposal(
    allowed: None, manager: Manager
) -> None:
    """「不能批准自己提出的」: greyed with the reason, until another manager comes."""
    page = manager.open(reverse("compensation:standing"))
    today = working_calendar().local_date(now())
    said = {
        "categories": ["QUALITY"],
        "most_each": "100.00",
        "most_together": "100.00",
        "extra": "0",
        "fund": page.form_with("提出条件").fields["fund"].options[-1].value,
        "caretaker": str(manager.user.pk),
        "until": today,
        "reason": "试一周",
    }
    page = manager.press(page, "提出条件", said)
    assert "你提出的，要由另一位同事批准" in page

    other = Manager(make_user(Role.MANAGER))
    other.logs_in()
    assert other.open(reverse("compensation:standing")).offers("批准这些条件")
