"""Every page of the URL conf in Chromium: accessible, nothing too wide, nothing the policy stopped.

Each address is opened with the first of some cases in different stages for which it answers with a
page, at 1440 px in light by every rule of axe, and at 390 px in dark colours by those about looks.
The long run reads all of them by every rule at both widths, in English. The gallery has tests of
its own (tests/frontend). Addresses that show no page by GET (posts, downloads, parts of
pages) are named, so that a page can't slip among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.states import Role
from complaints.models import Case
from tests.agreements.makers import following_case, fulfilling_case, offered
from tests.browser import (
    AXE_RULES,
    CSP_LISTENER,
    DESKTOP,
    LOOKS,
    PHONE,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.compensation.makers import chosen_case, offered_case
from tests.compensation.money_makers import decided, fund_of
from tests.factories import make_case, make_team, make_user
from tests.liability.doors import consumer_client
from tests.liability.makers import determined_case, investigating_case
from tests.reviews.makers import assigned, declined_case, mediation, suspended
from tests.site.addresses import Address, addresses

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
EVERY_ROLE = (*Role,)
SETTLED = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let round = 0; round < 3; round += 1) {
    await frame();
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(moving.map((each) => each.finished));
  }
}"""
# Staff pages come in two parts, so that both cores have some.
PARTS = {("public", 0, 1): 8, ("consumer", 0, 1): 8} | {("staff", n, 2): 30 for n in range(2)}


def sample_cases() -> list[Case]:
    """Cases in stages that between them show every page."""
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    fund_of()
    review, _reviewer = assigned()
    return [
        make_case(),
        investigating_case(),
        determined_case(),
        offered_case(),
        chosen_case(),
        offered().case,
        fulfilling_case(),
        following_case(),
        review.case,
        mediation().case,
        suspended().case,
        declined_case(),
        decided().result.case,
    ]


def shows_a_page(answer: Any) -> bool:
    """Say whether an answer is a whole HTML page."""
    kind = answer.headers.get("Content-Type", "")
    return answer.status_code == 200 and kind.startswith("text/html") and not answer.streaming and (
        b"<html" in answer.content[:400]
    )  # fmt: skip


def pages_of(
    audience: str, part: int, parts: int, cases: list[Case]
) -> Iterator[tuple[Address, str, dict[str, str]]]:
    """Yield each address of an audience that shows a page, its path, and whose cookies to use."""
    staff = Client()
    staff.force_login(make_user(*EVERY_ROLE, is_staff=True))
    browsers = {case.pk: consumer_client(case) for case in cases}
    of_audience = [address for address in addresses() if address.audience == audience]
    of_audience = [address for address in of_audience if not address.name.startswith("gallery")]
    for address in of_audience[part::parts]:
        # An address without a case in it shows every case the same.
        for case in cases if "<str:reference>" in address.route else cases[:1]:
            client = browsers[case.pk] if audience == "consumer" else staff
            if audience == "public":
                client = Client()
            path = address.path(reference=case.reference)
            answer = client.get(path)
            if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                break
            if shows_a_page(answer):
                cookies = {name: morsel.value for name, morsel in client.cookies.items()}
                yield address, path, cookies
                break


def problems(page: Page, name: str, rules: dict[str, Any] = AXE_RULES) -> list[str]:
    """Return what is wrong with the page as it is shown now."""
    found = [*axe_violations(page, rules), *no_horizontal_overflow(page), *csp_violations(page)]
    return [f"{name}: {problem}" for problem in found]


class Visitors:
    """A window for each set of cookies, kept from page to page as people keep theirs."""

    def __init__(self, browser: Browser, server: str, *, language: str) -> None:
        self.browser, self.server, self.language = browser, server, language
        self.contexts: dict[frozenset[tuple[str, str]], BrowserContext] = {}

    def open(self, path: str, cookies: dict[str, str]) -> Page:
        """Open a page in light colours on a desktop."""
        key = frozenset(cookies.items())
        if key not in self.contexts:
            self.contexts[key] = self._context(cookies)
        page = self.contexts[key].new_page()
        page.set_viewport_size({"width": DESKTOP, "height": 900})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto(f"{self.server}{path}")
        return page

    def close(self) -> None:
        """Close all windows."""
        for context in self.contexts.values():
            context.close()

    def _context(self, cookies: dict[str, str]) -> BrowserContext:
        context = self.browser.new_context(locale=self.language)
        context.add_init_script(CSP_LISTENER)
        context.add_cookies(
            [{"name": n, "value": v, "url": self.server} for n, v in cookies.items()]
        )
        return context


@pytest.mark.timeout(900)
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize(("audience", "part", "parts"), PARTS)
def test_every_page_is_sound(
    browser: Browser, live_server: Any, audience: str, part: int, parts: int, whole: bool
) -> None:
    cases = sample_cases()
    visitors = Visitors(browser, live_server.url, language="en-GB" if whole else "zh-CN")
    found: list[str] = []
    seen = 0
    for address, path, cookies in pages_of(audience, part, parts, cases):
        page = visitors.open(path, cookies)
        found += problems(page, f"{address.name} 1440 light")
        page.set_viewport_size({"width": PHONE, "height": 844})
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        # Colours change by transitions; axe must not read them half-way.
        page.reload() if whole else page.evaluate(SETTLED)
        found += problems(page, f"{address.name} 390 dark", AXE_RULES if whole else LOOKS)
        page.close()
        seen += 1
    visitors.close()
    assert found == []
    assert seen >= PARTS[audience, part, parts]
