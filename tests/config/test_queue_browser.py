"""The queue in a browser: keys, choosing rows, the palette, filters; nothing axe objects to."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case
from complaints.services.bulk import work_bulk
from complaints.services.tagging import tag_called, tag_case
from tests.browser import PHONE, OpenPage, axe_violations
from tests.factories import make_case, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT, display_name="林晓")
    client.force_login(user)
    return user


def opened(open_page: OpenPage, client: Client, path: str, **options: object) -> Page:
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return open_page(path, cookies=cookies, **options)


def test_an_agent_works_the_queue_by_keys_alone(
    open_page: OpenPage, client: Client, agent: User
) -> None:
    cases = [make_case(title=f"漏水 {number}") for number in range(3)]
    page = opened(open_page, client, "/desk/?view=all")
    bar = page.locator("[data-bulk-acts]")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("1")
    expect(bar).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="加标签")).to_be_visible()
    page.locator("#id_tag").fill("质检跟进")
    page.keyboard.press("Enter")
    expect(page.locator(".rd-bulk-state")).to_contain_text("正在处理，0 / 2 件")
    work_bulk()
    expect(page.locator(".rd-bulk-state")).to_contain_text("已全部处理，共 2 件")
    assert axe_violations(page) == []
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page).to_have_url(re.compile(r"/desk/(\?|$)"))
    tagged = Case.objects.filter(case_tags__tag__name="质检跟进")
    assert {case.pk for case in tagged} == {case.pk for case in cases[1:]}


def test_all_rows_a_range_and_everything_that_matches(
    open_page: OpenPage, client: Client, agent: User
) -> None:
    for _ in range(27):
        make_case()
    page = opened(open_page, client, "/desk/?view=all")
    count, ticks = page.locator("[data-bulk-count]"), page.locator(".rd-queue-select")
    page.keyboard.press("*")
    expect(count).to_have_text("25")
    page.keyboard.press("*")
    expect(count).to_have_text("0")
    ticks.nth(1).click()
    ticks.nth(4).click(modifiers=["Shift"])
    expect(count).to_have_text("4")
    page.get_by_label("所有符合条件的 27 件").check()
    expect(count).to_have_text("27")
    assert axe_violations(page) == []


def test_palette_finds_a_case_by_two_letters_and_opens_it(
    open_page: OpenPage, client: Client, agent: User
) -> None:
    case = make_case(title="豆浆机漏水")
    page = opened(open_page, client, "/desk/?view=all")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="去哪里，做什么")
    expect(box).to_be_focused()
    expect(page.get_by_role("option").first).to_be_visible()
    assert axe_violations(page) == []
    box.press_sequentially("浆机")
    option = page.get_by_role("option", name="豆浆机漏水")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(reverse("desk:case", args=[case.reference])))
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, PHONE])
def test_filters_and_views_hold_nothing_that_axe_objects_to(
    open_page: OpenPage, client: Client, agent: User, width: int
) -> None:
    actor = Actor.staff(agent)
    case = tag_case(make_case(title="漏水"), add=[tag_called("质检跟进", by=actor)], by=actor)
    addresses = [
        "/desk/?view=all&filters=1&stage=received&late=",
        f"/desk/?view=all&stage=received&tag={case.case_tags.get().tag_id}",
        "/desk/search/?q=漏水&channel=web_form",
        reverse("desk:views"),
        reverse("desk:palette"),
        reverse("complaints:tags", args=[case.reference]),
    ]
    page = opened(open_page, client, addresses[0], width=width)
    broken = {}
    for address in addresses:
        page.goto(page.url.split("/desk/")[0] + address)
        broken[address] = axe_violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, address
    assert broken == {address: [] for address in addresses}


def test_filters_work_without_scripts(open_page: OpenPage, client: Client, agent: User) -> None:
    wanted = make_case(title="电话来的", channel="phone")
    make_case(title="网页来的")
    page = opened(open_page, client, "/desk/?view=all", scripts=False)
    page.get_by_role("link", name="筛选和排序").click()
    page.locator("summary", has_text="渠道").click()
    page.get_by_label("电话", exact=True).check()
    page.locator(".rd-filter-actions button").click()
    expect(page.locator(".rd-queue-row", has_text=wanted.reference)).to_be_visible()
    expect(page.locator(".rd-queue-row")).to_have_count(1)
