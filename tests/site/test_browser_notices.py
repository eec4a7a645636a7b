"""Pages about missed promises and undelivered notices, with something on them, in Chromium."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from accounts.states import Role
from complaints import notifications
from complaints.actors import Actor
from complaints.models import AccountabilityItem, OutboxMessage
from complaints.moments import now, shift_to
from complaints.notifications import Undeliverable
from complaints.services.accountability import decide_item, reply_to_item
from complaints.services.dead_letters import replay
from complaints.services.outbox import deliver_due
from complaints.services.sweeping import sweep
from complaints.services.triage import assign
from complaints.services.webhooks import create_endpoint
from tests.browser import (
    CSP_LISTENER,
    DESKTOP,
    PHONE,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.factories import make_case, make_team, make_user, staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def world(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Items in each state, a dead letter, a receiver; return the pages about them."""
    boss, agent = staff(Role.MANAGER), make_user(Role.AGENT)
    make_team(is_default=True)
    cases = [make_case() for _number in range(3)]
    for case in cases[:2]:
        assign(case, owner=agent, by=boss)
    shift_to(now() + timedelta(hours=25))
    sweep()
    items = [AccountabilityItem.objects.get(case=case) for case in cases]
    for item in items[:2]:
        reply_to_item(item, by=Actor.staff(agent), reply="交接", cause="other", cause_note="停电")
    decide_item(
        items[0],
        by=boss,
        outcome="upheld",
        decision="交接有漏洞",
        cause="staffing",
        measure="交班清点",
        measure_owner=agent,
        measure_until=timezone.localdate(now()),
    )
    endpoint = create_endpoint(
        by=staff(Role.ADMINISTRATOR), name="客户系统", url="https://erp.example/", kinds=["close"]
    )
    letters = dead(monkeypatch)
    replay(letters[1], by=boss)
    return [
        reverse("complaints:accountability"),
        f"{reverse('complaints:accountability')}?state=measure",
        *(reverse("complaints:accountability_item", args=[item.pk]) for item in items),
        reverse("desk:dead_letters"),
        *(reverse("desk:dead_letter", args=[letter.pk]) for letter in letters[:2]),
        reverse("desk:webhooks"),
        reverse("desk:webhook_new"),
        reverse("desk:webhook", args=[endpoint.pk]),
        reverse("notifications"),
    ]


def dead(monkeypatch: pytest.MonkeyPatch) -> list[OutboxMessage]:
    """Let everything that waits be undeliverable."""

    def send(message: OutboxMessage) -> None:
        raise Undeliverable(message.key)

    logging.disable(logging.CRITICAL)
    with monkeypatch.context() as patch:
        patch.setattr(notifications, "send", send)
        deliver_due()
    logging.disable(logging.NOTSET)
    return list(OutboxMessage.objects.filter(status="dead").order_by("pk"))


@pytest.mark.timeout(600)
def test_pages_with_something_on_them_are_sound(
    browser: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = world(monkeypatch)
    client = Client()
    client.force_login(make_user(*Role))
    found: list[str] = []
    cookies = [
        {"name": name, "value": morsel.value, "url": live_server.url}
        for name, morsel in client.cookies.items()
    ]
    for width, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="zh-CN", color_scheme=scheme
        )
        context.add_init_script(CSP_LISTENER)
        context.add_cookies(cookies)
        page = context.new_page()
        for path in paths:
            page.goto(f"{live_server.url}{path}")
            assert page.locator("h1").count() == 1
            found += [f"{path} {width}: {problem}" for problem in axe_violations(page)]
            found += [f"{path} {width}: {problem}" for problem in no_horizontal_overflow(page)]
            found += [f"{path} {width}: {problem}" for problem in csp_violations(page)]
        context.close()
    assert found == []
