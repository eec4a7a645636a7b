"""Those who review and mediate, and the outside mediator who was let in to one case by a link."""

from __future__ import annotations

from typing import Any

from tests.process.answers import day_input, local_input
from tests.process.pages import Label, Page
from tests.process.staff import Member
from tests.process.surroundings import Post, link_in
from tests.process.visitors import Visitor


class Reviewer(Member):
    """Decides reviews of cases in which they had no hand."""

    def forms_panel(self, reference: str, *names: str, status: int = 200) -> Page:
        """Name who decides."""
        page = self.takes_next_step(reference)
        return self.press(
            page, "确定复议小组", {"members": [Label(name) for name in names]}, status=status
        )

    def decides(self, reference: str, decision: str, *, status: int = 200, **answers: Any) -> Page:
        """Decide, with a finding about each ground."""
        page = self.takes_next_step(reference)
        fields = page.form_with("作出复议决定").fields
        grounds = {name: "看过视频，理由成立。" for name in fields if name.startswith("ground_")}
        said = {
            "decision": decision,
            "reasons": "视频和检测结论不矛盾。",
            "outcome_text": "决定如下。",
            **grounds,
            **answers,
        }
        return self.press(page, "作出复议决定", said, status=status)


def agreed_terms(amount: str, *, due: Any) -> dict[str, Any]:
    """What a mediator writes into the agreement: one sum, and when it is paid."""
    return {
        "lines-0-label": "退款和补偿",
        "lines-0-amount": amount,
        "lines-0-basis": "双方协商",
        "duties-0-kind": "payment",
        "duties-0-description": "支付补偿款",
        "duties-0-amount": amount,
        "duties-0-due_on": day_input(due),
        "findings": "双方确认水壶底座有缺陷。",
        "liability": "由公司承担责任。",
    }


class GuestMediator(Visitor):
    """Somebody from outside, with nothing but a link."""

    def __init__(self, post: Post, *, name: str = "何调解", email: str = "he@example.test") -> None:
        super().__init__()
        self.post, self.name, self.email = post, name, email
        self.place = ""

    def opens_link(self) -> Page:
        """Open the link of the invitation."""
        page = self.open(link_in(self.post.last(self.email), "/mediation/"))
        self.place = page.url
        return page

    def case(self) -> Page:
        """Open the one case again."""
        return self.open(self.place)

    def writes_positions(self) -> Page:
        """Write down what each side wants and what both agree on."""
        page = self.click(self.case(), "修改双方的主张")
        said = {"consumer": "退款并赔 50 元。", "company": "愿意退款。", "common": "同意退款。"}
        return self.press(page, "保存", said)

    def plans_meeting(self, at: Any) -> Page:
        """Fix when both sides meet."""
        page = self.click(self.case(), "约定会谈")
        said = {"meeting_at": local_input(at), "place": "协会 302 室"}
        return self.press(page, "确定会谈时间", said)

    def writes_private_note(self, words: str) -> Page:
        """Keep a note about one side's talk."""
        page = self.click(self.case(), "写私密记录")
        return self.press(page, "保存记录", {"side": "consumer", "body": words})

    def drafts_agreement(self, amount: str, *, due: Any) -> Page:
        """Write down what both sides agreed on."""
        page = self.click(self.case(), "生成调解协议")
        return self.press(page, "保存草稿", agreed_terms(amount, due=due))

    def offers_agreement(self) -> Page:
        """Put it before the signers."""
        page = self.click(self.case(), "提交各方签署")
        return self.press(page, "提交签署")

    def signs(self) -> Page:
        """Sign as the mediator."""
        page = self.click(self.case(), "签署")
        return self.press(page, "签署", {"name": self.name})

    def ends_without_agreement(self, *, note: str = "金额谈不拢。", status: int = 200) -> Page:
        """End the talk."""
        page = self.click(self.case(), "没有谈成，结束调解")
        return self.press(page, "结束调解", {"outcome": "failed", "note": note}, status=status)
