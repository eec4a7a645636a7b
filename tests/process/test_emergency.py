"""紧急处置: 有人受伤或仍有危险的，2 小时内由专人启动应急处理。"""

from __future__ import annotations

from django.urls import reverse

from complaints.models import AccountabilityItem, SafetyAction
from complaints.states import Stage
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind


def test_emergency_is_answered_within_two_hours(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    """「紧急问题（如安全风险）2 小时内启动应急流程」: kept at 1 h 59 min by a named person."""
    reference = consumer.has_complained(danger=True)
    assert consumer.tracks(reference).heading == "我们正在处理安全风险"
    clock.passes(hours=1, minutes=59)

    agent.records_safety_action(reference)
    clock.passes(hours=2)

    assert SafetyAction.objects.get().responder == agent.user
    assert not the(reference).is_late
    assert "我们处理了安全风险" in consumer.tracks(reference)


def test_consumer_is_told_what_to_do_at_once(consumer: ConsumerBrowser, post: Post) -> None:
    """「请先断电停用」: the advice stands on the form's last page, the receipt and in the mail."""
    page = consumer.fills_form(danger=True)
    assert "断电" in page

    page = consumer.press(page, "提交投诉")

    assert "2 小时内 有专人联系你" in page and "断电" in page
    assert "2 小时内有专人联系你" in post.last(consumer.email, "收到你的投诉").body


def test_missed_two_hours_are_told_to_the_manager(
    consumer: ConsumerBrowser, manager: Manager, clock: TheClock, post: Post
) -> None:
    """「2 小时」: a minute later the manager has a mail, the queue shows it, an item is open."""
    reference = consumer.has_complained(danger=True)

    clock.passes(hours=2, minutes=1)

    assert AccountabilityItem.objects.get().clock.kind == "emergency"
    subjects = [each.subject for each in post.to(manager.user.email, reference)]
    assert sum("超时" in subject for subject in subjects) == 1
    assert reference in manager.open(f"{reverse('desk')}?view=urgent")


def test_acceptance_waits_for_the_safety_action(consumer: ConsumerBrowser, agent: Agent) -> None:
    """「先处理危险」: an emergency that nobody answered can be neither accepted nor declined."""
    reference = consumer.has_complained(danger=True)
    page = agent.takes_next_step(reference)
    assert page.heading == "登记安全处置"

    decline = agent.open(reverse("complaints:decline", args=[reference]))

    assert "先登记安全处置" in decline
    assert not decline.offers("不予受理并通知消费者")
    assert the(reference).stage == Stage.RECEIVED


def test_words_to_the_consumer_do_not_stop_the_two_hours(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    """「启动应急流程」 means an action: a reply alone leaves the clock running."""
    reference = consumer.has_complained(danger=True)
    agent.replies(reference, "我们马上看。")

    clock.passes(hours=2, minutes=1)

    assert the(reference).is_late
    assert not SafetyAction.objects.exists()


def test_empty_safety_action_is_refused(consumer: ConsumerBrowser, agent: Agent) -> None:
    """「写下采取的措施」: an empty record stops nothing and leaves nothing."""
    reference = consumer.has_complained(danger=True)
    page = agent.chooses(reference, "登记安全处置")

    with nothing_left_behind():
        agent.press(page, "登记", {"action": " "}, status=422)

    assert the(reference).safety_action_at is None


def test_urgency_raised_later_adds_the_two_hours_and_restarts_nothing(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    """「后来发现危险」: 2 hours from then on; the 24 hours run on from the complaint."""
    reference = consumer.has_complained()
    due = the(reference).clocks.get(kind="acknowledgement").due_at
    clock.passes(hours=5)

    agent.raises_emergency(reference)

    clocks = {each.kind: each.due_at for each in the(reference).clocks.all()}
    assert clocks["acknowledgement"] == due
    assert clocks["emergency"] < due
    clock.passes(hours=2, minutes=1)
    assert the(reference).is_late
