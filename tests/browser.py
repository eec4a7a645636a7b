"""A browser for tests: the system's Chromium, axe, and the checks that every page must pass.

A pytest plugin (see tests/conftest.py): ask for the fixture `open_page`, then use the functions.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
DESKTOP, PHONE, SMALL_PHONE = 1440, 390, 320
THEMES = ("light", "dark")
AXE_RULES = {
    "resultTypes": ["violations"],
    "runOnly": [
        "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice",
    ],
}  # fmt: skip
LOOKS = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": [
    "color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable",
    "css-orientation-lock",
]}}  # fmt: skip
"""Rules about what colours and widths change; the others read the same document again."""
OVERFLOWING = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return [];
  return [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 5).map((element) => element.outerHTML.slice(0, 120)).concat(`${wide}px too wide`);
}"""
CSP_LISTENER = """
window.cspViolations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.cspViolations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""

OpenPage = Callable[..., Page]


def chromium_path() -> str:
    """Give the path of Chromium; fails, saying what is missing, where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    found = found or shutil.which("google-chrome")
    if not found:
        pytest.fail("Browser tests need Chromium: apt-get install -y chromium", pytrace=False)
    return str(found)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """Open an address of the live server in a window of its own; closed after the test."""
    contexts: list[BrowserContext] = []

    def open_page(
        path: str = "/",
        *,
        width: int = DESKTOP,
        theme: str = "light",
        scripts: bool = True,
        cookies: dict[str, str] | None = None,
        language: str = "zh-CN",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 844 if width < 760 else 900},
            color_scheme=theme, java_script_enabled=scripts, locale=language,
            has_touch=width < 760, reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        if cookies:
            context.add_cookies(
                [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
            )
        context.add_init_script(CSP_LISTENER)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def axe_violations(page: Page, options: dict[str, Any] = AXE_RULES) -> list[str]:
    """Give every accessibility rule the page breaks, with the elements that do."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate(
        "(options) => axe.run(document, options).then((found) => found.violations)", options
    )
    return [
        f"{rule['id']}: {[node['target'] for node in rule['nodes']]} {rule['help']}"
        for rule in violations
    ]


def no_horizontal_overflow(page: Page) -> list[str]:
    """Give the elements that make the page wider than its window; empty is good."""
    return list(page.evaluate(OVERFLOWING))


def csp_violations(page: Page) -> list[str]:
    """Give what the content security policy stopped since the page began to load."""
    return list(page.evaluate("() => window.cspViolations"))
