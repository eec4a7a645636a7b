"""An agreement signed on two phones, and checked by whoever has nothing to do with us."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.states import Role
from agreements.models import Agreement
from agreements.states import SignMethod
from complaints import sealing
from complaints.models import Case, OutboxMessage
from complaints.services.intake import ContactData
from documents.services.files import read_bytes
from documents.services.rendering import render_document
from documents.services.seals import company_certificate
from tests.agreements.makers import PASSWORD, last_code, offered
from tests.agreements.signing_makers import accepted, paper_sent, printed
from tests.agreements.test_changing import changed
from tests.browser import (
    PHONE,
    OpenPage,
    axe_violations,
    csp_violations,
    no_horizontal_overflow,
)
from tests.compensation.makers import chosen_case
from tests.factories import make_user
from tests.liability.doors import consumer_client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]
SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify_agreement.py"
RARE = "𠮷㙓周小华"


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()}


def look(page: Page, name: str) -> None:
    """Check what every page must keep to; SHOTS names a folder for screenshots."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert axe_violations(page) == [], name
    assert no_horizontal_overflow(page) == [], name
    assert csp_violations(page) == [], name


def draws(page: Page) -> None:
    pad = page.locator("#sign-canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + 18 * step, box["y"] + 50 + 25 * (step % 3))
    page.mouse.up()


def consumer_signs_on_phone(open_page: OpenPage, case: Case) -> None:
    page = open_page(
        reverse("agreements:sign", args=[case.reference]),
        width=PHONE,
        cookies=cookies_of(consumer_client(case)),
    )
    page.get_by_role("button", name="获取校验码").click()
    page.get_by_text("校验码已发到").wait_for()
    draws(page)
    page.fill("#id_code", last_code(case))
    page.check("#id_consent")
    look(page, "phone-consumer")
    page.get_by_role("button", name="签署并完成").click()
    page.get_by_text("你已经签好了协议").first.wait_for()


def company_signs_on_phone(open_page: OpenPage, case: Case) -> None:
    client = Client()
    client.force_login(make_user(Role.APPROVER))
    page = open_page(
        reverse("agreements:sign_company", args=[case.reference]),
        width=PHONE,
        cookies=cookies_of(client),
    )
    page.get_by_role("button", name="获取校验码").click()
    page.get_by_text("重新获取校验码").wait_for()
    sent = OutboxMessage.objects.filter(case=case, kind="company_code").latest("id")
    page.fill("#id_code", str((sealing.unseal_for_installation(sent.sealed) or {})["code"]))
    page.fill("#id_password", PASSWORD)
    page.fill("#id_position", "客户服务主管")
    page.check("#id_consent")
    look(page, "phone-company")
    page.locator("main").get_by_role("button", name="签署", exact=True).click()
    page.get_by_text("已代表公司签署").first.wait_for()


def test_signed_on_phones_and_verified_by_page_script_and_pdfsig(
    open_page: OpenPage, tmp_path: Path
) -> None:
    contact = ContactData(name=RARE, phone="13812345678", email="zhou@example.test")
    agreement = offered(chosen_case(contact=contact))
    case = agreement.case
    consumer_signs_on_phone(open_page, case)
    company_signs_on_phone(open_page, case)
    done = Agreement.objects.select_related("sealed__file").get(pk=agreement.pk)
    assert done.sealed is not None
    methods = dict(done.signers.values_list("role", "method"))
    assert methods == {"consumer": SignMethod.DRAWN_CODE, "company": SignMethod.ACCOUNT_CODE}
    assert all(signer.evidence["opened_at"] for signer in done.signers.all())
    document = render_document(done.sealed.pk)
    assert document.file is not None and document.file.size < 250 * 1024
    path, pem = tmp_path / "协议.pdf", tmp_path / "seal.pem"
    path.write_bytes(read_bytes(document.file))
    pem.write_bytes(company_certificate())
    if folder := os.environ.get("SHOTS"):
        subprocess.run(["pdftoppm", "-r", "70", "-png", path, f"{folder}/sealed"], check=True)

    page = open_page(reverse("agreements:verify"), width=PHONE)
    page.set_input_files("input[type=file]", str(path))
    page.click("main form[method=post] button[type=submit]")
    page.wait_for_selector("#verdict.rd-notice-success")
    assert done.number in page.inner_text("main")
    script = subprocess.run(
        [sys.executable, str(SCRIPT), str(path), "--certificate", str(pem)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert script.returncode == 0, script.stdout + script.stderr
    told = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in told.stdout


@pytest.mark.long
def test_other_ways_of_signing_are_sound(open_page: OpenPage) -> None:
    """Paper, representative, another text: on the consumer's phone and on the desk."""
    agreement = printed(offered())
    case = agreement.case
    me = cookies_of(consumer_client(case))
    accepted(case)
    for name in ("sign", "my_paper", "my_attorney"):
        page = open_page(
            reverse(f"agreements:{name}", args=[case.reference]), width=PHONE, cookies=me
        )
        look(page, f"ways-{name}")
    copy = paper_sent(agreement)
    desk = Client()
    desk.force_login(make_user(Role.AGENT, Role.MANAGER))
    cookies = cookies_of(desk)
    url = reverse("agreements:check_paper", args=[case.reference, copy.pk])
    look(open_page(url, width=PHONE, cookies=cookies), "ways-check-paper")
    tab = reverse("desk:case_tab", args=[case.reference, "agreement"])
    look(open_page(tab, cookies=cookies), "ways-tab")
    new = changed(agreement)
    offer = reverse("agreements:offer", args=[new.case.reference])
    look(open_page(offer, width=PHONE, cookies=cookies), "ways-changed")
    for address, name in (
        (reverse("agreements:texts"), "texts"),
        (reverse("agreements:text_edit", args=["instalments", "zh-hans"]), "text"),
        (reverse("agreements:clause_edit", args=["pick-up"]), "clause"),
    ):
        look(open_page(address, cookies=cookies), f"ways-{name}")
        look(open_page(address, width=PHONE, theme="dark", cookies=cookies), f"ways-{name}-dark")
