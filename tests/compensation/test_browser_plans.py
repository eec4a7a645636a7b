"""The pages of plans, losses, standard, approval and rounds in a browser: sound, in both themes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from compensation.selectors.proposals import proposal_for
from compensation.services.answering import counter
from compensation.services.approving import approve_plan, submit_plan
from compensation.services.losses import LossData, enter_loss, verify_loss
from compensation.services.offering import send_offer
from compensation.services.planning import save_plan
from compensation.services.sheets import record_sheet
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from tests.browser import DESKTOP, PHONE, THEMES, OpenPage, axe_violations, no_horizontal_overflow
from tests.compensation.makers import goodwill, offer_of, plan_data
from tests.factories import staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import determined_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def kettle() -> Case:
    """The kettle with its losses and its floor."""
    case, agent = determined_case(amount_paid=Decimal("1299.00")), staff(Role.AGENT)
    for told, amount in (("寄回运费", "38.00"), ("台面修复", "100.00")):
        loss = LossData("property", told, now().date(), claimed=Decimal(amount))
        item = enter_loss(case, by=agent, loss=loss)
        verify_loss(item, by=agent, amount=Decimal(amount))
    facts = {"price_paid": "1299.00", "return_and_refund": True, "as_described": False}
    record_sheet(case, by=agent, facts={**facts, "other_losses": "138.00"})
    return Case.objects.get(pk=case.pk)


def offered(case: Case, *more) -> Case:
    """What the rules propose, with more in the refund, approved by another and sent."""
    agent = staff(Role.AGENT)
    first, *others = proposal_for(case).options
    first = type(first)(**{**vars(first), "lines": (*first.lines, *more)})
    plan = plan_data(first, *others, deviation_reason="有两天的请假证明")
    saved = submit_plan(case, by=agent, plan=save_plan(case, by=agent, plan=plan))
    approve_plan(case, by=staff(Role.APPROVER), plan=saved)
    return send_offer(case, by=agent, plan=saved)


def second_round() -> Case:
    """A case whose consumer asked for more and was offered more."""
    case = offered(kettle())
    case = counter(
        case, by=Actor.consumer(), offer=offer_of(case), text="请假两天", amount=Decimal(1800)
    )
    return offered(case, goodwill("200.00"))


def sound(open_page: OpenPage, paths: list[str], cookies: dict[str, str], theme: str) -> None:
    for width in (DESKTOP, PHONE):
        for path in paths:
            page = open_page(path, width=width, theme=theme, cookies=cookies)
            assert axe_violations(page) == []
            assert no_horizontal_overflow(page) == []


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_of_the_desk_are_sound(open_page: OpenPage, theme: str) -> None:
    case, waiting = kettle(), kettle()
    plan = plan_data(*proposal_for(waiting).options)
    agent = staff(Role.AGENT)
    submit_plan(waiting, by=agent, plan=save_plan(waiting, by=agent, plan=plan))
    paths = [
        *(
            reverse(f"compensation:{name}", args=[case.reference])
            for name in ("plan_edit", "losses", "loss_verify")
        ),
        reverse("approvals"),
        reverse("compensation:standards"),
        reverse("compensation:standard", args=["inconvenience-severe"]),
        reverse("desk:case_tab", args=[second_round().reference, "compensation"]),
    ]

    sound(open_page, paths, cookies_of(staff_client(Role.AGENT, Role.MANAGER)), theme)


@pytest.mark.parametrize("theme", THEMES)
def test_the_consumer_s_pages_are_sound(open_page: OpenPage, theme: str) -> None:
    case = second_round()
    paths = [reverse("track:case", args=[case.reference])]
    paths += [
        reverse(f"compensation:{name}", args=[case.reference])
        for name in ("choose", "counter", "decline")
    ]

    sound(open_page, paths, cookies_of(consumer_client(case)), theme)


def test_the_consumer_takes_the_better_offer_in_the_browser(open_page: OpenPage) -> None:
    case = second_round()
    page = open_page(
        reverse("compensation:choose", args=[case.reference]),
        width=PHONE,
        cookies=cookies_of(consumer_client(case)),
    )

    assert "1,800.00" in page.inner_text("main") and "1,637.00" in page.inner_text("main")
    page.get_by_label("全额退款").check()
    page.get_by_role("button", name="就选这个方案").click()
    page.wait_for_url("**/my/" + case.reference + "/")

    assert offer_of(case).chosen_option.total == Decimal("1637.00")
