"""An instant offer in Chromium, from the first page to the signed agreement; and staff's pages."""

from __future__ import annotations

import logging
import os
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.states import Role
from agreements.models import Agreement
from compensation.services.care import start_care
from compensation.services.instant import offer_instantly
from compensation.services.statements import submit_statement
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.outbox import deliver_due
from tests.browser import (
    DESKTOP,
    PHONE,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.compensation.instant_makers import approved, fitting_case
from tests.complaints.intake_steps import picture
from tests.factories import make_case, make_product, make_team, make_user, staff
from tests.liability.doors import staff_client

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
logger = logging.getLogger(__name__)


def keep(page: Page, name: str) -> None:
    """Keep a picture of a page where SHOTS names a folder."""
    if os.environ.get("SHOTS"):
        page.screenshot(path=Path(os.environ["SHOTS"]) / f"{name}.png", full_page=True)


def sound(page: Page) -> None:
    """The page is accessible, nothing too wide, nothing stopped by the policy."""
    found = [*axe_violations(page), *no_horizontal_overflow(page), *csp_violations(page)]
    assert found == []


def go_on(page: Page) -> None:
    page.get_by_role("button", name="继续", exact=True).click()


def fill_in(page: Page) -> None:
    """Answer the five steps as somebody with a scratched kettle and a photo does."""
    today = working_calendar().local_date(now())
    page.get_by_role("link", name="开始填写").first.click()
    page.get_by_label("商品或服务").fill("安居 K7 电热水壶")
    page.locator("[name=order_number]").fill("A-8001")
    page.locator("[name=purchased_on]").fill(f"{today - timedelta(days=3)}")
    page.locator("[name=amount_paid]").fill("299")
    go_on(page)
    page.get_by_label(re.compile("^产品质量")).check()
    page.locator("input[name=issue_quality][value=COSMETIC]").check()
    go_on(page)
    page.get_by_label("哪一天发现问题的？").fill(f"{today}")
    page.get_by_label("经过是怎样的？").fill("新买的水壶外壳有一道划痕，想换一个。")
    shot = picture("划痕.png")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "划痕.png", "mimeType": "image/png", "buffer": shot.read()}
    )
    expect(page.get_by_text("划痕.png").first).to_be_visible()
    page.get_by_label(re.compile("^没有")).check()
    go_on(page)
    page.get_by_label("退款").check()
    go_on(page)
    page.get_by_label(re.compile("称呼")).fill("周小华")
    page.get_by_label(re.compile("邮箱")).fill("zhou@example.test")
    page.locator("input[name=consent]").check()
    go_on(page)


def sign(page: Page) -> None:
    """Ask for a code, and sign with it and a typed name."""
    page.get_by_role("button", name="获取校验码").click()
    expect(page.get_by_role("button", name="重新获取校验码")).to_be_visible()
    deliver_due()
    body = next(str(one.body) for one in reversed(mail.outbox) if "校验码" in one.subject)
    code = re.search(r"(?<!\d)\d{6}(?!\d)", body)
    assert code is not None
    page.locator("[name=code]").fill(code[0])
    page.locator("[name=typed_name]").fill("周小华")
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="签署并完成").click()


def test_from_the_first_page_to_the_signed_agreement(open_page: OpenPage) -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    make_product(name="安居 K7 电热水壶")
    approved()
    page = open_page("/", width=PHONE)
    begun = time.monotonic()

    fill_in(page)
    page.get_by_role("button", name="提交投诉").click()
    expect(page.get_by_role("heading", name="现在就能解决")).to_be_visible()
    offered = time.monotonic()
    sound(page)
    keep(page, "instant-390")
    page.get_by_label("退货退款").check()
    page.get_by_role("button", name="就选这个，看协议").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("签署协议")
    sign(page)
    expect(page.get_by_text("你已经签好了协议")).to_be_visible()

    signed = time.monotonic()
    assert Agreement.objects.get().status == "signed"
    logger.warning(
        "first page to offer %.1f s, to signed agreement %.1f s", offered - begun, signed - begun
    )


@pytest.mark.parametrize(("width", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_pages_of_staff_are_sound(open_page: OpenPage, width: int, theme: str) -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    approved()
    made = offer_instantly(fitting_case())
    assert made is not None
    burnt = make_case(description="插上电就起火，手烫伤了。", danger=True)
    start_care(burnt, by=staff(Role.AGENT), cause="fire")
    submit_statement(
        burnt, by=staff(Role.AGENT), kind="apology", title="致歉", text="我们做错了，正在召回。"
    )
    Case.objects.filter(pk=made.case_id).update(amount_agreed=100)
    client: Client = staff_client(Role.MANAGER, Role.AGENT)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    paths = {
        "list": reverse("compensation:instant_list"),
        "sample": reverse("compensation:instant_sample", args=[made.pk]),
        "limits": reverse("compensation:standing"),
        "care": reverse("compensation:care", args=[burnt.reference]),
        "care-list": reverse("compensation:care_list"),
        "template": reverse("compensation:care_template"),
        "consistency": reverse("compensation:consistency") + "?percent=50",
        "beside": reverse("compensation:beside", args=[burnt.reference]),
        "case": reverse("desk:case", args=[burnt.reference]),
    }
    for name, path in paths.items():
        page = open_page(path, width=width, theme=theme, cookies=cookies)
        page.wait_for_load_state("networkidle")
        keep(page, f"{name}-{width}-{theme}")
        sound(page)
