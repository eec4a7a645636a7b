"""Entry, import and export in Chromium: accessible, nothing too wide, quick by keyboard."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, ImportJob
from complaints.services.import_jobs import work_on_imports
from complaints.services.intake import ContactData
from tests.browser import (
    PHONE,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.factories import make_case, make_team, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
TABLE = "投诉编号,投诉内容,投诉时间\nA-1,壶盖合不上,2019-03-04\nA-2,日期怪,昨天\n"


def sound(page: Page, name: str) -> None:
    """Check a page as it is shown; keep a picture of it where somebody asked for pictures."""
    if folder := os.environ.get("REDRESS_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert axe_violations(page) == []
    assert no_horizontal_overflow(page) == []
    assert csp_violations(page) == []


@pytest.fixture
def cookies() -> dict[str, str]:
    user = make_user(Role.MANAGER, Role.AGENT, display_name="林晓")
    make_team(manager=user, is_default=True)
    browser = Client()
    browser.force_login(user)
    assert Actor.staff(user).roles
    return {name: morsel.value for name, morsel in browser.cookies.items()}


@pytest.mark.timeout(200)
def test_a_call_is_taken_down_by_keyboard(open_page: OpenPage, cookies: dict[str, str]) -> None:
    known = make_case(contact=ContactData(name="周小华", phone="13812345678"))
    page = open_page(reverse("complaints:new"), cookies=cookies)
    page.get_by_label("手机").press_sequentially("13812345678")
    expect(page.get_by_text(known.reference)).to_be_visible()
    page.get_by_label("消费者姓名").fill("周小华")
    page.get_by_label("经过").fill("壶盖合不上，换过一次又坏了。")
    page.get_by_role("button", name="读出来").click()
    expect(page.get_by_text("我把记下的念一遍")).to_be_visible()
    sound(page, "entry-1440")
    page.get_by_label("读给消费者听过").check()
    page.get_by_label("经过").press("Control+Enter")
    page.wait_for_url("**/desk/cases/**")
    case = Case.objects.order_by("-pk")[0]
    assert case.pk != known.pk and case.reference in page.url


@pytest.mark.timeout(200)
@pytest.mark.parametrize("width", [PHONE, 1440])
def test_pages_of_files_are_sound(
    open_page: OpenPage, cookies: dict[str, str], width: int, tmp_path: Any
) -> None:
    theme = "dark" if width == PHONE else "light"
    path = tmp_path / "投诉.csv"
    path.write_text(TABLE)
    page = open_page(reverse("complaints:imports"), width=width, cookies=cookies, theme=theme)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_label("来自哪里").fill("淘宝")
    page.get_by_role("button", name="上传，看看有哪些列").click()
    page.get_by_role("button", name="试运行").click()
    page.get_by_text("会新增 1 个案件").wait_for()
    sound(page, f"map-{width}")
    page.get_by_role("button", name="开始导入").click()
    page.get_by_role("button", name="停下").wait_for()
    work_on_imports()
    page.get_by_text("新案件 1").wait_for()
    sound(page, f"run-{width}")
    assert ImportJob.objects.get().bad == 1
    for name in ("imports", "export", "new"):
        page.goto(page.url.split("/desk/")[0] + reverse(f"complaints:{name}"))
        sound(page, f"{name}-{width}")
