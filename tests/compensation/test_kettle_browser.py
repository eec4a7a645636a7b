"""The kettle in Chromium: staff build, approve and offer the plan; the consumer reads and takes it.

The amounts are those of the product's drawings: 1,437.00, 338.00 and 138.00 yuan.
"""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.states import Role
from compensation.services.standards import (
    StandardData,
    publish_standard,
    save_standard,
    standard_mark,
)
from complaints.models import Case
from complaints.moments import now
from tests.browser import DESKTOP, PHONE, OpenPage, axe_violations, no_horizontal_overflow
from tests.compensation.makers import offer_of, severe_case
from tests.factories import staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import determined_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def kept(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody asked for pictures; it has no faults."""
    assert axe_violations(page) == []
    assert no_horizontal_overflow(page) == []
    folder = os.environ.get("REDRESS_SHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def at(name: str, case: Case) -> str:
    return reverse(f"compensation:{name}", args=[case.reference])


def publish_market() -> None:
    """Give the severe case's allowance the market reference that it was judged by."""
    new = StandardData(
        title="误工与不便",
        title_en="Time and inconvenience",
        line_kind="allowance",
        option_kind="replacement",
        severity="severe",
        amount=Decimal("200.00"),
        market_low=Decimal("150.00"),
        market_high=Decimal("300.00"),
        market_source="同类商家公开的补偿说明",
        market_link="https://example.test/standard",
        market_on=now().date() - timedelta(days=1),
        effective_from=now().date() - timedelta(days=1),
        reason="补上市场参考",
    )
    code = "inconvenience-severe"
    draft = save_standard(code, by=staff(Role.MANAGER), new=new)
    publish_standard(code, by=staff(Role.MANAGER), mark=standard_mark(draft))


def lose(page: Page, told: str, amount: str, kind: str) -> None:
    """Enter a loss."""
    page.get_by_label("项目").select_option(kind)
    page.get_by_label("说明").fill(told)
    page.get_by_label("主张金额").fill(amount)
    page.get_by_label("发生日期").fill(now().date().isoformat())
    page.get_by_role("button", name="登记损失").click()
    page.get_by_text("损失已登记").wait_for()


def verify(page: Page, number: int, amount: str) -> None:
    """Verify a loss of the sheet."""
    page.get_by_label("损失", exact=True).select_option(index=number)
    page.get_by_label("核定金额").fill(amount)
    page.get_by_role("button", name="核定", exact=True).click()
    page.get_by_text("损失已核定").wait_for()


def test_staff_build_and_offer_the_plan_and_the_consumer_takes_it(open_page: OpenPage) -> None:
    publish_market()
    case = severe_case(
        amount_paid=Decimal("1299.00"),
        purchased_on=(now() - timedelta(days=20)).date(),
    )
    desk = cookies_of(staff_client(Role.AGENT))
    page = open_page(at("losses", case), cookies=desk, width=DESKTOP)
    lose(page, "寄回运费", "38.00", "freight")
    lose(page, "台面修复", "100.00", "property")
    for number, amount in ((1, "38.00"), (2, "100.00")):
        page.goto(page.url.split("/desk/")[0] + at("loss_verify", case))
        verify(page, number, amount)
    page.get_by_role("link", name="核算法定金额").click()
    page.get_by_label("商品与约定或说明不符，或质量不合格").check()
    page.get_by_role("button", name="核算并保存").click()
    page.wait_for_url("**/compensation/")

    page.goto(page.url.split("/desk/")[0] + at("plan_edit", case))
    proposed = page.inner_text("main")
    assert "维修加延保" in proposed and "同类商家公开的补偿说明" in proposed
    assert "严重 · ¥300.00" in proposed and "中等" not in proposed
    kept(page, "plan-desk")
    page.get_by_role("button", name="提交方案").click()
    page.get_by_text("方案已送审批").wait_for()

    approver = open_page(reverse("approvals"), cookies=cookies_of(staff_client(Role.APPROVER)))
    kept(approver, "approvals")
    approver.get_by_role("button", name="批准", exact=True).click()
    approver.get_by_text("已批准").wait_for()

    page.goto(page.url.split("/desk/")[0] + at("offer_send", case))
    page.get_by_role("button", name="发给消费者").click()
    page.get_by_text("方案已发给消费者").wait_for()

    for language, width in (("zh-CN", PHONE), ("zh-CN", DESKTOP)):
        read = open_page(
            at("choose", case),
            cookies=cookies_of(consumer_client(case)),
            width=width,
            language=language,
        )
        told = read.inner_text("main")
        for amount in ("¥1,437.00", "¥338.00", "¥138.00", "¥200.00", "¥300.00"):
            assert amount in told
        assert "法律规定至少给你 ¥1,437.00" in told and "第五十二条" in told
        assert "其中依法 ¥138.00，我们另外加 ¥200.00" in told
        assert read.locator("input[name=option]:checked").count() == 0
        kept(read, f"choose-{width}")
    read.get_by_label("全额退款").check()
    read.get_by_role("button", name="就选这个方案").click()
    read.wait_for_url("**/my/" + case.reference + "/")
    chosen = offer_of(case).chosen_option
    assert chosen is not None and chosen.total == Decimal("1437.00")


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_an_injury_is_reckoned_in_the_browser(open_page: OpenPage, width: int) -> None:
    case = determined_case(region="上海市")
    client = staff_client(Role.AGENT, Role.MANAGER)
    page = open_page(at("injury_edit", case), cookies=cookies_of(client), width=width)
    kept(page, f"injury-{width}")
    page.get_by_label("医疗费").fill("3200.00")
    page.get_by_label("住院天数").fill("4")
    page.get_by_label("后果").select_option("disability")
    page.get_by_label("受害人的年龄").fill("68")
    page.get_by_label("伤残等级").select_option("10")
    page.get_by_role("button", name="核算并保存").click()
    page.wait_for_url("**/compensation/")

    page.goto(page.url.split("/desk/")[0] + at("injury_edit", case))
    told = page.inner_text("main")
    assert "残疾赔偿金" in told and "¥65,025.60" in told  # 54188 × 12 × 0.1
    assert "国家统计局" in told and "来源未核对" in told
    kept(page, f"injury-done-{width}")
    page.goto(page.url.split("/desk/")[0] + reverse("compensation:statistics"))
    kept(page, f"statistics-{width}")
    page.goto(page.url.split("/desk/")[0] + reverse("compensation:delegations"))
    kept(page, f"delegations-{width}")
