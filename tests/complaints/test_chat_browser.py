"""The chat in Chromium: on a phone, without scripts, and inside a shop's page that may show it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.states import Role
from complaints.models import Case, Chat
from complaints.moments import shift_to
from complaints.selectors.chats import lines_of
from complaints.services.chat_rules import allow_origin
from complaints.services.chatting import say
from tests.browser import (
    PHONE,
    THEMES,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.factories import make_team, make_user, staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def company() -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    shift_to(MONDAY)


def sound(page: Page, name: str) -> None:
    """Check a page as it is shown; keep a picture of it where somebody asked for pictures."""
    if folder := os.environ.get("REDRESS_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")
    assert axe_violations(page) == []
    assert no_horizontal_overflow(page) == []
    assert csp_violations(page) == []


@pytest.fixture
def open_shop() -> Iterator[Callable[[str], str]]:
    """Serve a page of a shop that includes our script from a port of its own; give its origin."""
    started: list[ThreadingHTTPServer] = []

    def open_shop(home: str) -> str:
        script = f'<script src="{home}/chat-widget.js" async></script>'
        page = f'<!doctype html><html lang="zh"><title>店</title><body><h1>店</h1>{script}</html>'

        class Shop(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_args: object) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
        Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield open_shop
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.mark.timeout(200)
def test_a_shop_that_is_listed_shows_the_chat_and_another_does_not(
    browser: Browser, live_server: Any, open_shop: Callable[[str], str]
) -> None:
    home = live_server.url.replace("127.0.0.1", "localhost")
    shop, other = open_shop(home), open_shop(home)
    allow_origin(shop, by=staff(Role.ADMINISTRATOR))
    context = browser.new_context(viewport={"width": PHONE, "height": 844})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(shop)
    page.get_by_role("button", name="在线客服").click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("要说的话").fill("壶盖合不上")
    frame.get_by_role("button", name="开始对话").click()
    expect(frame.get_by_text("壶盖合不上")).to_be_visible()
    frame.get_by_label("要说的话").fill("订单 A-7")
    frame.get_by_role("button", name="发送").click()
    expect(frame.get_by_text("订单 A-7")).to_be_visible()
    say(Chat.objects.get(), by=staff(Role.AGENT), text="我来看看", nonce="n" * 20)
    expect(frame.get_by_text("我来看看")).to_be_visible(timeout=15_000)
    if folder := os.environ.get("REDRESS_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/widget.png")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    stranger, said = context.new_page(), []
    stranger.on("console", lambda message: said.append(message.text))
    stranger.goto(other)
    stranger.get_by_role("button", name="在线客服").click()
    while not any("frame-ancestors" in text for text in said):
        stranger.wait_for_timeout(50)
    inside = stranger.frames[-1]
    assert inside.locator("form").count() == 0
    context.close()
    assert Chat.objects.get().origin == shop


@pytest.mark.timeout(300)
@pytest.mark.parametrize("theme", THEMES)
def test_a_phone_sized_chat_is_sound_and_ends_as_a_case(open_page: OpenPage, theme: str) -> None:
    language = "zh-CN" if theme == "light" else "en-GB"
    page = open_page(reverse("chat:begin"), width=PHONE, theme=theme, language=language)
    sound(page, f"begin-{theme}")
    page.locator("[name=text]").fill("壶盖合不上，才买来三天。订单号 20261101-7。")
    page.locator("form button[type=submit]").last.click()
    page.locator("[data-chat-composer]").wait_for()
    say(Chat.objects.get(), by=staff(Role.AGENT), text="您好，请问能发张照片吗？", nonce="n" * 20)
    page.get_by_text("请问能发张照片吗").wait_for(timeout=15_000)
    sound(page, f"talk-{theme}")
    page.locator("a[href$='/complain/']").click()
    page.locator("[name=name]").fill("周小华")
    page.locator("[name=phone]").fill("13812345678")
    sound(page, f"complain-{theme}")
    page.locator("form button[type=submit]").last.click()
    page.locator(".rd-chat-case").wait_for()
    sound(page, f"case-{theme}")
    assert Case.objects.get().reference in page.content()


def test_everything_works_without_scripts(open_page: OpenPage) -> None:
    page = open_page(reverse("chat:begin"), width=PHONE, scripts=False)
    page.locator("[name=text]").fill("壶盖合不上")
    page.get_by_role("button", name="开始对话").click()
    page.locator("[name=text]").fill("还在吗")
    page.get_by_role("button", name="发送").click()
    say(Chat.objects.get(), by=staff(Role.AGENT), text="在的", nonce="n" * 20)
    page.get_by_role("link", name="看看有没有回复").click()
    assert page.get_by_text("在的").is_visible()
    assert len(lines_of(Chat.objects.get())) == 3


@pytest.mark.timeout(200)
@pytest.mark.parametrize("width", [PHONE, 1440])
def test_the_agents_desk_is_sound(open_page: OpenPage, live_server: Any, width: int) -> None:
    visitor, desk = Client(), Client()
    page = visitor.get(reverse("chat:begin"))
    sent = {"text": "壶盖合不上", "key": page.context["form"]["key"].value(), "nonce": "n" * 20}
    assert visitor.post(reverse("chat:begin"), sent).status_code == 303
    desk.force_login(make_user(Role.AGENT, Role.ADMINISTRATOR, display_name="林晓"))
    cookies = {name: morsel.value for name, morsel in desk.cookies.items()}
    chat = Chat.objects.get()
    for name, path in (
        ("desk-list", reverse("complaints:chats")),
        ("desk-chat", reverse("complaints:chat", args=[chat.pk])),
        ("desk-settings", reverse("complaints:chat_settings")),
    ):
        shown = open_page(
            path, width=width, cookies=cookies, theme="dark" if width == PHONE else "light"
        )
        sound(shown, f"{name}-{width}")
