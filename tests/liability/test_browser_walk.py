"""The two cases of an investigation in Chromium, from the first question to the report and money.

Each is walked by the investigator, the supplier or technician, and the approver; on the desk and
on a phone, in Chinese and in English. With REDRESS_TEST_PICTURES=<folder> every page is kept as a
picture and every report as a PDF, in all four combinations.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Batch, Case
from complaints.moments import now, shift_to
from complaints.states import Stage
from documents.services.files import read_bytes
from documents.services.rendering import render_pending
from liability.models import (
    BatchSupply,
    ConsultTask,
    Inspection,
    InvestigationReport,
    RecourseClaim,
    Supplier,
)
from liability.services.board import Judgement, add_claim, weigh
from liability.services.consulting import ask_consult
from liability.services.inspecting import confirm_time
from liability.services.recourse import record_paid
from tests.browser import DESKTOP, PHONE, OpenPage, csp_violations, no_horizontal_overflow
from tests.complaints.vault_makers import add, drawing, encoded
from tests.factories import make_product, make_team, make_user
from tests.liability.doors import consumer_client
from tests.liability.makers import (
    hear_respondent,
    inspection,
    investigating_case,
    question,
    secret_of,
)
from tests.process.answers import day_input, receipt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]

PICTURES = os.environ.get("REDRESS_TEST_PICTURES", "")
LOOKS = [(DESKTOP, "zh-hans"), (PHONE, "en")]
if PICTURES:
    LOOKS += [(DESKTOP, "en"), (PHONE, "zh-hans")]
SUPPLIER, CARRIER = "恒达触控", "快运物流"
FAULT = "技术员检测：触摸层排线虚焊，属于硬件故障，没有进水和跌落的痕迹。"


@dataclass
class Walk:
    """One walk through a case: who opens what, and the pictures that are kept of it."""

    open_page: OpenPage
    width: int
    language: str
    name: str
    shots: int = 0
    people: dict[str, User] = field(default_factory=dict)

    def cookies(self, client: Client) -> dict[str, str]:
        held = {name: morsel.value for name, morsel in client.cookies.items()}
        return {**held, settings.LANGUAGE_COOKIE_NAME: self.language}

    def inside(self, path: str, role: Role, *, width: int = 0) -> Page:
        """Open a page of the desk as the one member of staff with a role."""
        person = self.people.setdefault(role, make_user(role, display_name=f"{role.label}甲"))
        client = Client()
        client.force_login(person)
        return self.shown(path, client, width=width)

    def shown(self, path: str, client: Client, *, width: int = 0) -> Page:
        """Open a page in somebody's browser."""
        page = self.open_page(path, width=width or self.width, cookies=self.cookies(client))
        return self.looks_right(page)

    def looks_right(self, page: Page) -> Page:
        """Check that a page fits and asks for nothing from elsewhere; keep its picture."""
        expect(page.locator("h1").first).to_be_visible()
        self.shots += 1
        if PICTURES:
            short = self.language[:2]
            name = f"{self.name}-{self.width}-{short}-{self.shots:02}.png"
            self.picture(page, Path(PICTURES) / name)
        assert no_horizontal_overflow(page) == []
        assert csp_violations(page) == []
        return page

    def picture(self, page: Page, path: Path) -> None:
        """Keep a picture of a whole page; the desk scrolls inside, so its window is made tall."""
        size = page.viewport_size
        if size and self.width == DESKTOP:
            page.set_viewport_size({"width": size["width"], "height": 2200})
        page.screenshot(path=str(path), full_page=True)
        if size:
            page.set_viewport_size(size)

    def sends(self, page: Page, button: str = "") -> Page:
        """Press the main button, or the one with a name, and look at where it leads."""
        chosen = f"button[name={button}]" if button else "main button.rd-button-primary"
        with page.expect_navigation():
            page.locator(chosen).last.click()
        return self.looks_right(page)


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def walk(request: pytest.FixtureRequest, open_page: OpenPage) -> Iterator[Walk]:
    """A company with a team, and one way of looking at it."""
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    width, language = request.param
    yield Walk(open_page, width, language, request.node.originalname.split("_")[-1])


