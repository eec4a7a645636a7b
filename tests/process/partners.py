"""Those outside the company who are asked by a link, and the technician with a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from complaints.moments import now
from tests.process.answers import local_input, receipt
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Investigator
from tests.process.pages import Label, Page
from tests.process.staff import Member
from tests.process.surroundings import Post, link_in
from tests.process.visitors import Visitor


class Partner(Visitor):
    """Somebody at a supplier, warehouse or carrier, with nothing but a link."""

    def __init__(
        self, post: Post, *, name: str = "恒达温控", email: str = "li@hengda.test"
    ) -> None:
        super().__init__()
        self.post, self.name, self.email = post, name, email

    def link(self) -> str:
        """The link of the latest mail."""
        return link_in(self.post.last(self.email), "/consult/")

    def opens_link(self, *, status: int = 200) -> Page:
        """Open the link of the latest mail."""
        return self.open(self.link(), status=status)

    def answers(self, words: str, *, status: int = 200, **answers: Any) -> Page:
        """Answer the one question, with a file."""
        said = {"text": words, "name": "李工，质检主管", "files": receipt(), **answers}
        return self.press(self.opens_link(), "提交答复", said, status=status)


class Technician(Member):
    """Looks at the thing itself."""

    def visits(self, reference: str, findings: str, *, status: int = 200) -> Page:
        """Open the inspection from one's list, and record what was found, with a photo."""
        page = self.open(reverse("liability:consults"))
        page = self.open(page.link_to(f"{reference}/inspections/"))
        said = {"findings": findings, "consumer_present": True, "photos": receipt()}
        return self.press(page, "提交检查结果", said, status=status)


def asks(investigator: Investigator, partner: Partner, reference: str, **answers: Any) -> None:
    """The investigator puts a question to the supplier."""
    page = investigator.chooses(reference, "调查计划", tab="liability")
    page = investigator.click(page, "发出会办任务")
    said = {
        "addressee": "supplier",
        "party_name": partner.name,
        "email": partner.email,
        "question": "请说明该批温控器的出厂检验情况。",
        "asks_statement": True,
        **answers,
    }
    investigator.press(page, "发出", said)


def an_inspection_is_agreed(
    reference: str,
    consumer: ConsumerBrowser,
    investigator: Investigator,
    technician: Technician,
) -> None:
    """约检查: the first time does not suit, the second does."""
    page = investigator.chooses(reference, "调查计划", tab="liability")
    said = {
        "kind": "on_site",
        "technician": Label(technician.name),
        "starts_at": local_input(now() + timedelta(hours=20)),
        "place": "上海市徐汇区漕溪北路 18 号",
        "purpose": "通电看温控器",
    }
    investigator.press(investigator.click(page, "约检查"), "向消费者提出", said)
    page = consumer.click(consumer.tracks(reference), "确认或者换时间")
    page = consumer.press(page, "请换个时间", {"wish": "明天下午三点以后"})
    assert "我们在重新约检查时间" in page
    page = investigator.open(reverse("liability:plan", args=[reference]))
    assert "明天下午三点以后" in page
    page = investigator.click(page, "改时间")
    new = {"starts_at": local_input(now() + timedelta(hours=23))}
    investigator.press(page, "提出新的时间", new)
    page = consumer.click(consumer.tracks(reference), "确认或者换时间")
    assert "检查时间定好了" in consumer.press(page, "确认这个时间")
