"""The catalogues: every text has its English, in the right words, and pages use it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import polib
import pytest
from django import forms
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.states import Role
from complaints.models import Case
from complaints.services.intake import ContactData
from scripts.messages import CATALOGUE, CHECKOUT, collect
from tests.browser import OpenPage, no_horizontal_overflow
from tests.config.consumer import browser_of
from tests.factories import make_case, make_user

CHINESE = CHECKOUT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
CJK = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」）][,:?!;]|[,:?!;][\u4e00-\u9fff「（]")
# The comma parts the two answers of Django's yesno filter.
SYNTAX = {"是,否"}
# Chinese that English pages show on purpose: the mark, and each language under its own name.
MEANT = ("衡", "简体中文", "中文")
UNTONED_CHINESE = re.compile("您|失败|非法|请勿|无效|！")
UNTONED_ENGLISH = re.compile(r"\b(please|invalid|oops)\b|!", re.IGNORECASE)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%%")
TAG = re.compile(r"</?\w[^>]*>")
CODE = re.compile(r"<code>.*?</code>")


def entries(catalogue: Path) -> list[polib.POEntry]:
    return list(polib.pofile(str(catalogue)))


def sayings(entry: polib.POEntry) -> list[str]:
    """Give the translation, or all its plural forms."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(CODE.sub("", text)))


# --- Catalogues ---------------------------------------------------------------------------------


def test_catalogue_holds_exactly_the_texts_of_code_and_templates(tmp_path: Path) -> None:
    found = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in collect(tmp_path)}
    held = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries(CATALOGUE)}

    assert len(found) > 2000
    assert found - held == set(), "Run `make messages` and translate what is new."
    assert held - found == set(), "Run `make messages`: these texts are gone."


@pytest.mark.parametrize("catalogue", [CATALOGUE, CHINESE], ids=["en", "zh_Hans"])
def test_every_text_is_translated_and_nothing_is_guessed(catalogue: Path) -> None:
    for entry in entries(catalogue):
        assert all(said.strip() for said in sayings(entry)), entry.msgid
        assert not entry.fuzzy, entry.msgid
        assert not entry.obsolete, entry.msgid


def test_english_keeps_placeholders_and_tags() -> None:
    for entry in entries(CATALOGUE):
        for said in sayings(entry):
            assert placeholders(said) == placeholders(entry.msgid), entry.msgid
            assert sorted(TAG.findall(said)) == sorted(TAG.findall(entry.msgid)), entry.msgid


def test_english_has_both_forms_of_a_number() -> None:
    for entry in entries(CATALOGUE):
        if entry.msgid_plural:
            assert sorted(entry.msgstr_plural) == [0, 1], entry.msgid
            assert entry.msgid == entry.msgid_plural


def test_our_chinese_for_the_framework_invents_no_placeholder() -> None:
    for entry in entries(CHINESE):
        for said in sayings(entry):
            assert placeholders(said) <= placeholders(entry.msgid), entry.msgid


def test_english_is_english_in_our_tone() -> None:
    for entry in entries(CATALOGUE):
        for said in sayings(entry):
            assert not CJK.search(said), said
            assert not UNTONED_ENGLISH.search(said), said


def test_chinese_has_full_width_punctuation_and_our_tone() -> None:
    texts = [entry.msgid for entry in entries(CATALOGUE)]
    texts += [said for entry in entries(CHINESE) for said in sayings(entry)]
    for text in texts:
        bare = TAG.sub("", PLACEHOLDER.sub("", html.unescape(text)))
        assert text in SYNTAX or not HALF_WIDTH.search(bare), text
        assert not UNTONED_CHINESE.search(text), text


# --- Forms ----------------------------------------------------------------------------------------


class Order(forms.Form):
    name = forms.CharField(max_length=3)
    email = forms.EmailField()
    bought_on = forms.DateField()
    amount = forms.DecimalField(decimal_places=2)
    kind = forms.ChoiceField(choices=[("repair", "repair")])


WRONG = {"name": "", "email": "nobody", "bought_on": "soon", "amount": "1.234", "kind": "gift"}
IN_CHINESE = {
    "name": "请填写这一项",
    "email": "请填写完整的邮箱地址，如 name@example.com",
    "bought_on": "请按年、月、日填写，如 2026-11-19",
    "amount": "最多 2 位小数",
    "kind": "请从列表里选一项",
}


def test_form_errors_of_the_framework_say_what_to_do() -> None:
    with translation.override("zh-hans"):
        form = Order(WRONG)
        shown = {name: str(errors[0]) for name, errors in form.errors.items()}
        too_long = Order({**WRONG, "name": "12345"}).errors["name"][0]

    assert shown == IN_CHINESE
    assert too_long == "最多 3 个字，现在是 5 个，请删去一些"


def test_form_errors_stay_english_in_english() -> None:
    with translation.override("en"):
        assert Order(WRONG).errors["bought_on"] == ["Enter a valid date."]


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def english_company(settings: Any) -> None:
    """Data of the company may be Chinese; here it is not, so that what is left is ours."""
    settings.COMPANY_NAME = settings.COMPANY_NAME_EN
    settings.COMPANY_ADDRESS = "88 Anju Road"
    settings.COMPANY_REPRESENTATIVE = "Chen Li'an"


@pytest.fixture
def case() -> Case:
    return make_case(
        title="Kettle smokes",
        description="It smoked when the water boiled.",
        product_text="Kettle K1",
        contact=ContactData(name="Zoe Hill", phone="13812345678"),
        language="en",
    )


def chinese_on(client: Client, address: str) -> list[str]:
    """Give the lines of a page in English that still hold Chinese."""
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200, address
    page = answer.content.decode()
    assert 'lang="en"' in page
    for meant in MEANT:
        page = page.replace(meant, "")
    return [line.strip() for line in page.splitlines() if CJK.search(line)]


PUBLIC = [
    "start",
    "page_privacy",
    "page_process",
    "page_standards",
    "page_rights",
    "page_performance",
    "page_accessibility",
]
DESK = ["desk", "desk_search", "notifications", "approvals", "finance", "reviews_list"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", [*PUBLIC, "account_login"])
def test_public_pages_are_english_throughout(
    name: str, client: Client, english_company: None
) -> None:
    assert chinese_on(client, reverse(name)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/track/", "/complain/product/"])
def test_forms_for_consumers_are_english_throughout(
    path: str, client: Client, english_company: None
) -> None:
    assert chinese_on(client, path) == []


@pytest.mark.django_db
def test_tracking_page_is_english_throughout(case: Case, english_company: None) -> None:
    assert chinese_on(browser_of(case), reverse("track:case", args=[case.reference])) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", DESK)
def test_desk_is_english_throughout(
    name: str, client: Client, case: Case, english_company: None
) -> None:
    client.force_login(make_user(*Role, display_name="Chen Li"))

    assert chinese_on(client, reverse(name)) == []


@pytest.mark.django_db
def test_case_on_the_desk_is_english_throughout(
    client: Client, case: Case, english_company: None
) -> None:
    client.force_login(make_user(*Role, display_name="Chen Li"))

    assert chinese_on(client, reverse("desk:case", args=[case.reference])) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("path", ["/", "/complain/product/", "/track/"])
def test_english_fits_on_a_phone(open_page: OpenPage, path: str, width: int) -> None:
    page = open_page(path, width=width, language="en-GB")

    assert no_horizontal_overflow(page) == []
    name = page.locator(".rd-brand").bounding_box()
    links = page.locator(".rd-site-nav").bounding_box()
    assert name and links
    assert name["x"] + name["width"] <= links["x"]