def phone_case(**fields: object) -> Case:
    """触摸失灵: a telephone of a known batch whose screen does not answer."""
    product = make_product(name="安居 P1 智能手机", category="手机")
    batch = Batch.objects.create(product=product, code="P1-2609", units_sold=5000)
    supplier = Supplier.objects.create(name=SUPPLIER, contact="品质部")
    BatchSupply.objects.create(batch=batch, supplier=supplier, part="触摸屏")
    day = now().date() - timedelta(days=14)
    case = investigating_case(
        category="QUALITY",
        product_id=product.pk,
        batch_code=batch.code,
        description="手机用了两周，屏幕触摸不灵，右边一条完全点不动，重启也没有用。",
        amount_paid=Decimal("2999.00"),
        purchased_on=day,
        occurred_on=day + timedelta(days=12),
        **fields,
    )
    hear_respondent(case)
    photo = add(case, encoded(drawing(7)), "屏幕.jpg")
    claim = add_claim(case, by=Actor.staff(make_user(Role.INVESTIGATOR)), text="出厂时就有故障")
    weigh(
        claim,
        by=Actor.staff(make_user(Role.INVESTIGATOR)),
        judgement=Judgement(f"evidence:{photo.pk}", "for", "photo"),
    )
    return case


def url(name: str, case: Case, *more: object) -> str:
    return reverse(f"liability:{name}", args=[case.reference, *more])


def fill_shares(page: Page, table: str, *shares: tuple[str, str, str, str]) -> None:
    """Enter rows of a table: party, name, share and ground."""
    for number, (party, name, share, ground) in enumerate(shares):
        row = f"[name={table}-{number}-"
        page.select_option(f"{row}party]", party)
        page.fill(f"{row}name]", name)
        page.fill(f"{row}share]", share)
        page.fill(f"{row}ground]", ground)


def enter_finding(page: Page, *inward: tuple[str, str, str, str]) -> None:
    """Enter that we are liable, and who bears it inside."""
    page.check("[name=outcome][value=liable]")
    page.fill("[name=reasons_consumer]", "检测确认是触摸层排线虚焊，是产品自身的问题，责任在我们。")
    page.fill("[name=reasons_internal]", "出厂检验记录与检测结果一致，按合同和批次记录分担。")
    ground = "《消费者权益保护法》第五十二条"
    fill_shares(page, "outward", ("seller", "", "100", ground))
    fill_shares(page, "inward", *inward)


def report_is_written(walk: Walk, case: Case) -> None:
    """The investigator writes the report, and all four PDFs are printed."""
    page = walk.inside(url("report_new", case), Role.INVESTIGATOR)
    page.fill("[name=facts_found]", f"{FAULT}\n{SUPPLIER} 同批次抽检另有 2 件虚焊。")
    page.fill("[name=facts_not_proved]", "没有证据说明摔过或者进过水。")
    page.fill("[name=cause]", "触摸排线焊接温度不足，来料检验没有发现。")
    page.fill("[name=batch_scope]", "P1-2609 批次，5000 台；抽检 50 台，2 台不合格。")
    page.fill("[name=losses]", "手机 | 2999 | 发票\n误工半天 | 200 | 工资证明")
    page.fill("[name=remedies]", "换新机\n退款")
    page.fill("[name=recall]", "不危及安全，不召回；同批次免费检测。")
    page.fill("[name=limits]", "送检样品一件。")
    walk.sends(page)
    render_pending()
    report = InvestigationReport.objects.get(case=case)
    copies = list(report.copies.select_related("document__file"))
    assert len(copies) == 4 and all(copy.document.is_ready for copy in copies)
    if PICTURES:
        for copy in copies:
            name = f"{walk.name}-report-{copy.audience}-{copy.language[:2]}.pdf"
            target = Path(PICTURES) / name
            target.write_bytes(read_bytes(copy.document.file))


@pytest.mark.timeout(600)
def test_the_walk_of_the_phone(walk: Walk) -> None:
    """A technician's visit finds a fault of the thing; the consumer reads the result."""
    case = phone_case()
    technician = make_user(Role.AGENT, display_name="钱师傅")
    walk.people[Role.AGENT] = technician
    visit = inspection(case, technician=technician)
    confirm_time(visit, by=Actor.consumer(), seen_proposal=1)
    shift_to(visit.starts_at + timedelta(minutes=10))

    page = walk.inside(url("visit", case, visit.pk), Role.AGENT, width=PHONE)
    page.fill("[name=findings]", FAULT)
    walk.sends(page)
    assert Inspection.objects.get(pk=visit.pk).findings == FAULT
    walk.inside(url("plan", case), Role.INVESTIGATOR)
    walk.inside(url("board", case), Role.INVESTIGATOR)

    page = walk.inside(url("finding_new", case), Role.INVESTIGATOR)
    assert "六个月" in page.content() or "six months" in page.content()
    enter_finding(page)
    walk.sends(page, "preview")
    walk.sends(page)
    case.refresh_from_db()
    assert case.stage == Stage.LIABILITY_DETERMINED

    report_is_written(walk, case)
    walk.inside(reverse("desk:case_tab", args=[case.reference, "liability"]), Role.INVESTIGATOR)
    walk.shown(reverse("track:case", args=[case.reference]), consumer_client(case))


