"""受理答复: 收到投诉后 24 小时内，由专人告诉消费者是否受理、接下来怎么做。"""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from complaints.models import AccountabilityItem
from complaints.moments import now
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind


def test_person_answers_within_24_hours(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock, post: Post
) -> None:
    """「24 小时内有专人告诉你是否受理、接下来怎么做」: kept with a minute to spare."""
    reference = consumer.has_complained()
    clock.passes(hours=23, minutes=58)

    agent.accepts(reference, next_steps="明天上门取回水壶检测。")
    clock.passes(hours=2)

    page = consumer.tracks(reference)
    assert page.heading == "我们受理了你的投诉"
    assert "明天上门取回水壶检测。" in page
    assert "预计办结" in post.last(consumer.email, "受理了你的投诉").body
    assert not the(reference).is_late
    assert not AccountabilityItem.objects.exists()


def test_automatic_receipt_does_not_stop_the_24_hours(
    consumer: ConsumerBrowser, clock: TheClock, post: Post
) -> None:
    """「自动回执不算答复」: the mail that a machine sends at once keeps no promise."""
    reference = consumer.has_complained()
    assert post.to(consumer.email, "收到你的投诉")

    clock.passes(hours=24, minutes=1)

    assert the(reference).is_late
    assert "我们没有做到，抱歉" in consumer.tracks(reference)


def test_mere_reply_does_not_stop_the_24_hours(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    """「有下一步和日期的答复才算」: a few kind words are not the notice that was promised."""
    reference = consumer.has_complained()
    agent.replies(reference, "你好，我们看到了。")

    clock.passes(hours=24, minutes=1)

    assert the(reference).is_late
    assert the(reference).acknowledged_at is None


def test_notice_without_next_steps_is_refused(consumer: ConsumerBrowser, agent: Agent) -> None:
    """「写明下一步和时间」: a notice that says nothing is not taken, and changes nothing."""
    reference = consumer.has_complained()
    page = agent.takes_next_step(reference)

    with nothing_left_behind():
        answers = {"severity": "moderate", "next_steps": "  ", "category": "QUALITY"}
        refused = agent.press(page, "受理并通知消费者", answers, status=422)
        past = {**answers, "next_steps": "上门检测", "expected_on": "2020-01-01"}
        late = agent.press(page, "受理并通知消费者", past, status=422)

    assert refused.errors == ["请填写这一项"]
    assert late.errors == ["预计办结日期不能早于今天。"]


def test_missed_24_hours_are_seen_and_told(
    consumer: ConsumerBrowser, agent: Agent, manager: Manager, clock: TheClock, post: Post
) -> None:
    """「超时要说明原因」: on the desk, at the manager's, on the dashboard, as an open item."""
    reference = consumer.has_complained()
    agent.takes_over(reference)

    clock.passes(hours=24, minutes=1)

    assert "「受理答复」超时" in agent.case(reference)
    assert reference in agent.open(f"{reverse('desk')}?view=all&late=on")
    told = post.last(manager.user.email, reference)
    assert "超时" in told.subject
    assert "「受理答复」" in manager.open(reverse("notifications"))
    item = AccountabilityItem.objects.get()
    assert (item.owner, item.case.reference) == (agent.user, reference)
    assert reference in manager.open(reverse("complaints:accountability"))


def test_owner_speaks_before_the_manager_decides(
    consumer: ConsumerBrowser, agent: Agent, manager: Manager, clock: TheClock
) -> None:
    """「责任人先说明，再由主管决定」: right of reply, then a decision with its measure."""
    reference = consumer.has_complained()
    agent.takes_over(reference)
    clock.passes(hours=24, minutes=1)

    page = agent.click(agent.open(reverse("complaints:accountability")), reference)
    agent.press(page, "提交说明", {"cause": "staffing", "reply": "交接时漏看了，已补上提醒。"})
    page = manager.click(manager.open(reverse("complaints:accountability")), reference)
    assert "交接时漏看了" in page
    said = {"outcome": "upheld", "decision": "交接流程有漏洞", "measure": "交班时清点"}
    until = (now().date() + timedelta(days=14)).isoformat()
    person = {"measure_owner": str(agent.user.pk), "measure_until": until}
    manager.press(page, "作出决定", {**said, **person})

    page = agent.open(page.url)
    assert "交接流程有漏洞" in page and "交班时清点" in page
    assert not page.offers("提交说明")


def test_dashboard_counts_the_missed_answer(
    consumer: ConsumerBrowser, agent: Agent, manager: Manager, clock: TheClock
) -> None:
    """「每个数字都能点开」: one of two answers came in time, and the link shows both cases."""
    kept, missed = consumer.has_complained(), consumer.has_complained()
    agent.accepts(kept)
    clock.passes(hours=24, minutes=1)

    page = manager.open(reverse("dashboard"))

    assert "1/2" in page or "50" in page
    behind = [link for link in page.links if "dashboard/cases" in link.href]
    listed = [manager.open(link.href) for link in behind[:6]]
    assert any(missed in each for each in listed)
