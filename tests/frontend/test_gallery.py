"""The gallery in a browser: accessible, within its window, inside the content security policy."""

import pytest
from django.urls import reverse

from config.gallery.urls import urlpatterns
from tests.browser import (
    AXE_RULES,
    DESKTOP,
    LOOKS,
    PHONE,
    SMALL_PHONE,
    THEMES,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = [pattern.name for pattern in urlpatterns]


@pytest.mark.parametrize(
    ("width", "theme"),
    [
        (DESKTOP, THEMES[0]),
        (PHONE, THEMES[1]),
        pytest.param(DESKTOP, THEMES[1], marks=pytest.mark.long),
        pytest.param(PHONE, THEMES[0], marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_gallery_page_passes_every_check(
    open_page: OpenPage, name: str, width: int, theme: str
) -> None:
    page = open_page(reverse(name), width=width, theme=theme)
    first_look = (width, theme) == (DESKTOP, THEMES[0])

    assert axe_violations(page, AXE_RULES if first_look else LOOKS) == []
    assert no_horizontal_overflow(page) == []
    assert csp_violations(page) == []


@pytest.mark.parametrize("name", NAMES)
def test_gallery_page_fits_a_small_phone(open_page: OpenPage, name: str) -> None:
    page = open_page(reverse(name), width=SMALL_PHONE)

    assert no_horizontal_overflow(page) == []


@pytest.mark.parametrize("name", NAMES)
def test_gallery_page_reports_no_script_error(open_page: OpenPage, name: str) -> None:
    page = open_page("/gallery/")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto(page.url.replace("/gallery/", reverse(name)), wait_until="load")

    assert errors == []


def test_theme_cookie_overrules_the_device(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery"), theme="light", cookies={"theme": "dark"})

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 27)"
