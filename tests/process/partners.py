"""Those outside the company who are asked by a link, and the technician with a phone."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.process.answers import receipt
from tests.process.pages import Page
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
