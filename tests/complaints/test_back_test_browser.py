"""A manager replays last year's log in Chromium, from the choice of a file to the download."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from accounts.states import Role
from complaints.models import ClockPolicy
from complaints.states import BudgetUnit
from tests.browser import (
    CSP_LISTENER,
    DESKTOP,
    PHONE,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.complaints.replaying import log_file
from tests.factories import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def test_a_manager_replays_a_log_and_keeps_the_answer(
    browser: Browser, live_server: Any, client: Any, tmp_path: Path
) -> None:
    client.force_login(make_user(Role.MANAGER))
    policy = ClockPolicy.objects.filter(unit=BudgetUnit.ELAPSED_HOURS).order_by("pk").first()
    log = log_file(
        tmp_path,
        *[
            f"RD-{number:04},{event},2024-03-{day:02}T{8 + number % 9:02}:00Z,渠道 {number % 3}"
            for number in range(60)
            for event, day in (("in", 1), ("wait", 1 + number % 5), ("out", 1 + number % 28))
        ],
        header="case,event,time,channel",
    )
    context = browser.new_context(
        viewport={"width": DESKTOP, "height": 900}, locale="zh-CN", reduced_motion="reduce"
    )
    context.add_init_script(CSP_LISTENER)
    context.add_cookies(
        [{"name": n, "value": m.value, "url": live_server.url} for n, m in client.cookies.items()]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/desk/clocks/back-test/?policy={policy.pk}")
    assert [*axe_violations(page), *no_horizontal_overflow(page)] == []
    page.get_by_label("事件日志").set_input_files(log)
    page.get_by_label("到什么事件止").fill("out")
    page.get_by_label("什么事件暂停").fill("wait")
    page.get_by_label("按哪一列分组").fill("channel")
    page.get_by_role("button", name="试算").click()

    page.get_by_role("heading", name="试算结果").wait_for()
    assert page.get_by_role("row").filter(has_text="渠道 1").count() == 1
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert [*axe_violations(page), *no_horizontal_overflow(page), *csp_violations(page)] == []
    with page.expect_download() as download:
        page.get_by_role("link", name="下载全部结果").click()
    answer = json.loads(Path(download.value.path()).read_text())
    assert answer["cases"] == len(answer["clocks"][0]["cases"]) == 60
    context.close()
