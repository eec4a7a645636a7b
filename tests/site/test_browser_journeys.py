"""Journeys in Chromium: a consumer on a phone without scripts, and an agent without a mouse."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.services.outbox import deliver_due
from complaints.services.triage import assign
from complaints.states import Stage
from tests.browser import (
    PHONE,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.compensation.makers import offered_case
from tests.factories import make_case, make_product, make_team, make_user
from tests.liability.doors import consumer_client

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def cookies_of(client: Client) -> dict[str, str]:
    """The cookies of a browser that is let in somewhere."""
    return {name: morsel.value for name, morsel in client.cookies.items()}


def go_on(page: Page, question: str) -> None:
    """Press 继续 and wait for the next question."""
    page.get_by_role("button", name="继续", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(question)


def test_consumer_complains_and_tracks_on_a_phone_without_scripts(open_page: OpenPage) -> None:
    """没有脚本也能用: from the start page to the confirmation, and back in by the link."""
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    make_product(name="安居 K7 电热水壶")
    page = open_page("/", width=PHONE, scripts=False)

    page.get_by_role("link", name="开始填写").first.click()
    page.get_by_label("商品或服务").fill("安居 K7 电热水壶")
    go_on(page, "遇到的是什么问题？")
    page.get_by_label(re.compile("^产品质量")).check()
    page.locator("input[name=issue_quality][value=DEFECT]").check()
    go_on(page, "说说发生了什么")
    page.get_by_label("哪一天发现问题的？").fill(f"{timezone.localtime(now()):%Y-%m-%d}")
    page.get_by_label("经过是怎样的？").fill("烧水时底座一直漏水。")
    page.get_by_label(re.compile("^没有")).check()
    go_on(page, "你希望怎样处理？")
    page.get_by_label("退款").check()
    page.get_by_role("button", name="继续", exact=True).click()
    page.get_by_label(re.compile("称呼")).fill("周小华")
    page.get_by_label(re.compile("邮箱")).fill("zhou@example.test")
    page.locator("input[name=consent]").check()
    go_on(page, "核对你的回答")
    assert no_horizontal_overflow(page) == []
    page.get_by_role("button", name="提交投诉").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("我们收到了你的投诉")
    case = Case.objects.get()
    expect(page.get_by_text(case.reference).first).to_be_visible()
    page.get_by_role("link", name="查看进度").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我们收到了你的投诉")
    page.locator("textarea[name=body]").fill("什么时候有人联系我？")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("什么时候有人联系我？")).to_be_visible()
    assert no_horizontal_overflow(page) == []

    deliver_due()
    link = re.search(r"/t/[\w-]+/", str(mail.outbox[-1].body))
    assert link is not None
    elsewhere = open_page(link[0], width=PHONE, scripts=False)
    expect(elsewhere.get_by_role("heading", level=1)).to_have_text("我们收到了你的投诉")
    assert "/t/" not in elsewhere.url


def test_consumer_chooses_a_plan_without_scripts(open_page: OpenPage) -> None:
    """没有脚本也能用: two options, none chosen beforehand, one pressed and kept."""
    case = offered_case()
    cookies = cookies_of(consumer_client(case))
    page = open_page(
        reverse("track:case", args=[case.reference]), width=PHONE, scripts=False, cookies=cookies
    )
    assert page.locator("input[name=option]:checked").count() == 0

    page.get_by_label("全额退款").check()
    page.get_by_role("button", name=re.compile("就选这个方案")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("方案选好了，我们在准备协议")
    assert no_horizontal_overflow(page) == []


def logged_in(*roles: Role) -> tuple[Client, Actor]:
    """A member of staff in a team, logged in."""
    team = make_team(manager=make_user(Role.MANAGER), is_default=True)
    user = make_user(*roles, team=team)
    client = Client()
    client.force_login(user)
    return client, Actor.staff(user)


def test_agent_accepts_a_case_with_the_keyboard_alone(open_page: OpenPage) -> None:
    """只用键盘: J and K move in the queue, Enter opens, E takes the next step, Tab fills it in."""
    client, agent = logged_in(Role.AGENT)
    cases = [make_case(category="QUALITY", issue="DEFECT") for _number in range(3)]
    for case in cases:
        assign(case, owner=agent.person, by=agent)
    page = open_page(f"{reverse('desk')}?view=mine", cookies=cookies_of(client))
    titles = page.locator("[data-queue-row] .rd-queue-title")
    expect(titles).to_have_count(3)

    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".rd-case-head")).to_be_visible()
    reference = page.locator("[data-reference]").get_attribute("data-reference")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", level=1)).to_have_text("受理投诉")
    tab_to(page, "severity")
    page.keyboard.press("ArrowDown")
    tab_to(page, "next_steps")
    page.keyboard.type("明天上门取回检测。")
    tab_to(page, "")
    page.keyboard.press("Enter")

    expect(page.locator(".rd-case-head")).to_be_visible()
    assert Case.objects.get(reference=reference).stage == Stage.ACCEPTED
    assert csp_violations(page) == []


def tab_to(page: Page, name: str) -> None:
    """Press Tab until a field of that name has the focus; the submit button when it is empty."""
    wanted = f"[name={name}]" if name else "main button[type=submit]"
    script = "selector => document.activeElement.matches(selector)"
    for _time in range(60):
        if page.evaluate(script, wanted):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reached {wanted}")


def test_every_shortcut_stays_quiet_while_somebody_types(open_page: OpenPage) -> None:
    """只在输入框外: letters typed into the reply are letters."""
    client, agent = logged_in(Role.AGENT)
    case = assign(make_case(), owner=agent.person, by=agent)
    page = open_page(reverse("desk:case", args=[case.reference]), cookies=cookies_of(client))

    page.keyboard.press("r")
    reply = page.locator("textarea[name=text]")
    expect(reply).to_be_focused()
    page.keyboard.type("e j k a i")

    expect(reply).to_have_value("e j k a i")
    expect(page.locator(".rd-case-head")).to_be_visible()
    assert page.url.endswith(reverse("desk:case", args=[case.reference]))


@pytest.mark.parametrize(("language", "lang", "title"), [
    ("zh-CN", "zh-Hans", "我们收到了你的投诉"),
    ("en-GB", "en", "received your complaint"),
])  # fmt: skip
def test_tracking_page_speaks_both_languages(
    open_page: OpenPage, language: str, lang: str, title: str
) -> None:
    """两种语言: the page says which one it is in, and is sound in both."""
    case = make_case()
    page = open_page(
        reverse("track:case", args=[case.reference]),
        width=PHONE,
        theme="dark",
        cookies=cookies_of(consumer_client(case)),
        language=language,
    )

    assert page.locator("html").get_attribute("lang") == lang
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    assert [*axe_violations(page), *no_horizontal_overflow(page), *csp_violations(page)] == []
