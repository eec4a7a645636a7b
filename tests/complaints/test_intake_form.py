"""The five-step form without scripts: gating, errors with the input kept, going back, leaving."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Batch, Case, IntakeDraft
from complaints.selectors.drafts import answers_of
from complaints.services import drafts
from tests.complaints.intake_steps import STEPS, fill_form, post_step, send_form
from tests.factories import make_product

pytestmark = pytest.mark.django_db


def page(client: Client, step: str) -> str:
    response = client.get(reverse("intake:step", args=[step]))
    assert response.status_code == 200
    return response.content.decode()


def test_form_makes_a_case_without_scripts(client: Client) -> None:
    fill_form(client)

    response = send_form(client)

    case = Case.objects.get()
    assert response.status_code == 303
    assert response.url == reverse("intake:done", args=[case.reference])
    assert case.consumer.contact == {
        "name": "周小华",
        "phone": "+8613812345678",
        "email": "zhou@example.test",
        "address": "",
    }
    assert (case.category, case.issue, case.wished_remedy) == ("QUALITY", "SAFETY", "refund")
    assert str(case.amount_paid) == "1299.00"
    assert case.urgency == "normal"


def test_first_step_begins_a_draft_only_when_sent(client: Client) -> None:
    page(client, "product")
    assert not IntakeDraft.objects.exists()

    post_step(client, "product")

    assert IntakeDraft.objects.count() == 1


def test_later_step_leads_back_to_the_first_open_one(client: Client) -> None:
    post_step(client, "product")

    response = client.get(reverse("intake:step", args=["contact"]))

    assert response.status_code == 302
    assert response.url == reverse("intake:step", args=["problem"])


def test_check_page_needs_all_answers(client: Client) -> None:
    post_step(client, "product")

    assert client.get(reverse("intake:check")).url == reverse("intake:step", args=["problem"])
    assert send_form(client).url == reverse("intake:step", args=["problem"])
    assert not Case.objects.exists()


def test_missing_answer_is_told_on_top_and_at_the_field_and_the_rest_is_kept(
    client: Client,
) -> None:
    post_step(client, "product")
    post_step(client, "problem")

    response = post_step(client, "story", occurred_on="", description="壶底冒烟 XYZ")

    text = response.content.decode()
    assert response.status_code == 422
    assert text.count("请选择问题发生的日期") == 2
    assert "<title>有 1 处需要修改 - 说说发生了什么" in text
    assert "壶底冒烟 XYZ" in text
    assert "壶底冒烟 XYZ" in page(client, "story")


@pytest.mark.parametrize(
    ("step", "change", "words"),
    [
        ("product", {"product_text": " "}, "请填写商品或服务的名字"),
        ("product", {"amount_paid": "一千"}, "请只填数字"),
        ("product", {"amount_paid": "-1"}, "金额不能小于 0"),
        ("product", {"purchased_on": "2999-01-01"}, "日期不能晚于今天"),
        ("problem", {"category": ""}, "请选择问题类别"),
        ("problem", {"issue_quality": ""}, "请选择具体情况"),
        ("story", {"danger": ""}, "请选择有没有危险"),
        ("story", {"description": "字" * 2001}, "经过最多 2000 字"),
        ("wish", {"wished_remedy": "gold"}, ""),
        ("contact", {"phone": "", "email": ""}, "手机号和邮箱至少填一个"),
        ("contact", {"phone": "12"}, "请填写 11 位手机号"),
        ("contact", {"consent": None}, "请阅读说明后勾选同意"),
        ("contact", {"website": "http://spam.test"}, "请把这一栏留空"),
    ],
)
def test_wrong_answer_is_refused_and_not_settled(
    client: Client, step: str, change: dict[str, str], words: str
) -> None:
    for earlier in list(STEPS)[: list(STEPS).index(step)]:
        post_step(client, earlier)

    response = post_step(client, step, **change)

    assert response.status_code == 422
    assert words in response.content.decode()
    draft = IntakeDraft.objects.get()
    assert step not in answers_of(draft).settled


def test_consent_is_never_ticked_beforehand(client: Client) -> None:
    for step in list(STEPS)[:-1]:
        post_step(client, step)

    form = client.get(reverse("intake:step", args=["contact"])).context["form"]

    assert "checked" not in str(form["consent"])
    assert "checked" not in str(form["needs_care"])


def test_no_plan_or_danger_is_chosen_beforehand(client: Client) -> None:
    for step in ("product", "problem"):
        post_step(client, step)

    assert "checked" not in page(client, "story")


def test_change_returns_to_the_check_page(client: Client) -> None:
    fill_form(client)
    check = client.get(reverse("intake:check")).content.decode()
    link = f"{reverse('intake:step', args=['wish'])}?back=check"
    assert link in check
    assert 'name="back" value="check"' in client.get(link).content.decode()

    response = post_step(client, "wish", wished_remedy="repair", back="check")

    assert response.url == reverse("intake:check")
    assert "维修" in client.get(reverse("intake:check")).content.decode()


def test_check_page_says_what_was_not_filled_in(client: Client) -> None:
    fill_form(client)

    assert "未填写" in client.get(reverse("intake:check")).content.decode()


def test_draft_is_sealed(client: Client) -> None:
    fill_form(client)

    draft = IntakeDraft.objects.get()
    assert "周小华".encode() not in bytes(draft.sealed)
    assert b"13812345678" not in bytes(draft.sealed)


def test_known_product_and_batch_are_found(client: Client) -> None:
    product = make_product(name="安居 K7 电热水壶")
    Batch.objects.create(product=product, code="B-77")

    fill_form(client, product={"marking": "B-77"})
    send_form(client)

    case = Case.objects.get()
    assert case.product == product
    assert case.batch is not None and case.batch.code == "B-77"
    assert case.serial_number == ""


def test_marking_that_is_no_batch_is_the_serial_number(client: Client) -> None:
    make_product(name="安居 K7 电热水壶")

    fill_form(client, product={"marking": "SN-1"})
    send_form(client)

    assert Case.objects.get().serial_number == "SN-1"


def test_leaving_for_later_shows_a_link_once_and_the_link_goes_on_elsewhere(
    client: Client,
) -> None:
    post_step(client, "product")
    response = client.post(
        reverse("intake:step", args=["problem"]), {"category": "PRICE", "later": "1"}
    )
    assert response.url == reverse("intake:saved")
    link = client.get(reverse("intake:saved")).context["link"]
    assert link and client.get(reverse("intake:saved")).context["link"] == ""

    other = Client()
    opened = other.get(link)

    assert opened.url == reverse("intake:begin")
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert "checked" in page(other, "problem")


def test_link_of_a_sent_draft_is_gone(client: Client) -> None:
    fill_form(client)
    draft = IntakeDraft.objects.get()
    secret = drafts.leave_for_later(draft)
    send_form(client)

    assert Client().get(reverse("intake:resume", args=[secret])).status_code == 404
    assert Client().get(reverse("intake:resume", args=["wrong"])).status_code == 404


def test_autosave_keeps_unfinished_answers(client: Client) -> None:
    post_step(client, "product")
    post_step(client, "problem")

    response = client.post(reverse("intake:autosave", args=["story"]), {"description": "还没写完"})

    assert response.status_code == 204
    assert "还没写完" in page(client, "story")
    assert "story" not in answers_of(IntakeDraft.objects.get()).settled


def test_autosave_does_not_change_what_would_be_sent(client: Client) -> None:
    fill_form(client)

    client.post(reverse("intake:autosave", args=["story"]), {"description": ""})
    send_form(client)

    assert Case.objects.get().description == STEPS["story"]["description"]


def test_draft_can_be_thrown_away(client: Client) -> None:
    fill_form(client)

    response = client.post(reverse("intake:discard"))

    assert response.url == reverse("start")
    assert not IntakeDraft.objects.exists()
    assert client.get(reverse("intake:begin")).url == reverse("intake:step", args=["product"])


def test_too_many_drafts_from_one_address_are_refused_for_a_while(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "DRAFTS_A_WINDOW", 2)
    for _number in range(2):
        assert post_step(Client(), "product").status_code == 303

    response = post_step(Client(), "product")

    assert response.status_code == 429
    assert IntakeDraft.objects.count() == 2


def test_forged_cookie_begins_anew(client: Client) -> None:
    client.cookies["redress_draft"] = "5a5d0a5e-0000-4000-8000-000000000000:forged"

    assert client.get(reverse("intake:begin")).url == reverse("intake:step", args=["product"])


def test_text_is_cleaned_of_hidden_characters(client: Client) -> None:
    fill_form(
        client,
        contact={"name": "周\u202e小\r\nBcc: x@y.test\x00"},
        story={"description": "第一行\r\n第二行\x00"},
    )
    send_form(client)

    case = Case.objects.get()
    assert case.consumer.name == "周小 Bcc: x@y.test"
    assert case.description == "第一行\n第二行"


def test_pages_of_the_form_are_not_stored(client: Client) -> None:
    response = client.get(reverse("intake:step", args=["product"]))

    assert response.headers["Cache-Control"] == "private, no-store"


def test_unknown_step_is_not_found(client: Client) -> None:
    assert client.get(reverse("intake:step", args=["secret"])).status_code == 404
    assert client.post(reverse("intake:autosave", args=["secret"])).status_code == 404


def test_last_page_tells_when_the_hotline_is_answered(client: Client, settings: Any) -> None:
    settings.COMPANY_HOTLINE_HOURS = "8:30–17:30"
    fill_form(client)
    send_form(client)
    address = reverse("intake:done", args=[Case.objects.get().reference])
    text = client.get(address).content.decode()
    assert "每天 8:30–17:30，紧急情况不分昼夜" in text and "21:00" not in text
