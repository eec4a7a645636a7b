"""The composer in Chromium: drafts as one types, taking back, calling a colleague, axe 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Evidence, Message, Notification, ReplyDraft
from complaints.services.composing import keep_draft
from tests.browser import CSP_LISTENER, DESKTOP, axe_violations, csp_violations
from tests.documents.makers import picture
from tests.factories import make_case, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
BOX = "#composer-text"


@pytest.fixture
def colleague(transactional_db: None) -> User:
    return make_user(Role.AGENT, display_name="王敏")


@pytest.fixture
def page(
    browser: Browser, live_server: Any, client: Client, colleague: User, settings: Any
) -> Iterator[Page]:
    settings.UNDO_SECONDS = 100
    client.force_login(make_user(Role.AGENT, display_name="林晓"))
    context = browser.new_context(
        viewport={"width": DESKTOP, "height": 900}, locale="zh-CN", reduced_motion="reduce"
    )
    context.add_init_script(CSP_LISTENER)
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": live_server.url}
            for name, morsel in client.cookies.items()
        ]
    )
    opened = context.new_page()
    opened.goto(f"{live_server.url}/desk/cases/{make_case().reference}/")
    yield opened
    context.close()


def saved(page: Page) -> None:
    expect(page.locator("[data-saved-words]")).to_have_text("草稿已保存", timeout=20_000)


def test_each_kind_keeps_its_words_and_a_reply_comes_back(page: Page) -> None:
    page.fill(BOX, "今天下午给你答复")
    saved(page)
    page.check("#composer-note")
    expect(page.locator(BOX)).to_have_value("")
    page.fill(BOX, "问过供应商")
    saved(page)
    page.check("#composer-reply")
    expect(page.locator(BOX)).to_have_value("今天下午给你答复")
    page.reload()
    expect(page.locator(BOX)).to_have_value("今天下午给你答复")
    page.locator("[data-key='ctrl+enter']").click()
    expect(page.locator(".rd-waiting")).to_contain_text("回复马上发出")
    assert axe_violations(page) == [] and csp_violations(page) == []
    page.locator(".rd-waiting button").click()
    expect(page.locator(BOX)).to_have_value("今天下午给你答复")
    assert not Message.objects.exists() and ReplyDraft.objects.count() == 2


def keep_with_file(kind: str, text: str) -> None:
    """Keep a draft with a file, as a post that was refused does."""
    by = Actor.staff(User.objects.get(display_name="林晓"))
    photo = SimpleUploadedFile(f"{kind}.jpg", picture())
    keep_draft(Case.objects.get(), by=by, kind=kind, text=text, files=[photo])


def test_sent_while_the_draft_is_being_kept_it_goes_with_its_file(page: Page) -> None:
    keep_with_file("message", "见附件")
    page.reload()

    def slowly(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    page.route("**/draft/", slowly)
    with page.expect_request("**/draft/"):
        page.fill(BOX, "见附件，请查收")
        page.wait_for_timeout(1300)
        page.fill(BOX, "见附件，请查收。")
        page.locator("[data-key='ctrl+enter']").click()
    expect(page.locator(".rd-waiting")).to_contain_text("回复马上发出")
    sent = ReplyDraft.objects.get()
    assert sent.goes_at is not None and sent.text == "见附件，请查收。"
    assert sent.files.count() == 1


def test_files_of_the_draft_in_the_box_are_the_ones_shown(page: Page) -> None:
    keep_with_file("message", "给消费者")
    keep_with_file("note", "问过供应商")
    page.reload()
    files = page.locator("[data-draft-files]:visible")
    expect(files).to_have_text("message.jpg")
    page.check("#composer-note")
    expect(files).to_have_text("note.jpg")
    page.locator("[data-key='ctrl+enter']").click()
    expect(page.locator(".rd-message-internal")).to_contain_text("问过供应商")
    assert ReplyDraft.objects.get().kind == "message"
    assert Evidence.objects.get().file.original_name == "note.jpg"


def test_colleague_is_offered_by_keyboard_and_told(page: Page, colleague: User) -> None:
    page.check("#composer-note")
    page.locator(BOX).press_sequentially("请@王")
    expect(page.get_by_role("option")).to_have_count(1)
    assert axe_violations(page) == []
    page.keyboard.press("Enter")
    expect(page.locator(BOX)).to_have_value("请@王敏 ")
    page.locator(BOX).press_sequentially("看批次")
    page.locator("[data-key='ctrl+enter']").click()
    expect(page.locator(".rd-message-internal")).to_contain_text("请@王敏 看批次")
    assert Notification.objects.get(kind="mentioned").user == colleague


def test_two_colons_open_the_ready_texts_and_nothing_is_lost(page: Page) -> None:
    page.locator(BOX).press_sequentially("先说一句::")
    page.wait_for_url("**/phrases/**")
    page.get_by_role("button", name="插入").first.click()
    page.wait_for_url("**/?compose=reply")
    text = page.input_value(BOX)
    assert text.startswith("先说一句\n\n周小华，你好。我是林晓")
    assert Case.objects.get().version == 1
