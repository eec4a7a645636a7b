"""Those who investigate, approve, sign, pay and answer for the team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from complaints.moments import now
from tests.process.answers import local_input, receipt
from tests.process.pages import Page
from tests.process.staff import Member
from tests.process.surroundings import Post, code_in


class Investigator(Member):
    """Finds out what happened, hears both sides, decides who is liable."""

    def hears_respondent(self, reference: str, name: str = "生产部门") -> Page:
        """Record what the department in question, or an outside party, said."""
        page = self.chooses(reference, "登记陈述", tab="liability")
        answers = {
            "party": "respondent",
            "name": name,
            "how": "heard",
            "heard_at": local_input(now() - timedelta(minutes=5)),
            "text": "这一批温控器触点粘连，我们认可检测结果。",
        }
        return self.press(page, "登记陈述", answers)

    def writes_note(
        self, reference: str, words: str = "检测：触点粘连，干烧保护没有动作。"
    ) -> Page:
        """Write an investigation note."""
        page = self.chooses(reference, "写调查记录", tab="liability")
        return self.press(page, "保存记录", {"text": words})

    def finds(
        self, reference: str, *, outcome: str = "liable", shares: Any = None, status: int = 200
    ) -> Page:
        """Decide: an outcome, its reasons, and shares that sum to 100."""
        page = self.takes_next_step(reference)
        said: dict[str, Any] = {
            "outcome": outcome,
            "reasons_consumer": "检测确认是底座温控器缺陷。",
        }
        for number, (party, share) in enumerate(shares or [("seller", "100")]):
            said |= {
                f"outward-{number}-party": party,
                f"outward-{number}-share": share,
                f"outward-{number}-ground": "消费者权益保护法第五十二条",
            }
        return self.press(page, "提交责任认定", said, status=status)

    def reopens_investigation(self, reference: str) -> Page:
        """Send the case back for new evidence."""
        page = self.chooses(reference, "重新调查")
        return self.press(page, "重新调查", {"reason": "收到新的检测报告"})


class Approver(Member):
    """Decides about what is over others' limits."""

    def approves(self, reference: str) -> Page:
        """Approve the plan that waits."""
        return self._decides(reference, "批准")

    def gives_back(self, reference: str, reason: str) -> Page:
        """Give the plan back to its author."""
        return self._decides(reference, "退回", reason)

    def _decides(self, reference: str, button: str, reason: str = "") -> Page:
        page = self.takes_next_step(reference)
        form = next(
            form
            for form in page.forms
            if any(button_.words.startswith(button) for button_ in form.buttons)
        )
        field = next(name for name in form.fields if name.endswith("-reason"))
        form.fill({field: reason})
        return self.send(page, form, form.button(button))


class CompanySigner(Approver):
    """Signs for the company."""

    def signs_for_company(self, reference: str, *, status: int = 200) -> Page:
        """Sign by one's account, the password once more, and the code from one's mail."""
        page = self.press(self.takes_next_step(reference), "获取校验码")
        code = code_in(Post().last(self.user.email, "代表公司签署"))
        said = {
            "position": "客户服务主管",
            "consent": True,
            "password": "secret-pass-1",
            "code": code,
        }
        return self.press(page, "签署", said, status=status)


class Finance(Member):
    """Pays, with proof."""

    def pays(self, reference: str, *, status: int = 200, **answers: Any) -> Page:
        """Record the payment that the list of due payments leads to."""
        page = self.open(self.open(reverse("finance")).link_to(f"{reference}/pay/"))
        said = {"method": "original_route", "proof": receipt(), "reference": "T1", **answers}
        return self.press(page, "登记付款", said, status=status)


class Manager(Member):
    """Answers for the team: accountability, reopening, the dashboard."""

    def reopens(self, reference: str, reason: str = "收到新的检测报告") -> Page:
        """Take an ended case up again."""
        return self.press(self.takes_next_step(reference), "重新处理", {"reason": reason})
