"""The composer of a case's page: nothing typed is lost, and a sent reply can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Message, OutboxMessage, ReplyDraft
from complaints.moments import now, shifted_to
from complaints.services.composing import keep_draft, release_due, send_reply
from complaints.services.conversation import write_message
from complaints.services.outbox import deliver_due, record_bounce
from tests.documents.makers import picture
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_seconds(settings: Any) -> None:
    settings.UNDO_SECONDS = 10


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT, display_name="林晓")
    client.force_login(user)
    return user


def page(client: Client, case: Case, query: str = "") -> HttpResponse:
    return client.get(reverse("desk:case", args=[case.reference]) + query)


def say(client: Client, case: Case, **data: Any) -> HttpResponse:
    return client.post(reverse("desk:say", args=[case.reference]), data)


def autosave(client: Client, case: Case, **data: Any) -> HttpResponse:
    return client.post(reverse("desk:draft", args=[case.reference]), data)


def test_sent_reply_waits_on_the_page_and_undo_brings_it_back(client: Client, agent: User) -> None:
    case = make_case()
    assert say(client, case, kind="reply", text="今天给你答复").status_code == 303
    words = page(client, case).content.decode()
    assert "回复马上发出" in words and "撤回" in words and not Message.objects.exists()
    undo = reverse("desk:undo", args=[case.reference, ReplyDraft.objects.get().pk])
    answer = client.post(undo, follow=True)
    assert "已撤回" in answer.content.decode()
    assert answer.context["composer"]["text"] == "今天给你答复"
    with shifted_to(now() + timedelta(seconds=11)):
        release_due()
        assert "不能再撤回" in client.post(undo, follow=True).content.decode()


def test_waiting_reply_can_be_taken_back_from_the_next_case(client: Client, agent: User) -> None:
    first, second = make_case(), make_case()
    say(client, first, kind="reply", text="好的")
    words = page(client, second).content.decode()
    assert f"{first.reference} 的回复马上发出" in words
    assert reverse("desk:undo", args=[first.reference, ReplyDraft.objects.get().pk]) in words


def test_colleague_sees_a_waiting_reply_and_cannot_undo_it(client: Client, agent: User) -> None:
    case, other = make_case(), staff(Role.AGENT)
    send_reply(case, by=other, text="我来答复")
    shown = page(client, case)
    assert f"{other.person.display_name}的回复马上发出" in shown.content.decode()
    assert shown.context["waiting"][0]["undo"] == ""
    undo = reverse("desk:undo", args=[case.reference, ReplyDraft.objects.get().pk])
    client.post(undo)
    assert ReplyDraft.objects.get().goes_at is not None


def test_draft_comes_back_in_another_browser(client: Client, agent: User) -> None:
    case = make_case()
    answer = autosave(client, case, kind="internal", text="问过供应商", draft_version="internal:0")
    assert answer.json() == {"version": 1}
    autosave(client, case, kind="reply", text="给消费者", draft_version="reply:0")
    browser = Client()
    browser.force_login(agent)
    shown = page(browser, case).context["composer"]
    assert (shown["text"], shown["note"]) == ("给消费者", False)
    assert shown["other"]["text"] == "问过供应商"
    noted = page(browser, case, "?compose=internal").context["composer"]
    assert (noted["text"], noted["note"]) == ("问过供应商", True)
    elsewhere = Client()
    elsewhere.force_login(make_user(Role.AGENT))
    assert page(elsewhere, case).context["composer"]["text"] == ""


def test_older_window_is_told_and_writes_nothing_over(client: Client, agent: User) -> None:
    case = make_case()
    autosave(client, case, kind="reply", text="一", draft_version="reply:0")
    autosave(client, case, kind="reply", text="二", draft_version="reply:1")
    answer = autosave(client, case, kind="reply", text="三", draft_version="reply:1")
    assert answer.status_code == 409 and "另一个窗口" in answer.json()["words"]
    assert ReplyDraft.objects.get().text == "二"


@pytest.mark.parametrize("version", ["reply:" + "9" * 5000, "9" * 5000, "reply:0", "reply:-1", ""])
def test_odd_draft_is_kept_and_told(client: Client, agent: User, version: str) -> None:
    case = make_case()
    data = {"kind": "reply", "text": "好\0的", "nonce": "\0" * 70, "draft_version": version}
    assert autosave(client, case, **data).json() == {"version": 1}
    assert ReplyDraft.objects.get().text == "好的"
    answer = say(client, case, **data)
    assert answer.status_code == 422 and answer.context["composer"]["text"] == "好的"


@pytest.mark.parametrize("text", ["{{没有的}}，你好", "x" * 5001])
def test_refused_reply_is_kept_on_the_page_and_as_a_draft(
    client: Client, agent: User, text: str
) -> None:
    case = make_case()
    file = SimpleUploadedFile("底座.jpg", picture())
    answer = say(client, case, kind="reply", text=text, files=file)
    assert answer.status_code == 422
    assert answer.context["composer"]["text"] == text
    again = page(client, case).context["composer"]
    assert again["text"] == text and [f["name"] for f in again["files"]] == ["底座.jpg"]
    assert not Message.objects.exists()


def test_overtaken_reply_answers_409_and_is_kept(client: Client, agent: User) -> None:
    case = make_case()
    loaded = page(client, case).context["composer"]["loaded"]
    write_message(case, by=staff(Role.AGENT), body="已经答复了")
    answer = say(client, case, kind="reply", text="我的答复", loaded=loaded)
    assert answer.status_code == 409 and "也回复了" in answer.content.decode()
    assert ReplyDraft.objects.get().text == "我的答复"
    fresh = answer.context["composer"]["loaded"]
    assert say(client, case, kind="reply", text="我的答复", loaded=fresh).status_code == 303


def test_file_of_a_draft_is_removed_and_the_words_stay(client: Client, agent: User) -> None:
    case = make_case()
    file = SimpleUploadedFile("底座.jpg", picture())
    say(client, case, kind="reply", text="{{没有的}}", files=file)
    remove = page(client, case).context["composer"]["files"][0]["remove"]
    client.post(remove, {"kind": "reply", "text": "改过的话"})
    shown = page(client, case).context["composer"]
    assert (shown["text"], shown["files"]) == ("改过的话", [])


def test_files_of_a_draft_are_sent_without_words(client: Client, agent: User) -> None:
    case = make_case()
    photo = SimpleUploadedFile("底座.jpg", picture())
    keep_draft(case, by=Actor.staff(agent), kind="message", text="", files=[photo])
    answer = say(client, case, kind="reply", text="", draft_version="reply:1")
    assert answer.status_code == 303
    assert ReplyDraft.objects.get(goes_at__isnull=False).files.count() == 1


@pytest.mark.parametrize("text", ["备注里写的话", "给消费者的话"])
def test_turned_into_a_reply_a_note_takes_no_file_that_was_not_shown(
    client: Client, agent: User, text: str
) -> None:
    case = make_case()
    by, photo = Actor.staff(agent), SimpleUploadedFile("底座.jpg", picture())
    keep_draft(case, by=by, kind="message", text="给消费者的话", files=[photo])
    keep_draft(case, by=by, kind="note", text="备注里写的话")
    shown = page(client, case, "?compose=internal").context["composer"]
    assert shown["version"] == "internal:1"
    assert [file["name"] for file in shown["other"]["files"]] == ["底座.jpg"]
    say(client, case, kind="reply", text=text, draft_version=shown["version"])
    assert ReplyDraft.objects.get(goes_at__isnull=False).files.count() == 0
    draft = ReplyDraft.objects.get(kind="message", goes_at=None)
    assert (draft.text, draft.files.count()) == ("给消费者的话", 1)


# --- Delivery ---
def sent_message(case: Case) -> OutboxMessage:
    write_message(case, by=Actor.staff(make_user(Role.AGENT)), body="已经寄出")
    return OutboxMessage.objects.get(kind="message")


def test_states_of_a_message_are_told_with_their_moments(client: Client, agent: User) -> None:
    case = make_case()
    told = sent_message(case)
    assert "邮件正在发出" in page(client, case).content.decode()
    deliver_due()
    assert "邮件已送达，今天" in page(client, case).content.decode()
    Message.objects.update(read_at=now())
    assert "消费者已读，今天" in page(client, case).content.decode()
    Message.objects.update(read_at=None)
    told.refresh_from_db()
    assert record_bounce(told, status="5.1.1")
    words = page(client, case).content.decode()
    assert "邮件没有送达，今天" in words and "没有这个邮箱地址" in words
