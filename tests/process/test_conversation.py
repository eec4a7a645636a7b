"""An agent's hour: answering, thinking better of it, asking a colleague, and being answered."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.states import Role
from complaints.models import Message, ReplyDraft
from complaints.tasks import deliver_outbox
from tests.factories import make_user
from tests.process.consumer import ConsumerBrowser
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock


@pytest.fixture(autouse=True)
def ten_seconds(settings: Any) -> None:
    settings.UNDO_SECONDS = 10


def goes_out(clock: TheClock) -> None:
    """Let the wait pass, and the worker come by."""
    clock.passes(seconds=11)
    deliver_outbox()


def test_agent_takes_a_reply_back_mends_it_and_sees_it_read(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock, post: Post
) -> None:
    reference = consumer.has_complained()
    agent.takes_over(reference)
    page = agent.replies(reference, "明天上门取件，费用由你承担。")
    assert "撤回" in agent.case(reference)

    page = agent.press(agent.case(reference), "撤回")
    goes_out(clock)
    assert "已撤回" in page and not post.to(consumer.email, "新消息")
    assert "费用由你承担" not in consumer.tracks(reference)

    form = agent.case(reference).form_with("发送")
    assert form.fields["text"].value.strip() == "明天上门取件，费用由你承担。"
    agent.replies(reference, "明天上门取件，费用由我们承担。")
    goes_out(clock)
    assert post.to(consumer.email, "新消息")
    assert "邮件已送达" in agent.case(reference)
    assert "费用由我们承担" in consumer.tracks(reference)
    assert "消费者已读" in agent.case(reference)


def test_agent_uses_a_ready_text_fills_the_blank_and_asks_a_colleague(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    reference = consumer.has_complained()
    colleague = Agent(make_user(Role.AGENT, display_name="王敏"))
    colleague.logs_in()
    page = agent.press(agent.case(reference), "话术")
    texts = [form for form in page.forms if "phrase" in form.fields]
    delay = next(form for form in texts if form.fields["phrase"].value == "delay")
    page = agent.send(page, delay, delay.button("插入"))
    assert "{{原因}}" in page.form_with("发送").fields["text"].value

    page = agent.press(page, "发送", status=422)
    assert "{{原因}}" in page.errors[0]
    text = page.form_with("发送").fields["text"].value.replace("{{原因}}", "检测排队")
    agent.press(page, "发送", {"text": text})
    goes_out(clock)
    said = Message.objects.get(case=the(reference), kind="message").body
    assert "原因是：检测排队" in said and "{{" not in said

    agent.notes(reference, "@王敏请看一下批次")
    assert "在内部备注里提到了你" in colleague.open("/desk/notifications/")
    assert "请看一下批次" not in consumer.tracks(reference)


def test_two_agents_answer_at_once_and_the_second_is_told(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    reference = consumer.has_complained()
    colleague = Agent(make_user(Role.AGENT, display_name="王敏"))
    colleague.logs_in()
    mine = agent.case(reference)
    colleague.replies(reference, "今天下午取件。")

    refused = agent.press(mine, "发送", {"kind": "reply", "text": "明天取件。"}, status=409)
    assert "王敏也回复了" in refused and ReplyDraft.objects.filter(text="明天取件。").exists()
    goes_out(clock)
    consumer.writes(reference, "好的，下午在家。")
    page = agent.case(reference)
    assert "今天下午取件。" in page and "好的，下午在家。" in page
    assert page.form_with("发送").fields["text"].value.strip() == "明天取件。"


def test_macro_does_an_hours_work_in_one_and_says_so_before(
    consumer: ConsumerBrowser, agent: Agent, clock: TheClock
) -> None:
    reference = consumer.has_complained()
    page = agent.press(agent.case(reference), "快捷操作")
    links = [link for link in page.links if "看看会做什么" in link.words]
    page = agent.open(links[1].href)
    assert "林晓" in page
    reply = page.form_with("执行").fields["reply"].value.replace("{{订单号}}", "还没有")
    agent.press(page, "执行", {"reply": reply})
    goes_out(clock)
    case = the(reference)
    assert case.owner == agent.user
    assert {m.kind for m in Message.objects.filter(case=case)} == {"message", "note"}
    assert "商品问题部位的照片" in consumer.tracks(reference)
