"""Pages of ready texts, macros, colleagues and presence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Macro, Message, Notification, ReplyDraft, ReplyTemplate
from complaints.moments import now, shifted_to
from complaints.phrases import unknown_in
from complaints.selectors.phrases import KNOWN, current_templates
from complaints.selectors.tags import tags_of
from complaints.services.presence import be_present
from complaints.services.tagging import tag_called, tag_case
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT, display_name="林晓")
    client.force_login(user)
    return user


@pytest.fixture
def manager(client: Client) -> User:
    user = make_user(Role.MANAGER, display_name="主管方")
    client.force_login(user)
    return user


def at(name: str, case: Case, *more: Any) -> str:
    return reverse(f"desk:{name}", args=[case.reference, *more])


def draft() -> str:
    return ReplyDraft.objects.get().text


# --- Ready texts in a case ---
def test_chosen_text_goes_below_what_was_typed_with_the_cases_values(
    client: Client, agent: User
) -> None:
    case = make_case(product_text="水壶")
    say = {"kind": "reply", "text": "先说一句", "tool": "phrases"}
    answer = client.post(at("say", case), say)
    assert answer["Location"] == at("phrases", case) and not Message.objects.exists()
    page = client.get(at("phrases", case)).content.decode()
    assert "周小华，你好。我是林晓" in page
    answer = client.post(at("phrases", case), {"phrase": "received"})
    assert answer["Location"].endswith("?compose=reply")
    assert draft().startswith("先说一句\n\n周小华，你好。我是林晓，负责你的投诉")


def test_text_comes_in_the_language_that_is_asked_for(client: Client, agent: User) -> None:
    case = make_case()
    client.post(at("phrases", case) + "?language=en", {"phrase": "received"})
    assert draft().startswith("Dear 周小华, I am 林晓")


def test_what_a_case_lacks_is_marked_and_cannot_be_sent(client: Client, agent: User) -> None:
    case = make_case()
    page = client.get(at("phrases", case)).content.decode()
    assert "<mark>{{补偿金额}}</mark>" in page
    client.post(at("phrases", case), {"phrase": "refund-sent"})
    answer = client.post(at("say", case), {"kind": "reply", "text": draft()})
    assert answer.status_code == 422 and "补偿金额" in answer.context["composer"]["error"]
    assert not Message.objects.exists()


def test_unknown_text_is_not_found(client: Client, agent: User) -> None:
    assert client.post(at("phrases", make_case()), {"phrase": "nope"}).status_code == 404


def test_shipped_texts_use_known_variables_in_both_languages() -> None:
    texts = current_templates()
    assert len(texts) >= 8
    for text in texts:
        assert unknown_in(text.body_zh + text.body_en, KNOWN) == (), text.template.code


# --- Macros in a case ---
def test_macro_is_looked_at_and_then_run(client: Client, agent: User) -> None:
    case = make_case()
    each = Macro.objects.get(name="请补充材料")
    page = client.get(at("macro", case, each.pk))
    assert "林晓" in page.content.decode()
    form = page.context["form"]
    data = {name: form.initial[name] for name in ("nonce", "version", "note")}
    reply = form.initial["reply"].replace("{{订单号}}", "A-1")
    again = client.post(at("macro", case, each.pk), {**data, "reply": form.initial["reply"]})
    assert again.status_code == 422 and "订单号" in again.content.decode()
    answer = client.post(at("macro", case, each.pk), {**data, "reply": reply, "seen": case.version})
    assert (answer.status_code, answer["Location"]) == (303, at("case", case))
    assert Case.objects.get().owner == agent and Message.objects.count() == 2


def test_macro_of_a_changed_case_answers_409_and_keeps_the_words(
    client: Client, agent: User
) -> None:
    case, each = make_case(), Macro.objects.get(name="我来处理，先回一声")
    data = {"reply": "我改过的话", "version": each.version, "seen": case.version + 5}
    answer = client.post(at("macro", case, each.pk), data)
    assert answer.status_code == 409 and "我改过的话" in answer.content.decode()
    assert not Message.objects.exists()


def test_macro_puts_tags_on_and_takes_them_off(client: Client, manager: User) -> None:
    new = reverse("complaints:macro_new")
    data = {"name": "转质检", "position": 1, "add_tags": "质检， QC，qc", "remove_tags": "待看"}
    assert client.post(new, {**data, "remove_tags": "qc"}).status_code == 422
    assert client.post(new, data).status_code == 303
    each = Macro.objects.get(name="转质检")
    assert each.acts == {"add_tags": ["质检", "QC"], "remove_tags": ["待看"]}
    shown = client.get(reverse("complaints:macro_edit", args=[each.pk])).content.decode()
    assert "质检，QC" in shown
    case = make_case()
    tag_case(case, add=[tag_called("待看", by=Actor.staff(manager))], by=Actor.staff(manager))
    page = client.get(at("macro", case, each.pk)).content.decode()
    assert "待看" in page and "质检、QC" in page
    client.post(at("macro", case, each.pk), {"version": each.version})
    assert {tag.name for tag in tags_of(case)} == {"质检", "QC"}


# --- Colleagues ---
def test_colleague_chosen_from_the_list_is_called_in_the_note(client: Client, agent: User) -> None:
    case = make_case()
    wang = make_user(Role.REVIEWER, display_name="王敏")
    client.post(at("say", case), {"kind": "internal", "text": "看看批次", "tool": "mention"})
    client.post(at("mention", case), {"colleague": [str(wang.pk)]})
    assert draft() == "看看批次\n\n@王敏 "
    assert client.post(at("mention", case), {}).status_code == 422
    client.post(at("say", case), {"kind": "internal", "text": draft()})
    assert Notification.objects.get(user=wang).kind == "mentioned"
    client.force_login(wang)
    assert "林晓在内部备注里提到了你" in client.get(reverse("notifications")).content.decode()


def test_two_of_one_name_are_told_apart(client: Client, agent: User) -> None:
    case = make_case()
    for name in ("wang1", "wang2"):
        make_user(Role.AGENT, display_name="王敏", username=name)
    calls = [each["call"] for each in client.get(at("colleagues", case)).json()["colleagues"]]
    assert calls == ["王敏(wang1)", "王敏(wang2)"]


# --- Presence ---
def test_who_else_is_there_is_told_and_forgotten(client: Client, agent: User) -> None:
    case, other = make_case(), make_user(Role.AGENT, display_name="王敏")
    assert client.get(at("presence", case)).content.decode().strip() == ""
    be_present(case, other, doing="looking")
    assert "王敏 也在看" in client.get(at("presence", case)).content.decode()
    be_present(case, other, doing="writing")
    assert "王敏正在回复消费者" in client.get(at("presence", case)).content.decode()
    assert [each.name for each in be_present(case, other, doing="made-up")] == ["林晓"]
    with shifted_to(now() + timedelta(seconds=31)):
        assert client.get(at("presence", case)).content.decode().strip() == ""


def test_presence_is_closed_to_who_may_not_see_the_case(client: Client) -> None:
    client.force_login(make_user(Role.FINANCE))
    case = make_case()
    for name in ("presence", "colleagues", "phrases", "mention"):
        assert client.get(at(name, case)).status_code == 404


# --- Managers ---
def texts(**other: str) -> dict[str, Any]:
    given = {"name_zh": "催一下", "name_en": "Nudge", "position": 5}
    return {**given, "body_zh": "{{称呼}}，请回复", "body_en": "{{name}}, please reply", **other}


def manage(client: Client, code: str, data: dict[str, Any]) -> HttpResponse:
    return client.post(reverse("complaints:phrase", args=[code]), data)


def test_manager_writes_changes_compares_and_retires_a_text(client: Client, manager: User) -> None:
    new = reverse("complaints:phrase_new")
    assert client.post(new, {**texts(), "code": "nudge"}).status_code == 303
    changed = texts(body_zh="{{称呼}}，请今天回复", seen="1")
    assert manage(client, "nudge", changed).status_code == 303
    assert manage(client, "nudge", {**changed, "seen": "2"}).status_code == 303
    template = ReplyTemplate.objects.get(code="nudge")
    assert [v.number for v in template.versions.order_by("number")] == [1, 2]
    page = client.get(reverse("complaints:phrase", args=["nudge"]), {"with": "1"})
    assert "<ins>今天</ins>" in page.content.decode()
    manage(client, "nudge", {"act": "retire"})
    assert "nudge" not in {each.template.code for each in current_templates()}


def test_older_page_overwrites_no_newer_version(client: Client, manager: User) -> None:
    manage(client, "delay", texts(seen="1"))
    answer = manage(client, "delay", texts(body_zh="我的改法", seen="1"))
    assert answer.status_code == 409 and "我的改法" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"body_en": "{{nope}}"}, "没有这个变量：{{nope}}"),
        ({"body_en": " "}, "请填写这一项"),
        ({"code": "A b"}, "代码用小写字母"),
        ({"code": "delay"}, "这个代码已经有了"),
    ],
)
def test_text_that_could_not_be_sent_is_not_saved(
    client: Client, manager: User, wrong: dict[str, str], words: str
) -> None:
    data = {**texts(), "code": "nudge", **wrong}
    answer = client.post(reverse("complaints:phrase_new"), data)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not ReplyTemplate.objects.filter(code="nudge").exists()


def test_preview_saves_nothing_and_shows_a_named_case(client: Client, manager: User) -> None:
    case = make_case()
    data = texts(body_zh="{{称呼}} {{编号}}", act="preview", case=case.reference.lower())
    page = manage(client, "delay", data).content.decode()
    assert f"周小华 {case.reference}" in page
    assert ReplyTemplate.objects.get(code="delay").versions.count() == 1


def test_macro_is_made_changed_and_retired(client: Client, manager: User) -> None:
    new = reverse("complaints:macro_new")
    assert client.post(new, {"name": "转给我", "position": 1}).status_code == 422
    assert client.post(new, {"name": "转给我", "position": 1, "owner": "me"}).status_code == 303
    made = Macro.objects.get(name="转给我")
    edit = reverse("complaints:macro_edit", args=[made.pk])
    data = {"name": "转给我", "position": 1, "owner": "me", "severity": "minor"}
    assert client.post(edit, {**data, "seen": made.version}).status_code == 303
    assert client.post(edit, {**data, "seen": made.version}).status_code == 409
    client.post(edit, {"act": "retire"})
    made.refresh_from_db()
    assert made.acts == {"owner": "me", "severity": "minor"} and made.retired_at is not None


def test_agents_do_not_manage_texts(client: Client, agent: User) -> None:
    for name in ("phrases", "phrase_new", "macro_new"):
        assert client.get(reverse(f"complaints:{name}")).status_code == 403
