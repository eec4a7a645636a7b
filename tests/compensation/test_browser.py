"""The pages of the legal floor and its rules in a browser: accessible, nothing too wide."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from compensation.services.rules import save_rule_draft
from compensation.services.sheets import record_sheet
from tests.browser import DESKTOP, PHONE, THEMES, OpenPage, axe_violations, no_horizontal_overflow
from tests.compensation.test_rule_editor import FRAUD, four_times
from tests.factories import staff
from tests.liability.doors import staff_client
from tests.liability.makers import determined_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_of_floor_and_rules_are_sound(open_page: OpenPage, theme: str) -> None:
    case = determined_case()
    record_sheet(case, by=staff(Role.AGENT), facts=FRAUD, confirmed=True)
    save_rule_draft("R01", by=staff(Role.MANAGER), new=four_times())
    desk = cookies_of(staff_client(Role.AGENT, Role.MANAGER))
    paths = [
        reverse("compensation:sheet_edit", args=[case.reference]),
        reverse("compensation:facts_edit", args=[case.reference, "car"]),
        reverse("compensation:plan_edit", args=[case.reference]),
        reverse("compensation:rules"),
        reverse("compensation:rule", args=["R01"]),
    ]
    for width in (DESKTOP, PHONE):
        for path in paths:
            page = open_page(path, width=width, theme=theme, cookies=desk)
            assert axe_violations(page) == []
            assert no_horizontal_overflow(page) == []
