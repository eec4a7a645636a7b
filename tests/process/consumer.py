"""The consumer: no account, a form of five steps, a link, and pages that ask one thing each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from complaints.access import let_in
from complaints.moments import now
from tests.factories import make_case
from tests.process.pages import Label, Page
from tests.process.surroundings import Post, code_in, link_in
from tests.process.visitors import Visitor

NAME, EMAIL, PHONE = "周小华", "zhou@example.test", "13812345678"
STORY = "11 月 19 日晚上烧水时，水壶底座不加热，没有冒出白烟，也没有焦糊味。"


class ConsumerBrowser(Visitor):
    """A consumer with a phone and a mail address."""

    def __init__(self, post: Post, *, name: str = NAME, email: str = EMAIL) -> None:
        super().__init__()
        self.post, self.name, self.email = post, name, email
        self.mine = ""

    # --- Complaining ----------------------------------------------------------------------------
    def complains(self, **answers: Any) -> str:
        """Go from the start page through the five steps; gives the case's reference."""
        page = self.fills_form(**answers)
        page = self.press(page, "提交投诉")
        assert page.heading == "我们收到了你的投诉", page
        return page.url.rstrip("/").rpartition("/")[2]

    def fills_form(self, *, danger: bool = False, **answers: Any) -> Page:
        """Go from the start page to the page on which the answers are checked."""
        page = self.click(self.open(reverse("start")), "开始填写")
        given = {**self._answers(danger=danger), **answers}
        while "/check/" not in page.url:
            names = page.form_with("继续").fields
            said = {name: given[name] for name in given if name in names}
            page = self.press(page, "继续", said)
        return page

    def _answers(self, *, danger: bool) -> dict[str, Any]:
        return {
            "product_text": "安居 K7 电热水壶",
            "order_number": "A-1001",
            "amount_paid": "299",
            "category": "QUALITY",
            "issue_quality": "DEFECT",
            "occurred_on": timezone.localtime(now()).date(),
            "description": STORY,
            "danger": "yes" if danger else "no",
            "wished_remedy": "refund",
            "name": self.name,
            "phone": PHONE,
            "email": self.email,
            "consent": True,
        }

    # --- Coming back ----------------------------------------------------------------------------
    def has_complained(self, **fields: Any) -> str:
        """Set-up: a complaint that was sent before the story begins; gives its reference."""
        about = {"category": "QUALITY", "issue": "DEFECT", "product_text": "安居 K7 电热水壶"}
        case = make_case(**{**about, **fields})
        return self.holds(case).mine

    def holds(self, case: Any) -> ConsumerBrowser:
        """Set-up: be a browser that was let in to one case more."""
        request, response = RequestFactory().get("/"), HttpResponse()
        held = self.client.cookies.get("redress_cases")
        request.COOKIES = {"redress_cases": held.value} if held else {}
        let_in(request, response, case)
        self.client.cookies["redress_cases"] = response.cookies["redress_cases"].value
        self.mine = case.reference
        return self

    def opens_link_from_mail(self) -> Page:
        """Open the secret link of the first mail in a browser that knows nothing."""
        self.client.cookies.clear()
        return self.open(link_in(self.post.last(self.email, "收到你的投诉"), "/t/"))

    def looks_up(self, reference: str, contact: str = EMAIL) -> Page:
        """Get in with the reference and the contact, by a code from the mail."""
        page = self.click(self.open(reverse("start")), "查询进度")
        page = self.press(page, "获取校验码", {"reference": reference, "contact": contact})
        code = code_in(self.post.last(self.email, "校验码"))
        return self.press(page, "查看进度", {"code": code})

    def tracks(self, reference: str) -> Page:
        """Open the tracking page."""
        return self.open(reverse("track:case", args=[reference]))

    def writes(self, reference: str, words: str) -> Page:
        """Send a message."""
        return self.press(self.tracks(reference), "发送", {"body": words})

    # --- Deciding -------------------------------------------------------------------------------
    def withdraws(self, reference: str, reason: str = "商家已经当面解决") -> Page:
        """Take the complaint back, after the page that asks once more."""
        page = self.click(self.tracks(reference), "撤回投诉")
        return self.press(page, "撤回投诉", {"reason": reason, "sure": True})

    def chooses_plan(self, reference: str, title: str = "全额退款") -> Page:
        """Choose an option of the offer on the tracking page."""
        return self.press(self.tracks(reference), "就选这个方案", {"option": Label(title)})

    def says_else(self, reference: str, words: str = "我不想再换，希望退款。") -> Page:
        """Say what would suit instead of the options."""
        page = self.click(self.tracks(reference), "都不合适，说说我的想法")
        return self.press(page, "发送", {"text": words})

    def asks_for_sign_code(self, reference: str) -> Page:
        """Open the agreement and have a code sent; gives the page to sign on."""
        page = self.click(self.tracks(reference), "阅读并签署")
        return self.press(page, "获取校验码")

    def signs(self, reference: str, **answers: Any) -> Page:
        """Read the agreement and sign it with a typed name and the code from the mail."""
        page = self.asks_for_sign_code(reference)
        code = code_in(self.post.last(self.email, "校验码"))
        said = {"code": code, "typed_name": self.name, "consent": True, **answers}
        return self.press(page, "签署并完成", said)

    def refuses_to_sign(self, reference: str, reason: str = "到账日期太晚了") -> Page:
        """Say no to the agreement, with the reason."""
        page = self.click(self.tracks(reference), "阅读并签署")
        page = self.click(page, "不同意，告诉我们哪里不合适")
        return self.press(page, "不签这一版", {"reason": reason})

    def confirms_arrival(self, reference: str, *, rating: int = 5, **answers: Any) -> Page:
        """Say that everything arrived, and how it was."""
        page = self.click(self.tracks(reference), "告诉我们收到没有")
        return self.press(page, "提交", {"arrived": "yes", "rating": rating, **answers})

    def misses_something(self, reference: str, **answers: Any) -> Page:
        """Say that it did not arrive."""
        page = self.click(self.tracks(reference), "告诉我们收到没有")
        return self.press(page, "提交", {"arrived": "no", **answers})

    # --- Other ways -----------------------------------------------------------------------------
    def asks_for_review(self, reference: str, *grounds: str, **answers: Any) -> Page:
        """Ask for a review from the tracking page."""
        page = self.click(self.tracks(reference), "申请复议")
        text = "检测说是我用错了，可我有视频。"
        said = {"grounds": grounds or ("facts",), "text": text, **answers}
        return self.press(page, "提交复议申请", said)

    def withdraws_review(self, reference: str) -> Page:
        """Take the application back."""
        page = self.click(self.tracks(reference), "撤回复议申请")
        return self.press(page, "撤回复议申请")

    def asks_for_mediation(self, reference: str, wish: str = "想多赔一点。") -> Page:
        """Ask for a third party from the tracking page."""
        page = self.click(self.tracks(reference), "请第三方调解")
        return self.press(page, "申请调解", {"wish": wish})

    # --- Papers ---------------------------------------------------------------------------------
    def downloads(self, reference: str, words: str) -> bytes:
        """Download a document that the tracking page links to."""
        return self.download(self.tracks(reference).link(words))
