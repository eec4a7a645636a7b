"""Pages about people in Chromium, with something on them: accessible, nothing too wide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from accounts.models import Skill
from accounts.services import plan_absence
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, SkillNeed
from complaints.selectors.owners import today
from complaints.services.assigning import record_conflict, tend_owners
from complaints.services.customers import join_customers, record_consent, set_kinds
from complaints.services.intake import ContactData
from complaints.services.joint import add_member
from complaints.services.linking import link_cases
from complaints.services.merging import merge_cases
from tests.agreements.makers import fulfilling_case
from tests.browser import (
    CSP_LISTENER,
    DESKTOP,
    PHONE,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.factories import make_case, make_team, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def busy_case(by: Actor) -> Case:
    """A case with an owner by rule, a conflict, a group, and others like it."""
    case, merged, like, linked = (make_case(order_number="A-1") for _number in range(4))
    tend_owners()
    merge_cases([merged], into=case, cause="same_complaint", by=by)
    link_cases(case, linked, kind="follow_up", by=by)
    other = make_user(Role.AGENT, display_name="客服丙")
    record_conflict(case, user=other, ground="family", by=by)
    add_member(case, contact=ContactData(name="王五", phone="13912340000"), by=by)
    assert like.pk
    return case


def known_customer(by: Actor) -> Case:
    """A case with promises, whose customer's file holds everything a file can."""
    case = fulfilling_case()
    file = case.consumer.customer
    other = make_case(contact=ContactData(name="博", phone="13800000002")).consumer.customer
    join_customers(file, [other], by=by, reason="换号")
    set_kinds(file, by=by, kinds=["vulnerable", "long_term"], reason="75 岁")
    record_consent(file, by=by, purpose="survey", given=True, source="来电")
    return case


@pytest.mark.timeout(300)
def test_pages_about_people_are_sound(browser: Browser, live_server: Any) -> None:
    manager = make_user(Role.MANAGER, Role.AGENT, display_name="周经理")
    team, by = make_team(manager=manager, is_default=True), Actor.staff(manager)
    agent = make_user(Role.AGENT, team=team, display_name="客服甲")
    skill = Skill.objects.create(name="空调")
    agent.skills.add(skill)
    SkillNeed.objects.create(skill=skill, language="en", for_care=True)
    away = {"starts_on": today(), "ends_on": today() + timedelta(days=2)}
    absent = make_user(Role.AGENT, team=team, display_name="客服乙")
    plan_absence(absent, **away, reason="leave", by=manager, stand_in=agent)
    case, known = busy_case(by), known_customer(by)
    file = reverse("desk:customer", args=[known.consumer.customer_id])
    of_case = ("ownership", "duplicates", "group")
    paths = [
        f"{file}?case={known.reference}",
        *(reverse(f"complaints:{name}", args=[case.reference]) for name in of_case),
        reverse("desk:case", args=[case.reference]),
        reverse("complaints:staff"),
        reverse("complaints:staff_member", args=[absent.pk]),
        reverse("complaints:skills"),
        reverse("complaints:customer_kinds", args=[known.consumer.customer_id]),
        reverse("complaints:looks"),
    ]
    client = Client()
    client.force_login(manager)
    cookies = [
        {"name": name, "value": morsel.value, "url": live_server.url}
        for name, morsel in client.cookies.items()
    ]
    context = browser.new_context(
        viewport={"width": DESKTOP, "height": 900}, locale="zh-CN", reduced_motion="reduce"
    )
    context.add_init_script(CSP_LISTENER)
    context.add_cookies(cookies)
    page, found = context.new_page(), []
    for path in paths:
        for width, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            answer = page.goto(f"{live_server.url}{path}")
            assert answer is not None and answer.status == 200, path
            problems = [
                *axe_violations(page),
                *no_horizontal_overflow(page),
                *csp_violations(page),
            ]
            found += [f"{path} {width}: {problem}" for problem in problems]
    context.close()
    assert found == []
