"""An investigation in Chromium: accessible pages, and a phone that loses its connection."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.services.evidence import add_evidence
from liability.models import Claim, Inspection, InspectionPhoto
from liability.services.board import Judgement, add_claim, weigh
from tests.browser import (
    DESKTOP,
    PHONE,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.factories import make_user, staff
from tests.liability.doors import consumer_client
from tests.liability.makers import consult, inspection, investigating_case, secret_of
from tests.process.answers import receipt

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


def cookies_of(client: Client) -> dict[str, str]:
    """What the browser of a client holds."""
    return {name: morsel.value for name, morsel in client.cookies.items()}


def insider(*roles: Role) -> dict[str, str]:
    """The cookies of a new member of staff."""
    client = Client()
    client.force_login(make_user(*roles))
    return cookies_of(client)


def test_pages_of_an_investigation_are_accessible_and_fit(open_page: OpenPage) -> None:
    case = investigating_case(category="QUALITY")
    task, seen = consult(case), inspection(case)
    claim = add_claim(case, by=staff(Role.INVESTIGATOR), text="故障在出厂前就有")
    photo = add_evidence(case, by=Actor.consumer(), upload=receipt(), name="屏.jpg")
    judgement = Judgement(f"evidence:{photo.pk}", "for", "photo", is_copy=True)
    weigh(Claim.objects.get(pk=claim.pk), by=staff(Role.INVESTIGATOR), judgement=judgement)
    inside = insider(Role.INVESTIGATOR, Role.MANAGER)
    consumer = cookies_of(consumer_client(case))
    pages = [
        (reverse("liability:plan", args=[case.reference]), inside, DESKTOP, "light"),
        (reverse("liability:board", args=[case.reference]), inside, DESKTOP, "light"),
        (reverse("liability:weigh", args=[case.reference, claim.pk]), inside, DESKTOP, "light"),
        (reverse("liability:consult_new", args=[case.reference]), inside, PHONE, "dark"),
        (reverse("liability:plan", args=[case.reference]), inside, PHONE, "dark"),
        (reverse("liability:visit", args=[case.reference, seen.pk]), inside, PHONE, "dark"),
        (reverse("liability:consult_link", args=[secret_of(task)]), {}, PHONE, "dark"),
        (
            reverse("liability:inspection_mine", args=[case.reference, seen.pk]),
            consumer,
            PHONE,
            "light",
        ),
    ]
    problems = []
    for path, cookies, width, theme in pages:
        page = open_page(path, width=width, theme=theme, cookies=cookies)
        found = [*axe_violations(page), *no_horizontal_overflow(page), *csp_violations(page)]
        problems += [f"{path} {width}: {each}" for each in found]
    assert not problems


def test_photos_wait_on_the_phone_until_there_is_a_connection(
    open_page: OpenPage, tmp_path: Path
) -> None:
    case, person = investigating_case(), make_user(Role.AGENT)
    seen = inspection(case, technician=person)
    client = Client()
    client.force_login(person)
    path = reverse("liability:visit", args=[case.reference, seen.pk])
    page = open_page(path, width=PHONE, cookies=cookies_of(client))
    photo = tmp_path / "屏.jpg"
    photo.write_bytes(receipt().read())

    page.context.set_offline(True)
    page.set_input_files("input[type=file]", str(photo))
    page.fill("[name=findings]", "触摸无反应。")
    page.wait_for_selector("[data-queue-list] li")
    page.click("text=提交检查结果")
    page.wait_for_function(
        "() => document.querySelector('[data-queue-words]').textContent.includes('没有网络')"
    )
    assert not InspectionPhoto.objects.exists()
    assert Inspection.objects.get(pk=seen.pk).is_pending

    page.context.set_offline(False)
    page.wait_for_selector("[data-queue-list] li", state="detached", timeout=30_000)
    assert InspectionPhoto.objects.filter(inspection=seen).count() == 1
    page.reload()
    assert page.input_value("[name=findings]") == "触摸无反应。"
    page.click("text=提交检查结果")
    page.wait_for_selector("h2:has-text('检查结果')", timeout=30_000)
    assert Inspection.objects.get(pk=seen.pk).findings == "触摸无反应。"
    assert InspectionPhoto.objects.count() == 1
