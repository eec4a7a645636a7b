"""时限规则: 经理改时限，发布前看到影响，发布后案件按新的时间超时。"""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from complaints.models import AccountabilityItem, CaseEvent
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.pages import Page
from tests.process.staff import Agent, the
from tests.process.surroundings import TheClock

RULE = "受理答复"


def opens_rule(manager: Manager) -> Page:
    """From the desk to the time limit for answering."""
    page = manager.click(manager.open(reverse("desk")), "时限规则")
    return manager.click(page, RULE)


def shortens_to(manager: Manager, hours: str) -> Page:
    """Write a new version with fewer hours; leads to what it would change."""
    editor = manager.click(opens_rule(manager), "写新的一版")
    return manager.press(
        editor, "存为草稿", {"amount": hours, "source": "客服部 2026 年第 3 号决定"}
    )


def test_manager_shortens_a_time_limit_and_the_case_breaches_then(
    consumer: ConsumerBrowser, agent: Agent, manager: Manager, clock: TheClock
) -> None:
    """「发布以前能看到哪些未结案件会变」: preview, publication, breach at the new moment."""
    reference = consumer.has_complained()
    received = the(reference).received_at

    preview = shortens_to(manager, "12")
    assert reference in preview and "提前 12 小时" in preview
    assert the(reference).next_due_at == received + timedelta(hours=24)

    page = manager.press(preview, "发布")
    assert "已发布，1 个未结的期限按新规则重新计算了" in page
    assert "第 2 版" in page and "12 小时（不分昼夜）" in page
    assert the(reference).next_due_at == received + timedelta(hours=12)

    clock.reaches(received + timedelta(hours=11, minutes=59))
    assert not the(reference).is_late
    assert reference in agent.open(f"{reverse('desk')}?view=soon")

    clock.reaches(received + timedelta(hours=12, minutes=1))
    assert the(reference).is_late
    assert reference in agent.open(f"{reverse('desk')}?view=late")
    assert f"「{RULE}」超时" in agent.case(reference)
    assert AccountabilityItem.objects.get().case.reference == reference


def test_longer_time_does_not_rewrite_what_was_late(
    consumer: ConsumerBrowser, manager: Manager, clock: TheClock
) -> None:
    """「已经发生的超时不会改写」: the late case stays late, the next one has the longer time."""
    late = consumer.has_complained()
    clock.passes(hours=25)
    before = list(CaseEvent.objects.filter(case=the(late)).values("kind", "data"))

    preview = shortens_to(manager, "72")
    assert "没有未结的期限会改变" in preview
    manager.press(preview, "发布")
    fresh = consumer.has_complained()

    assert the(late).is_late
    assert list(CaseEvent.objects.filter(case=the(late)).values("kind", "data")) == before
    waiting = the(fresh)
    assert waiting.next_due_at == waiting.received_at + timedelta(hours=72)
