"""The members of staff, each logged in through the form, each at the real pages of the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from complaints.models import Case
from complaints.moments import now
from tests.process.pages import Label, Page
from tests.process.visitors import Visitor

PASSWORD = "secret-pass-1"


def local_input(moment: Any) -> str:
    """A moment as a person types it into a field for date and time."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


class Member(Visitor):
    """A member of staff at the desk."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user, self.name = user, user.display_name

    def logs_in(self) -> Page:
        """Log in with name and password; leads to the desk."""
        page = self.open(reverse("account_login"))
        answers = {"login": self.user.username, "password": PASSWORD}
        return self.press(page, "登录", answers)

    # --- The case's page ------------------------------------------------------------------------
    def case(self, reference: str, tab: str = "") -> Page:
        """Open a case, or one of its tabs."""
        if tab:
            return self.open(reverse("desk:case_tab", args=[reference, tab]))
        return self.open(reverse("desk:case", args=[reference]))

    def takes_next_step(self, reference: str) -> Page:
        """Follow the one primary button of the case's page."""
        page = self.case(reference)
        return self.open(page.primary())

    def chooses(self, reference: str, words: str, *, tab: str = "") -> Page:
        """Follow a link of the case's page: from its menu, its head or one of its tabs."""
        return self.click(self.case(reference, tab), words)

    def is_offered(self, reference: str, words: str, *, tab: str = "") -> bool:
        """Say whether the case's page leads there."""
        return self.case(reference, tab).offers(words)

    def replies(self, reference: str, words: str) -> Page:
        """Write to the consumer from the case's page."""
        return self._says(reference, "reply", words)

    def notes(self, reference: str, words: str) -> Page:
        """Write a note that stays inside."""
        return self._says(reference, "internal", words)

    def _says(self, reference: str, kind: str, words: str) -> Page:
        return self.press(self.case(reference), "发送", {"kind": kind, "text": words})


class Agent(Member):
    """Receives, accepts, plans, and looks after a case to its end."""

    def accepts(self, reference: str, *, severity: str = "moderate", **answers: Any) -> Page:
        """Accept with next steps and a date: the person's notice that stops the 24 hours."""
        said = {
            "category": "QUALITY",
            "issue": "DEFECT",
            "severity": severity,
            "next_steps": "明天上门取回水壶检测，三天内告诉你原因。",
            **answers,
        }
        return self.press(self.takes_next_step(reference), "受理并通知消费者", said)

    def declines(self, reference: str, *, ground: str = "out_of_remit", advice: str = "") -> Page:
        """Decline on a listed ground, with advice."""
        page = self.chooses(reference, "不予受理")
        advice = advice or "这不是我们卖出的商品，请找出售它的商家，也可以拨打 12315。"
        return self.press(page, "不予受理并通知消费者", {"ground": ground, "advice": advice})

    def takes_over(self, reference: str) -> Page:
        """Make the case one's own."""
        return self.press(self.case(reference), "分配给我")

    def opens_investigation(self, reference: str, *, lead: str) -> Page:
        """Choose the investigation at the fork after acceptance, and name who leads it."""
        page = self.click(self.takes_next_step(reference), "开始调查")
        answers = {"lead": Label(lead), "questions": "底座为什么冒烟？"}
        return self.press(page, "开始调查", answers)

    def settles_directly(self, reference: str) -> Page:
        """Choose at the fork to admit a minor case."""
        page = self.click(self.takes_next_step(reference), "承认责任")
        return self.press(page, "承认责任", {"reasons": "外壳划痕是出厂时造成的。"})

    def records_safety_action(self, reference: str) -> Page:
        """Write down what was done about the danger."""
        page = self.chooses(reference, "登记安全处置")
        answers = {"action": "电话请消费者断电停用，当天取回。", "consumer_reached": True}
        return self.press(page, "登记", answers)

    def raises_emergency(self, reference: str) -> Page:
        """Make a case an emergency."""
        page = self.chooses(reference, "升为紧急案件")
        return self.press(page, "升为紧急案件", {"reason": "来电说又冒烟了"})

    # --- The plan -------------------------------------------------------------------------------
    def plans(self, reference: str, *, refund: str = "299.00", **answers: Any) -> Page:
        """Write a plan of two options and submit it."""
        return self.writes_plan(self.takes_next_step(reference), refund=refund, **answers)

    def writes_plan(
        self,
        page: Page,
        *,
        refund: str,
        button: str = "提交方案",
        status: int = 200,
        **answers: Any,
    ) -> Page:
        """Fill the page of the plan."""
        said = {
            "legal_minimum": refund,
            "legal_basis": "消费者权益保护法第五十二条",
            **_refund("o0", refund),
            **_new_kettle("o1", refund),
            **answers,
        }
        return self.press(page, button, said, status=status)

    def sends_offer(self, reference: str, *, days: int = 7) -> Page:
        """Send the approved plan."""
        return self.press(self.takes_next_step(reference), "发给消费者", {"valid_days": days})


def _refund(prefix: str, amount: str) -> dict[str, Any]:
    return {
        f"{prefix}-kind": "refund",
        f"{prefix}-title": "全额退款",
        f"{prefix}-arrival_text": "签署后 3 个工作日内原路退回",
        f"{prefix}-performance_days": "3",
        f"{prefix}-lines-0-kind": "refund",
        f"{prefix}-lines-0-description": "退还货款",
        f"{prefix}-lines-0-amount": amount,
        f"{prefix}-lines-0-legal_basis": "消费者权益保护法第五十二条",
    }


def _new_kettle(prefix: str, amount: str) -> dict[str, Any]:
    return {
        f"{prefix}-kind": "replacement",
        f"{prefix}-title": "换新并补偿运费",
        f"{prefix}-arrival_text": "签署后 5 个工作日内寄出",
        f"{prefix}-performance_days": "5",
        f"{prefix}-legal_minimum": "38.00",
        f"{prefix}-lines-0-kind": "replace",
        f"{prefix}-lines-0-description": "同款新机",
        f"{prefix}-lines-0-amount": amount,
        f"{prefix}-lines-0-unit": "台",
        f"{prefix}-lines-1-kind": "loss",
        f"{prefix}-lines-1-description": "寄回运费",
        f"{prefix}-lines-1-amount": "38.00",
        f"{prefix}-lines-1-legal_basis": "消费者权益保护法第五十二条",
    }


class Investigator(Member):
    """Finds out what happened, hears both sides, decides who is liable."""

    def hears_respondent(self, reference: str) -> Page:
        """Record what the department in question said."""
        page = self.chooses(reference, "登记陈述", tab="liability")
        answers = {
            "party": "respondent",
            "name": "生产部门",
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


class Manager(Member):
    """Answers for the team: accountability, reopening, the dashboard."""

    def reopens(self, reference: str, reason: str = "收到新的检测报告") -> Page:
        """Take an ended case up again."""
        return self.press(self.takes_next_step(reference), "重新处理", {"reason": reason})


def the(reference: str) -> Case:
    """The case as it is stored; for assertions only."""
    return Case.objects.get(reference=reference)
