"""The members of staff, each logged in through the form, each at the real pages of the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from accounts.models import User
from complaints.models import Case
from complaints.moments import now
from tests.process.answers import day_input, new_kettle_answers, refund_answers
from tests.process.pages import Label, Page
from tests.process.visitors import Visitor

PASSWORD = "secret-pass-1"


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
        case_or_tab = reverse("desk:case", args=[reference]) + r"(tab/\w+/)?"
        page = self.page_lying_open(case_or_tab) or self.case(reference)
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
        options: int = 2,
        status: int = 200,
        **answers: Any,
    ) -> Page:
        """Fill the page of the plan."""
        said = {
            "legal_minimum": refund,
            "legal_basis": "消费者权益保护法第五十二条",
            **refund_answers("o0", refund),
            **(new_kettle_answers("o1", refund) if options > 1 else {}),
            **answers,
        }
        return self.press(page, "提交方案", said, status=status)

    def sends_offer(self, reference: str, *, days: int = 7) -> Page:
        """Send the approved plan."""
        return self.press(self.takes_next_step(reference), "发给消费者", {"valid_days": days})

    # --- The agreement and after ----------------------------------------------------------------
    def drafts_agreement(self, reference: str, **answers: Any) -> Page:
        """Write the agreement from what the consumer chose."""
        return self.press(self.takes_next_step(reference), "保存草稿", answers)

    def offers_agreement(self, reference: str, **answers: Any) -> Page:
        """Put the draft before both sides."""
        return self.press(self.takes_next_step(reference), "提交签署", answers)

    def records_performance(self, reference: str, note: str = "已寄出，单号 SF123456") -> Page:
        """Record that something other than money was done."""
        return self.press(self.takes_next_step(reference), "登记履行", {"note": note})

    def declares_breach(self, reference: str, reason: str = "财务漏付了") -> Page:
        """Say that something is overdue, and why."""
        return self.press(self.takes_next_step(reference), "认定逾期", {"reason": reason})

    def plans_remedy(self, reference: str, *, days: int = 2, status: int = 200) -> Page:
        """Say how the breach is mended, with a new day for each overdue thing."""
        page = self.takes_next_step(reference)
        new_day = day_input(now() + timedelta(days=days))
        dates = [name for name in page.form_with("继续履行").fields if name.startswith("due_")]
        said = {"remedy": "今天补付并致歉。", **dict.fromkeys(dates, new_day)}
        return self.press(page, "继续履行", said, status=status)

    def calls_in_vain(self, reference: str, *, status: int = 200) -> Page:
        """Record that the consumer did not answer the follow-up."""
        page = self.chooses(reference, "登记没有接通")
        return self.press(page, "登记", {"note": "无人接听"}, status=status)

    def refers_to_mediation(self, reference: str) -> Page:
        """Refer a case to mediation on the consumer's word."""
        return self.press(self.chooses(reference, "提请调解"), "提请调解", {"wish": "想多赔一点"})

    def invites_mediator(self, reference: str, *, name: str, email: str) -> Page:
        """Invite somebody from outside to lead the talk."""
        page = self.click(self.takes_next_step(reference), "邀请第三方")
        said = {"name": name, "organisation": "闵行区消费者协会", "email": email}
        return self.press(page, "发出邀请", said)

    def records_proceeding(self, reference: str, *, kind: str, suspends: bool = True) -> Page:
        """Record that the matter is elsewhere."""
        said = {
            "kind": kind,
            "body": "上海市闵行区人民法院",
            "filed_on": day_input(now()),
            "suspends": suspends,
        }
        return self.press(self.chooses(reference, "登记外部程序"), "登记", said)


def the(reference: str) -> Case:
    """The case as it is stored; for assertions only."""
    return Case.objects.get(reference=reference)
