"""The small scripts, tried on the gallery's sample pages."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import PHONE, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_error_summary_takes_focus_and_leads_to_the_field(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_form"))

    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="请选择问题发生的日期").click()
    expect(page.locator("#id_happened_on")).to_be_focused()


def test_today_and_yesterday_fill_the_date_in_shanghai_time(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_form"))

    page.get_by_role("button", name="昨天").click()

    expect(page.locator("#id_happened_on")).to_have_value("2026-11-21")


def test_counter_counts_down_and_says_how_much_is_too_much(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_form"))
    story = page.locator("#id_story")

    story.fill("字" * 990)
    expect(page.get_by_text("还可输入 10 字")).to_be_visible()
    story.evaluate("field => { field.maxLength = 2000 }")
    story.fill("字" * 1003)
    expect(page.get_by_text("多了 3 字")).to_be_visible()


def test_safety_advice_follows_the_choice(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_form"))
    advice = page.get_by_text("请先断电并停止使用")

    expect(advice).to_be_visible()
    page.get_by_label("没有").check()
    expect(advice).to_be_hidden()


def test_without_scripts_nothing_is_hidden(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_form"), scripts=False)

    expect(page.get_by_text("请先断电并停止使用")).to_be_visible()
    expect(page.locator("input[type=file][name=files]")).to_be_visible()
    expect(page.get_by_role("button", name="今天")).to_be_hidden()


def test_no_plan_is_chosen_until_the_consumer_does(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_tracking"))

    assert page.locator("[name=plan]:checked").count() == 0
    page.get_by_text("换新并补偿").click()
    expect(page.get_by_text("已选 换新并补偿，合计 ¥338.00")).to_be_visible()


def test_upload_refuses_a_file_that_is_too_big_before_sending(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_form"))
    page.locator("[data-upload]").evaluate("block => { block.dataset.maxBytesMb = '0.00001' }")

    page.locator("[data-pick]").first.set_input_files(
        {"name": "视频.mov", "mimeType": "video/quicktime", "buffer": b"x" * 64}
    )

    row = page.locator("[data-files] li", has_text="视频.mov").last
    expect(row).to_have_class(re.compile("rd-file-refused"))


def test_upload_keeps_a_file_when_the_network_is_away(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_form"))
    page.route("**/*", lambda route: route.abort())

    page.locator("[data-pick]").first.set_input_files(
        {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    )

    expect(page.get_by_text("没有发送成功，内容已保留")).to_be_visible()
    expect(page.get_by_role("button", name="重试")).to_be_visible()


def test_upload_shows_the_row_that_the_server_answers(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_form"))
    answer = '<li class="rd-file"><span class="rd-file-name">照片.jpg</span>1 KB · 已上传</li>'
    page.locator("[data-upload]").evaluate("block => { block.dataset.uploadUrl = '/sent' }")
    page.route("**/sent", lambda route: route.fulfill(status=200, body=answer))

    page.locator("[data-pick]").first.set_input_files(
        {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    )

    expect(page.get_by_text("1 KB · 已上传")).to_be_visible()


def test_drawn_signature_becomes_path_data_and_can_be_cleared(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_signing"), width=PHONE)
    canvas, value = page.locator("canvas"), page.locator("[data-sign-value]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None

    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    page.mouse.up()
    assert re.fullmatch(r"M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)+", value.input_value())

    page.get_by_role("button", name="重写").click()
    assert value.input_value() == ""


def test_clock_ticks_from_the_time_of_the_server(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_desk"))

    expect(page.locator(".rd-clock-words")).to_have_text(re.compile(r"^4[78] 分( \d+ 秒)?$"))


def test_keys_move_through_the_queue_and_switch_the_composer(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_desk"))

    page.keyboard.press("j")
    expect(page.locator(".rd-queue-title").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".rd-queue-title").nth(0)).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#composer-note")).to_be_checked()
    expect(page.locator("#composer-text")).to_be_focused()
    expect(page.locator("[data-composer]")).to_have_class(re.compile("rd-composer-note"))


def test_keys_are_letters_inside_a_field(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_desk"))
    text = page.locator("#composer-text")

    text.fill("")
    text.press_sequentially("jn/")

    expect(text).to_have_value("jn/")
    expect(page.locator("#composer-reply")).to_be_checked()


def test_keys_stay_quiet_while_an_input_method_composes(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_desk"))

    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'n', isComposing: true, bubbles: true}))"
    )

    expect(page.locator("#composer-reply")).to_be_checked()


def test_question_mark_opens_the_key_list_where_keys_are_turned_off(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_desk"))

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.get_by_label("使用单键快捷键").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#composer-reply")).to_be_checked()
    page.reload()
    page.keyboard.press("n")
    expect(page.locator("#composer-reply")).to_be_checked()


def test_slash_goes_to_the_search(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_desk"))

    page.keyboard.press("/")

    expect(page.locator("#desk-search")).to_be_focused()


def test_menu_closes_with_escape(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_desk"))
    menu = page.locator(".rd-topbar details[data-menu]")

    menu.locator("summary").click()
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")


def test_chart_has_a_table_and_bars_that_are_links(open_page: OpenPage) -> None:
    page = open_page(reverse("gallery_dashboard"))
    card = page.locator(".rd-chart-card").first

    expect(card.locator("svg a")).to_have_count(12)
    card.locator("summary").click()
    expect(card.locator("tbody tr")).to_have_count(12)
