"""The pages of an incident, its remedy and its statement in Chromium: accessible, none too wide."""

from __future__ import annotations

import os

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.states import Role
from compensation.remedies import RemedyTerms
from compensation.services.remedies import decide_remedy, send_remedy, write_remedy
from liability.services.statements import publish_statement, save_statement
from tests.browser import (
    PHONE,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.compensation.makers import plan_data
from tests.compensation.test_remedies import bought, incident_of
from tests.factories import make_team, make_user, staff
from tests.liability.makers import accepted_case
from tests.liability.test_statements import TEXT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


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


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "theme"), [(PHONE, "light"), (1440, "dark")])
def test_pages_of_an_incident_are_sound(open_page: OpenPage, cookies, width, theme):
    incident = incident_of(bought(), bought(), accepted_case())
    terms = RemedyTerms(plan_data())
    written = write_remedy(incident, terms, by=staff(Role.AGENT))
    remedy = decide_remedy(written, approve=True, note="", by=staff(Role.APPROVER))
    send_remedy(remedy, by=staff(Role.AGENT))
    write_remedy(incident, terms, by=staff(Role.AGENT), seen=1)
    draft = save_statement(incident, TEXT, by=staff(Role.INVESTIGATOR))
    publish_statement(incident, by=staff(Role.MANAGER), seen=draft.revision)
    save_statement(incident, TEXT, by=staff(Role.INVESTIGATOR))
    for name in (
        "liability:incident",
        "compensation:remedy",
        "compensation:remedy_edit",
        "liability:incident_statement",
        "liability:public_statement",
    ):
        address = reverse(name, args=[incident.pk])
        page = open_page(address, width=width, theme=theme, cookies=cookies)
        sound(page, f"{name.replace(':', '-')}-{width}-{theme}")
    address = reverse("liability:trace_batch", args=[incident.batch_id])
    page = open_page(address, width=width, theme=theme, cookies=cookies)
    sound(page, f"trace-{width}-{theme}")
