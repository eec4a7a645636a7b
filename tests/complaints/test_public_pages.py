"""Public pages: written in both languages, published as versions that stay, read by everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.models import PublicPageVersion
from complaints.selectors.public_pages import draft_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user = make_user(Role.MANAGER, display_name="主管方")
    client.force_login(user)
    return user


def typed(seen: int = 0, **other: str) -> dict[str, Any]:
    return {
        "title_zh": "赔偿标准",
        "title_en": "Compensation",
        "lead_zh": "导语",
        "lead_en": "Lead",
        "count": 1,
        "seen": seen,
        "s0-heading_zh": "总则",
        "s0-heading_en": "General",
        "s0-body_zh": "赔得**更快**",
        "s0-body_en": "Paid **faster**",
        **other,
    }


def save(client: Client, data: dict[str, Any]) -> HttpResponse:
    return client.post(reverse("complaints:public_page_edit", args=["standards"]), data)


def publish(client: Client, **data: Any) -> HttpResponse:
    return client.post(reverse("complaints:public_page_publish", args=["standards"]), data)


def public(query: str = "") -> str:
    return Client().get(reverse("page_standards") + query).content.decode()


def test_draft_is_seen_by_nobody_until_it_is_published(client: Client, manager: User) -> None:
    assert save(client, typed()).status_code == 303
    assert "更快" not in public()
    shown = client.get(reverse("complaints:public_page", args=["standards"])).content.decode()
    assert "<strong>更快</strong>" in shown and "<ins>" in shown
    assert publish(client, seen=1, reason="说得更清楚").status_code == 303
    page = public()
    assert "<strong>更快</strong>" in page and "第 2 版" in page and "说得更清楚" in page
    version = PublicPageVersion.objects.get(page="standards", number=2)
    assert version.published_by == manager and draft_of("standards") is None


def test_earlier_version_stays_and_says_that_it_is_one(client: Client, manager: User) -> None:
    save(client, typed())
    publish(client, seen=1, reason="新")
    assert "第五十五条" in public("?version=1") and "现在不再适用" in public("?version=1")
    assert Client().get(reverse("page_standards") + "?version=9").status_code == 404


def test_half_a_translation_is_kept_and_not_published(client: Client, manager: User) -> None:
    save(client, typed(**{"s0-body_en": ""}))
    answer = publish(client, seen=1, reason="新")
    assert answer.status_code == 422 and "中文和英文都写全" in answer.content.decode()
    assert draft_of("standards") is not None and "更快" not in public()


def test_publishing_needs_a_reason(client: Client, manager: User) -> None:
    save(client, typed())
    assert publish(client, seen=1, reason=" ").status_code == 422


def test_two_who_write_do_not_overwrite_each_other(client: Client, manager: User) -> None:
    save(client, typed())
    save(client, typed(seen=1, **{"s0-heading_zh": "第二稿"}))
    answer = save(client, typed(seen=1, **{"s0-heading_zh": "我的稿"}))
    assert answer.status_code == 409 and "我的稿" in answer.content.decode()
    draft = draft_of("standards")
    assert draft is not None and draft.sections[0]["heading_zh"] == "第二稿"
    assert publish(client, seen=1, reason="新").status_code == 409
    assert publish(client, seen=2, reason="新").status_code == 303
    assert save(client, typed(seen=2)).status_code == 409


def test_bad_link_is_refused_at_its_field(client: Client, manager: User) -> None:
    answer = save(client, typed(**{"s0-body_en": "[x](javascript:alert(1))"}))
    assert answer.status_code == 422 and "s0-body_en" in answer.context["form"].errors


def test_sections_are_added_and_emptied_ones_go(client: Client, manager: User) -> None:
    answer = save(client, typed(act="more"))
    edit = client.get(answer["Location"])
    assert edit.context["count"] == 2
    second = {"s1-heading_zh": "二", "s1-heading_en": "2", "s1-body_zh": "乙", "s1-body_en": "b"}
    save(client, typed(seen=1, count="2", **second))
    save(
        client,
        typed(seen=2, count="2", **{key: "" for key in typed() if key[:2] == "s0"}, **second),
    )
    draft = draft_of("standards")
    assert draft is not None and [each["heading_zh"] for each in draft.sections] == ["二"]


def test_thrown_away_draft_is_gone(client: Client, manager: User) -> None:
    save(client, typed())
    publish(client, seen=1, act="drop")
    assert draft_of("standards") is None


def test_others_may_not_write(client: Client) -> None:
    client.force_login(make_user(Role.AGENT))
    for name in ("public_page", "public_page_edit"):
        assert client.get(reverse(f"complaints:{name}", args=["rights"])).status_code == 403
    assert save(client, typed()).status_code == 403


@pytest.mark.parametrize("name", ["process", "standards", "rights"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_shipped_pages_are_whole_in_both_languages(name: str, language: str) -> None:
    client = Client()
    client.post(reverse("set_language"), {"language": language, "next": "/"})
    page = client.get(reverse(f"page_{name}"))
    assert all(section.heading and section.blocks for section in page.context["text"].sections)
    assert "12315" in page.content.decode()
