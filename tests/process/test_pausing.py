"""暂停计时: 只按列明的原因，有证明、有上限，告诉消费者，到时或者有回音就继续。"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.urls import reverse

from complaints.models import AccountabilityItem, Clock
from complaints.moments import now
from complaints.states import ClockKind, ClockState
from tests.complaints.intake_steps import picture
from tests.process.answers import local_input
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.pages import Label, Page
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock
from tests.process.traces import nothing_left_behind

SAID = {"cause": Label("等消费者补充材料"), "reason": "等你把购货凭证拍照发给我们。"}


def accepted(consumer: ConsumerBrowser, agent: Agent) -> str:
    """A complaint that has been accepted: a solution is promised within 24 hours."""
    reference = consumer.has_complained()
    agent.accepts(reference)
    return reference


def solution(reference: str) -> Clock:
    return Clock.objects.get(case__reference=reference, kind=ClockKind.SOLUTION)


def page_to_pause(agent: Agent, reference: str) -> Page:
    return agent.chooses(reference, "暂停计时 解决方案")


def pauses(agent: Agent, reference: str, *, days: float = 3, **answers: object) -> Page:
    """Pause the solution's 24 hours on the page that the case leads to, once it was asked for."""
    if "proof" not in answers:
        agent.replies(reference, "请把购货凭证拍照发给我们。")
    until = local_input(now() + timedelta(days=days))
    said = {**SAID, "until": until, **answers}
    return agent.press(page_to_pause(agent, reference), "暂停并通知消费者", said)


def test_consumers_evidence_resumes_with_exactly_the_time_left(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock, post: Post
) -> None:
    """「等消费者补充材料」: with proof, told, until the consumer answers; no second is lost."""
    reference = accepted(consumer, agent)
    page = agent.chooses(reference, "补充材料")
    agent.press(page, "上传", {"files": [picture("催告.png")], "caption": "催告短信截图"})
    clock.passes(hours=5)
    left = solution(reference).due_at - now()

    page = pauses(agent, reference, proof=Label("催告短信截图"))
    assert "已暂停，到" in page and "等消费者补充材料，由林晓暂停" in page
    told = post.last(consumer.email, "暂停计时")
    assert "等你把购货凭证拍照发给我们。" in told.body and "等你补充材料" in told.body
    clock.passes(hours=40)
    page = consumer.tracks(reference)
    assert page.heading == "等你补充材料"
    assert "等你把购货凭证拍照发给我们。" in page

    page = consumer.click(page, "补充材料")
    consumer.press(page, "上传", {"files": [picture("发票.png")]})

    rested = solution(reference).ledger.order_by("-id").values_list("at", flat=True)
    assert solution(reference).due_at - rested[0] - left < timedelta(seconds=5)
    assert left - (solution(reference).due_at - rested[0]) < timedelta(seconds=5)
    assert "新的到期时间" in post.last(consumer.email, "继续计时").body
    assert consumer.tracks(reference).heading == "我们受理了你的投诉"
    assert "已暂停，到" not in agent.case(reference)


def test_pause_ends_by_itself_and_nobody_is_blamed(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock, post: Post
) -> None:
    """「到时自动继续」: the last moment comes, the clock runs on, the owner is told."""
    reference = accepted(consumer, agent)
    pauses(agent, reference, days=2)

    clock.passes(days=2, minutes=1)

    assert solution(reference).state == ClockState.RUNNING
    ours = {ClockKind.SOLUTION, ClockKind.PAUSE_END}
    assert not AccountabilityItem.objects.filter(clock__kind__in=ours).exists()
    assert "继续计时" in agent.open(reverse("notifications"))
    assert post.to(consumer.email, "继续计时")


def test_agent_ends_a_pause(consumer: ConsumerBrowser, agent: Agent, post: Post) -> None:
    """「继续计时」: a button at the clock, and the consumer is told."""
    reference = accepted(consumer, agent)
    page = pauses(agent, reference)

    page = agent.press(page, "继续计时")

    assert "已继续计时" in page
    assert solution(reference).state == ClockState.RUNNING
    assert post.to(consumer.email, "继续计时")


def test_refused_pauses_leave_nothing(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    """「只按列明的原因」「有上限」「有证明」: each refusal is said at its field."""
    reference = accepted(consumer, agent)
    page = page_to_pause(agent, reference)
    soon, far = (local_input(now() + timedelta(days=days)) for days in (3, 16))
    refused = {
        "请选一项": {"until": soon, "reason": "想歇一歇"},
        "因为这个原因，一共最多可以暂停 15 天。": {**SAID, "until": far},
        "请选一份能证明暂停原因的材料。": {**SAID, "until": soon, "cause": Label("检测鉴定")},
        "请填写这一项": {**SAID, "until": soon, "reason": " "},
        "请选一个日期和时间": SAID,
    }

    with nothing_left_behind():
        for words, said in refused.items():
            fresh = agent.open(page.url)
            again = agent.press(fresh, "暂停并通知消费者", said, status=422)
            assert again.errors == [words]
        path = urlsplit(page.url).path
        token = {"csrfmiddlewaretoken": agent.client.cookies["csrftoken"].value}
        made_up = {**token, "cause": "holiday", "until": soon, "reason": "放假"}
        assert agent.client.post(path, made_up).status_code == 422

    clock.passes(hours=25)
    assert "这个期限现在不能暂停" in agent.open(page.url)
    assert not agent.is_offered(reference, "暂停计时 解决方案")


def test_pause_just_after_a_reply_is_seen_by_the_manager(
    consumer: ConsumerBrowser, agent: Agent, manager: Manager
) -> None:
    """「刚来消息就暂停」: marked at the case, and found in the manager's list."""
    quiet, asked = accepted(consumer, agent), accepted(consumer, agent)
    pauses(agent, quiet)
    consumer.holds(the(asked)).writes(asked, "今天能有结果吗？")

    pauses(agent, asked)

    assert "消费者刚来消息就暂停" in manager.case(asked)
    assert "消费者刚来消息就暂停" not in manager.case(quiet)
    page = manager.click(manager.open(reverse("desk")), "暂停的期限")
    assert quiet in page and asked in page
    page = manager.open(f"{page.url}?after_reply=on")
    assert asked in page and quiet not in page
    assert agent.client.get(reverse("complaints:pauses")).status_code == 403
