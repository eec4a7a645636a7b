"""The page of a piece of evidence in Chromium: zoom, turning, keys, and without any script."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.states import Role
from complaints.services.vault import prepare_waiting
from tests.browser import (
    DESKTOP,
    PHONE,
    THEMES,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.complaints.vault_makers import add, drawing, encoded
from tests.documents import makers
from tests.factories import make_case, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def addresses(client: Any) -> dict[str, str]:
    """Pages of a picture that another case has too, and of a letter."""
    client.force_login(make_user(Role.AGENT, Role.MANAGER))
    case, other = make_case(), make_case()
    picture = add(case, encoded(drawing(3, size=(1600, 1200))), caption="底座熔化")
    letter = add(case, makers.pdf(), "发票.pdf")
    add(other, encoded(drawing(3, size=(800, 600))), "同一张.jpg")
    prepare_waiting()
    return {
        "picture": reverse("complaints:evidence", args=[case.reference, picture.pk]),
        "letter": reverse("complaints:evidence", args=[case.reference, letter.pk]),
        "original": reverse("complaints:evidence_original", args=[case.reference, picture.pk]),
        "tab": reverse("desk:case_tab", args=[case.reference, "evidence"]),
    }


def cookies(client: Any) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def scale(page: Page) -> str:
    return str(page.locator("[data-viewer-stage] img").evaluate("(image) => image.style.transform"))


def test_picture_is_zoomed_moved_and_turned_by_keys(
    open_page: OpenPage, client: Any, addresses: dict[str, str]
) -> None:
    page = open_page(addresses["picture"], cookies=cookies(client))
    state = page.locator("[data-viewer-state]")
    expect(state).to_have_text("100%")
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(state).to_have_text("200%")
    page.locator("[data-viewer-stage]").focus()
    page.keyboard.press("ArrowRight")
    assert "translate(-60px, 0px) scale(2)" in scale(page)
    page.keyboard.press("r")
    expect(state).to_have_text("200% · 90°")
    page.keyboard.press("-")
    expect(state).to_have_text("150% · 90°")
    page.keyboard.press("0")
    expect(state).to_have_text("100%")
    assert "rotate(0deg)" in scale(page)
    page.get_by_role("button", name="放大").click()
    expect(state).to_have_text("150%")


def test_a_dragged_picture_stays_in_its_window(
    open_page: OpenPage, client: Any, addresses: dict[str, str]
) -> None:
    page = open_page(addresses["picture"], cookies=cookies(client))
    page.get_by_role("button", name="放大").click()
    box = page.locator("[data-viewer-stage]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 3000, box["y"] + 210)
    page.mouse.up()
    assert f"translate({box['width'] / 4:g}px, 10px)" in scale(page).replace(".0px", "px")


def test_next_and_previous_by_keys(
    open_page: OpenPage, client: Any, addresses: dict[str, str]
) -> None:
    page = open_page(addresses["picture"], cookies=cookies(client))
    page.keyboard.press("j")
    page.wait_for_url(f"**{addresses['letter']}")
    page.keyboard.press("k")
    page.wait_for_url(f"**{addresses['picture']}")


def test_without_scripts_it_is_a_plain_picture(
    open_page: OpenPage, client: Any, addresses: dict[str, str]
) -> None:
    page = open_page(addresses["picture"], cookies=cookies(client), scripts=False)
    expect(page.get_by_role("button", name="放大")).to_be_hidden()
    expect(page.get_by_role("img", name="底座熔化")).to_be_visible()
    page.get_by_role("link", name="单独打开").click()
    assert page.url.endswith("/picture/")


@pytest.mark.parametrize("name", ["picture", "letter", "original", "tab"])
@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_pass_every_check(
    open_page: OpenPage, client: Any, addresses: dict[str, str], name: str, theme: str
) -> None:
    for width in (DESKTOP, PHONE):
        page = open_page(addresses[name], cookies=cookies(client), width=width, theme=theme)
        page.wait_for_load_state("networkidle")
        assert axe_violations(page) == []
        assert no_horizontal_overflow(page) == []
        assert csp_violations(page) == []
