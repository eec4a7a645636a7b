"""The agreements pages in a browser: accessible in both themes, nothing too wide, no violations."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.states import Role
from agreements.models import Agreement
from complaints.models import Case
from tests.agreements.makers import following_case, fulfilling_case, last_code, offered
from tests.browser import (
    DESKTOP,
    PHONE,
    THEMES,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.compensation.makers import chosen_case
from tests.liability.doors import consumer_client, staff_client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def agreement_page(name: str, case: Case, *args: object) -> str:
    return reverse(f"agreements:{name}", args=[case.reference, *args])


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES)
def test_consumers_pages_are_sound(open_page: OpenPage, theme: str) -> None:
    to_sign, arrived = offered().case, following_case()
    seen = [(to_sign, "sign"), (to_sign, "refuse"), (arrived, "arrival")]
    for width in (DESKTOP, PHONE):
        for case, name in seen:
            page = open_page(
                agreement_page(name, case),
                width=width,
                theme=theme,
                cookies=cookies_of(consumer_client(case)),
            )
            look(page, f"{name}-{width}-{theme}")


@pytest.mark.long
@pytest.mark.parametrize("theme", THEMES)
def test_desk_pages_are_sound(open_page: OpenPage, theme: str) -> None:
    drafting, signing, performing = chosen_case(), offered().case, fulfilling_case()
    duty = performing.agreements.get().obligations.get()
    desk = cookies_of(staff_client(Role.AGENT, Role.APPROVER, Role.FINANCE))
    tab = [
        reverse("desk:case_tab", args=[case.reference, "agreement"])
        for case in (signing, performing)
    ]
    paths = [
        agreement_page("draft", drafting),
        agreement_page("sign_company", signing),
        agreement_page("pay", performing, duty.pk),
        reverse("finance"),
        *tab,
    ]
    for width in (DESKTOP, PHONE):
        for number, path in enumerate(paths):
            page = open_page(path, width=width, theme=theme, cookies=desk)
            look(page, f"desk{number}-{width}-{theme}")


def look(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
    assert axe_violations(page) == [], name
    assert no_horizontal_overflow(page) == [], name
    assert csp_violations(page) == [], name


def test_drawn_signature_in_the_browser(open_page: OpenPage) -> None:
    agreement = offered()
    case = agreement.case
    page = open_page(
        agreement_page("sign", case), width=PHONE, cookies=cookies_of(consumer_client(case))
    )
    page.get_by_role("button", name="获取校验码").click()
    page.get_by_text("校验码已发到").wait_for()
    pad = page.locator("#sign-canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 40 + 15 * step, box["y"] + 40 + 10 * (step % 3))
    page.mouse.move(box["x"] - 10, box["y"] - 30)
    page.mouse.up()
    assert "-" not in page.input_value("[data-sign-value]")
    right = last_code(case)
    page.fill("#id_code", "000000" if right != "000000" else "111111")
    page.check("#id_consent")
    page.get_by_role("button", name="签署并完成").click()
    page.get_by_text("校验码不对").first.wait_for()
    assert page.input_value("[data-sign-value]").startswith("M")
    page.fill("#id_code", right)
    page.check("#id_consent")
    page.get_by_role("button", name="签署并完成").click()
    page.get_by_text("你已经签好了协议").first.wait_for()

    signer = Agreement.objects.get(pk=agreement.pk).signers.get(role="consumer")
    assert signer.method == "drawn_code"
    assert signer.signature_path.startswith("M")