@pytest.mark.timeout(600)
def test_the_walk_of_the_split(walk: Walk) -> None:
    """供货者 60、生产 30、承运 10: asked, answered by a link, refused early, approved, claimed."""
    case = phone_case(severity="severe")
    supplier_answers(walk, case)
    carrier_is_silent(case)

    page = walk.inside(url("finding_new", case), Role.INVESTIGATOR)
    enter_finding(
        page,
        ("supplier", SUPPLIER, "60", "供货合同第 9 条"),
        ("production_dept", "", "30", "P1-2609 批次检验记录"),
        ("logistics", CARRIER, "10", "运输合同第 5 条"),
    )
    walk.sends(page)
    case.refresh_from_db()
    assert case.stage == Stage.INVESTIGATING
    walk.inside(reverse("liability:finding_approvals"), Role.APPROVER)
    page = walk.inside(url("finding_approve", case), Role.APPROVER)
    assert SUPPLIER in page.content() and CARRIER in page.content()
    walk.sends(page, "approve")
    case.refresh_from_db()
    assert case.stage == Stage.LIABILITY_DETERMINED

    report_is_written(walk, case)
    record_paid(
        case, by=Actor.system(), source="walk", amount=Decimal("3199.00"),
        currency="CNY", paid_at=now(),
    )  # fmt: skip
    walk.inside(reverse("desk:case_tab", args=[case.reference, "liability"]), Role.INVESTIGATOR)
    for by in ("case", "batch", "supplier"):
        page = walk.inside(f"{reverse('liability:recourse')}?by={by}", Role.FINANCE)
    assert "1,919.40" in page.content()
    claim = RecourseClaim.objects.get(case=case, name=SUPPLIER)
    walk.inside(reverse("liability:claim", args=[claim.pk]), Role.FINANCE)
    walk.inside(reverse("liability:limits"), Role.MANAGER)


def supplier_answers(walk: Walk, case: Case) -> None:
    """The question goes out on the desk; a finding is too early; the supplier answers."""
    page = walk.inside(url("consult_new", case), Role.INVESTIGATOR)
    page.select_option("[name=addressee]", "supplier")
    page.fill("[name=party_name]", SUPPLIER)
    page.fill("[name=email]", "qc@hengda.test")
    page.fill("[name=question]", "请说明 P1-2609 批触摸屏的出厂检验情况。")
    page.fill("[name=due_on]", day_input(now() + timedelta(days=3)))
    page.check("[name=asks_statement]")
    walk.sends(page)
    task = ConsultTask.objects.get(case=case, party_name=SUPPLIER)

    page = walk.inside(url("consult_extend", case, task.pk), Role.INVESTIGATOR)
    page.fill("[name=due_on]", day_input(now() + timedelta(days=5)))
    page.fill("[name=reason]", "对方在等第三方检测报告")
    walk.sends(page)

    page = walk.inside(url("finding_new", case), Role.INVESTIGATOR)
    enter_finding(page, ("supplier", SUPPLIER, "100", "供货合同第 9 条"))
    walk.sends(page)
    assert (
        SUPPLIER
        in page.locator("[data-error-summary], .rd-error-summary, .rd-error").first.inner_text()
    )

    page = walk.shown(reverse("liability:consult_link", args=[secret_of(task)]), Client())
    assert case.consumer.contact["name"] not in page.content()
    page.fill("[name=text]", "出货抽检 50 件，2 件虚焊；九月起换了焊接治具，愿意按合同承担。")
    page.fill("[name=name]", "李工，质检主管")
    photo = receipt()
    page.set_input_files(
        "[name=files]",
        [{"name": "检验记录.jpg", "mimeType": "image/jpeg", "buffer": photo.read()}],
    )
    walk.sends(page)
    task.refresh_from_db()
    assert task.answer.startswith("出货抽检")


def carrier_is_silent(case: Case) -> None:
    """The carrier is asked and lets its time pass."""
    task = ask_consult(
        case,
        by=Actor.staff(make_user(Role.INVESTIGATOR)),
        question=question("logistics", party_name=CARRIER, asks_statement=True),
        nonce=uuid4(),
    )
    shift_to(task.due_at + timedelta(minutes=1))
