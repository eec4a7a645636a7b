"""The page of the API in a real browser."""

from __future__ import annotations

import pytest

from tests.browser import (
    DESKTOP,
    PHONE,
    THEMES,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("theme", THEMES)
def test_page_is_accessible_and_fits(open_page: OpenPage, width: int, theme: str) -> None:
    page = open_page("/api/v1/", width=width, theme=theme)
    for fold in page.locator("details").all():
        fold.evaluate("fold => fold.open = true")
    assert axe_violations(page) == []
    assert no_horizontal_overflow(page) == []
    assert csp_violations(page) == []
