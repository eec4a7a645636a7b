"""The start page, pages that inform, the theme, and pages of errors."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from config.views import pages
from tests.complaints.intake_steps import post_step

pytestmark = pytest.mark.django_db


def test_start_page_has_both_ways_in_and_what_is_promised(client: Client) -> None:
    text = client.get("/").content.decode()

    assert reverse("intake:begin") in text and "开始填写" in text
    assert reverse("track_lookup") in text
    for words in ("24 小时", "2 小时", "12315", "120", "119", "复议", "第三方调解"):
        assert words in text


def test_start_page_offers_to_go_on_with_a_draft(client: Client) -> None:
    post_step(client, "product")

    assert "接着填写" in client.get("/").content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "start",
        "page_privacy",
        "page_process",
        "page_standards",
        "page_rights",
        "page_performance",
        "page_accessibility",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_answer_in_both_languages_and_touch_no_session(
    client: Client, name: str, language: str
) -> None:
    client.post(reverse("set_language"), {"language": language, "next": "/"})

    response = client.get(reverse(name))

    assert response.status_code == 200
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in response.content.decode()
    assert not response.wsgi_request.session.accessed


def test_process_page_gives_the_times_of_the_policies(client: Client) -> None:
    text = client.get(reverse("page_process")).content.decode()

    assert "2 小时，不分昼夜" in text and "24 小时，不分昼夜" in text and "5 个工作日" in text


def test_theme_is_remembered_and_leads_back_only_to_this_site(client: Client) -> None:
    response = client.post(reverse("set_theme"), {"theme": "dark", "next": "/track/"})
    assert response.url == "/track/"
    assert 'data-theme="dark"' in client.get("/").content.decode()

    away = client.post(reverse("set_theme"), {"theme": "auto", "next": "https://evil.example/"})

    assert away.url == "/"
    assert "data-theme" not in client.get("/").content.decode()


def test_missing_page_offers_the_look_up(client: Client) -> None:
    response = client.get("/my/RD-2026-123456/")

    assert response.status_code == 404
    assert reverse("track_lookup") in response.content.decode()
    assert "RD-2026-123456" not in response.content.decode().split("<main")[1]


def test_missing_page_of_the_desk_leads_back_to_it(client: Client) -> None:
    response = client.get("/desk/nowhere/at/all/")

    assert response.status_code == 404
    assert 'href="/desk/"' in response.content.decode()


def test_forged_form_is_explained() -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post(reverse("intake:step", args=["product"]), {"product_text": "x"})

    assert response.status_code == 403
    assert "Cookie" in response.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [
        (pages.forbidden, 403, "这一步现在不能做"),
        (pages.bad_request, 400, "没有看懂这个请求"),
    ],
)
def test_pages_of_errors_are_readable(view: Any, status: int, words: str) -> None:
    request = RequestFactory().get("/my/x/")

    response = view(request, None)

    assert response.status_code == status and words in response.content.decode()


@pytest.mark.django_db(databases=[])
def test_page_of_our_own_fault_asks_nothing_of_the_database() -> None:
    response = pages.server_error(RequestFactory().get("/"))

    assert response.status_code == 500
    assert "我们这边出了问题" in response.content.decode()
