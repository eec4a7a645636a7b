"""The pages of findings, reports and recourse in Chromium: accessible, nothing too wide."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.states import Role
from liability.models import RecourseClaim
from liability.services.approving import submit_finding
from liability.services.findings import determine_liability
from liability.states import Party
from tests.browser import (
    PHONE,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.factories import make_team, make_user, staff
from tests.liability.makers import hear_respondent, investigating_case, inward, liable, outward

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
SPLIT = liable(
    outward(),
    inward(Party.SUPPLIER, "60", name="恒泰电子"),
    inward(Party.PRODUCTION_DEPT, "30"),
    inward(Party.LOGISTICS, "10", name="快运"),
)


def sound(page: Page, name: str) -> None:
    """Check a page as it is shown; keep a picture of it where somebody asked for pictures."""
    if folder := os.environ.get("REDRESS_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert axe_violations(page) == []
    assert no_horizontal_overflow(page) == []
    assert csp_violations(page) == []


@pytest.fixture
def cookies() -> dict[str, str]:
    user = make_user(Role.MANAGER, display_name="周建国")
    make_team(manager=user, is_default=True)
    browser = Client()
    browser.force_login(user)
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def heard(**fields):
    case = investigating_case(**fields)
    hear_respondent(case, "恒泰电子", "快运")
    return case


@pytest.mark.timeout(300)
@pytest.mark.parametrize("width", [PHONE, 1440])
def test_the_pages_are_sound(open_page: OpenPage, cookies: dict[str, str], width: int) -> None:
    theme = "dark" if width == PHONE else "light"
    decided = determine_liability(heard(), by=staff(Role.INVESTIGATOR), finding=SPLIT)
    waiting = heard(severity="severe")
    submit_finding(waiting, by=staff(Role.INVESTIGATOR), finding=SPLIT)
    claim = RecourseClaim.objects.filter(case=decided).order_by("pk")[0]
    paths = {
        "finding": reverse("liability:finding_new", args=[heard().reference]),
        "approve": reverse("liability:finding_approve", args=[waiting.reference]),
        "approvals": reverse("liability:finding_approvals"),
        "report": reverse("liability:report_new", args=[decided.reference]),
        "recourse": reverse("liability:recourse"),
        "claim": reverse("liability:claim", args=[claim.pk]),
        "policies": reverse("liability:policies"),
        "policy": reverse("liability:policy_new"),
        "tab": reverse("desk:case_tab", args=[decided.reference, "liability"]),
    }
    for name, path in paths.items():
        page = open_page(path, cookies=cookies, width=width, theme=theme)
        sound(page, f"{name}-{width}")


@pytest.mark.timeout(200)
def test_weights_are_worked_out_beside_the_running_sum(
    open_page: OpenPage, cookies: dict[str, str]
) -> None:
    page = open_page(reverse("liability:finding_new", args=[heard().reference]), cookies=cookies)
    for number, weight in enumerate(("3", "2", "1")):
        page.locator(f"#id_inward-{number}-party").select_option(index=number + 2)
        page.locator(f"#id_inward-{number}-share").fill(weight)
    table = page.locator("[data-formset=inward]")
    expect(table.get_by_text("还差 94%")).to_be_visible()

    table.get_by_role("button", name="按权重折算").click()

    expect(page.locator("#id_inward-1-share")).to_have_value("33.33")
    expect(page.locator("[data-formset=inward]").get_by_text("正好 100%")).to_be_visible()
