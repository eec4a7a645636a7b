"""在线客服: 不用注册；没人回复会自动立案，24 小时从第一句话起算；下班时直接收下投诉。"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.test import Client
from django.urls import reverse

from complaints.models import Case, Chat, Clock
from complaints.states import Channel, ClockKind, Stage
from tests.process.staff import Agent, the
from tests.process.surroundings import Post, TheClock

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class ChatVisitor:
    """Somebody without an account, who types into the chat's page and nothing else."""

    def __init__(self) -> None:
        self.browser, self.place = Client(), reverse("chat:begin")

    def says(self, words: str) -> str:
        """Send words by the form that the page shows; give the page that comes back."""
        form = self.browser.get(self.place).context["form"]
        address = self.place if self.place == reverse("chat:begin") else f"{self.place}say/"
        sent = {name: form[name].value() for name in form.fields if name in ("key", "nonce")}
        answer = self.browser.post(address, {**sent, "text": words})
        assert answer.status_code == 303
        self.place = answer["Location"]
        return self.sees()

    def sees(self) -> str:
        return self.browser.get(self.place).content.decode()


def test_nobody_answers_and_the_complaint_is_not_lost(
    agent: Agent, clock: TheClock, post: Post
) -> None:
    """「没人回复会自动立案，24 小时的答复期限从第一句话起算」."""
    clock.reaches(MONDAY)
    visitor = ChatVisitor()
    visitor.says("壶盖合不上，才买来三天")
    clock.passes(minutes=10)
    visitor.says("还在吗")
    assert not Case.objects.exists()

    clock.passes(minutes=31)

    case = Case.objects.get()
    assert (case.channel, case.stage) == (Channel.ONLINE_CHAT, Stage.RECEIVED)
    due = Clock.objects.get(case=case, kind=ClockKind.ACKNOWLEDGEMENT).due_at
    assert due is not None and abs(due - MONDAY - timedelta(hours=24)) < timedelta(minutes=1)
    assert case.reference in visitor.sees()
    left = {"name": "周小华", "email": "zhou@example.test", "phone": ""}
    visitor.browser.post(f"{visitor.place}complain/", left)
    assert case.reference in post.last("zhou@example.test", case.reference).subject

    agent.accepts(case.reference)

    assert not the(case.reference).is_late
    assert (
        "我们受理了你的投诉"
        in visitor.browser.post(f"{visitor.place}open/", follow=True).content.decode()
    )


def test_a_question_that_was_answered_makes_no_case(agent: Agent, clock: TheClock) -> None:
    """「问题解决了，结束对话」: who only asked has no case, and nobody is late."""
    clock.reaches(MONDAY)
    visitor = ChatVisitor()
    visitor.says("周末营业吗")
    chat = Chat.objects.get()
    desk = Client()
    desk.force_login(agent.user)
    page = reverse("complaints:chat", args=[chat.pk])
    nonce = desk.get(page).context["forms"]["line"]["nonce"].value()
    desk.post(f"{page}say/", {"text": "周末也营业", "nonce": nonce})
    assert "周末也营业" in visitor.sees()

    visitor.browser.post(f"{visitor.place}finish/")
    clock.passes(hours=30)

    assert not Case.objects.exists()
    assert "这次对话已经结束" in visitor.sees()
