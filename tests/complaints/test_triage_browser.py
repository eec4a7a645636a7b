"""The triage page, the categories and a report in Chromium: wide, narrow, light, dark, axe 0."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from accounts.states import Role
from complaints.services.lowering import request_lowering
from complaints.services.reports import record_report
from tests.browser import (
    CSP_LISTENER,
    DESKTOP,
    PHONE,
    THEMES,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.factories import make_case, make_user, staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def test_the_pages_of_triage_pass_every_check(
    browser: Browser, live_server: Any, client: Any, tmp_path: Any
) -> None:
    client.force_login(make_user(Role.MANAGER, Role.AGENT))
    case = make_case(description="热水壶漏电，孩子被烫伤了。客服说没有办法，我已经打12315投诉。")
    report = record_report(case, by=staff(Role.AGENT), about="counterfeit", facts="换标签")
    request_lowering(
        case, by=staff(Role.AGENT), urgency="normal", severity="minor", reason="说是玩笑"
    )
    addresses = [
        reverse("complaints:triage", args=[case.reference]),
        reverse("complaints:lowering_decide", args=[case.reference]),
        reverse("complaints:taxonomy"),
        reverse("complaints:term_edit", args=["issue", "SAFETY"]),
        reverse("complaints:reports"),
        reverse("complaints:report", args=[report.pk]),
    ]
    for width in (DESKTOP, PHONE):
        for theme in THEMES:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                locale="zh-CN",
                color_scheme=theme,
                reduced_motion="reduce",
            )
            context.add_init_script(CSP_LISTENER)
            context.add_cookies(
                [
                    {"name": name, "value": morsel.value, "url": live_server.url}
                    for name, morsel in client.cookies.items()
                ]
            )
            page = context.new_page()
            for number, address in enumerate(addresses):
                page.goto(live_server.url + address)
                page.screenshot(path=tmp_path / f"{number}-{width}-{theme}.png", full_page=True)
                assert axe_violations(page) == [], address
                assert no_horizontal_overflow(page) == [], address
                assert csp_violations(page) == [], address
            context.close()
