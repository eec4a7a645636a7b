"""The check of agreements in a browser: with a file, in both themes and languages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from agreements.models import Agreement
from agreements.selectors.verifying import check_code
from documents.services.files import read_bytes
from documents.services.rendering import render_document
from tests.agreements.makers import PATH, company_signs, consumer_signs, offered
from tests.browser import (
    DESKTOP,
    PHONE,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def original(tmp_path) -> tuple[Agreement, Path]:
    """A sealed agreement and its file, under the seal that development machines make."""
    agreement = company_signs(consumer_signs(offered(), signature_path=PATH))
    document = render_document(agreement.sealed.pk)
    path = tmp_path / "协议.pdf"
    path.write_bytes(read_bytes(document.file))
    return agreement, path


def test_a_file_is_checked_on_phone_and_desk(open_page: OpenPage, original) -> None:
    agreement, path = original
    changed = path.with_name("改过.pdf")
    raw = bytearray(path.read_bytes())
    raw[4000] ^= 1
    changed.write_bytes(raw)
    for width, theme, language in (
        (PHONE, "light", "zh-hans"),
        (DESKTOP, "dark", "zh-hans"),
        (PHONE, "dark", "en"),
        (DESKTOP, "light", "en"),
    ):
        page = open_page(
            reverse("agreements:verify"),
            width=width,
            theme=theme,
            cookies={"django_language": language},
        )
        page.set_default_timeout(60_000)
        look(page, f"verify-{width}-{theme}-{language}")
        for file, tone in ((path, "success"), (changed, "error")):
            page.set_input_files("input[type=file]", str(file))
            page.click("main form[method=post] button[type=submit]")
            page.wait_for_selector(f"#verdict.rd-notice-{tone}")
            assert (agreement.number in page.inner_text("main")) == (tone == "success")
            look(page, f"verify-{tone}-{width}-{theme}-{language}")


def test_the_address_of_the_qr_code_leads_to_the_agreement(open_page: OpenPage, original) -> None:
    agreement, _path = original
    number, code = agreement.number, check_code(agreement.number)
    page = open_page(f"{reverse('agreements:verify')}?number={number}&code={code}", width=PHONE)
    assert number in page.inner_text("main dl")
    look(page, "verify-number")


def look(page: Page, name: str) -> None:
    """Check what every page must keep to; SHOTS names a folder for screenshots."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert axe_violations(page) == []
    assert no_horizontal_overflow(page) == []
    assert csp_violations(page) == []
