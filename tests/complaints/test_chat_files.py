"""Files in a chat: refused in words, kept once, evidence of the case with an honest ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, Chat, ChatFile, ChatMessage, CustodyEntry, Evidence, Message
from complaints.moments import now, shifted_to
from complaints.services import chat_files
from complaints.services.chat_cases import (
    ChatComplaint,
    empty_old_chats,
    join_by_staff,
    tend_chats,
    turn_into_case,
)
from complaints.services.chat_files import note_look, say_with_files
from complaints.services.chatting import end_chat, keep_contact, start_chat
from complaints.services.intake import ContactData
from complaints.services.vault import prepare_waiting
from complaints.states import Channel
from complaints.vault_states import CustodyKind
from documents.errors import FileRefused
from documents.models import StoredFile
from tests.documents.makers import pdf, picture, quarantined
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
VISITOR = Actor.consumer()
ZHOU = ContactData(name="周小华", phone="13812345678")
SECRET = "s" * 40


@pytest.fixture(autouse=True)
def company() -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)


@pytest.fixture
def chat() -> Chat:
    return start_chat(secret=SECRET, text="水壶盖子合不上", nonce="n" * 20)


def photo(name: str = "盖子.jpg", **kind: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(**kind), content_type="image/jpeg")


def send(chat: Chat, *files: SimpleUploadedFile, by: Actor = VISITOR, text: str = "", n: int = 1):
    return say_with_files(chat, by=by, text=text, nonce=f"{n:020d}", uploads=files)


def test_files_become_evidence_received_when_they_were_sent(chat: Chat) -> None:
    sent_at = now()
    send(chat, photo(gps=True), SimpleUploadedFile("单.pdf", pdf()), text="照片和单据")
    agent = staff(Role.AGENT)
    send(chat, photo("样品.jpg"), by=agent, n=2)
    note_look(ChatFile.objects.order_by("pk")[0], by=agent)
    note_look(ChatFile.objects.order_by("pk")[0], by=agent)
    with shifted_to(now() + timedelta(hours=1)):
        case = turn_into_case(chat, by=agent, given=ChatComplaint(contact=ZHOU))
    rows = list(Evidence.objects.filter(case=case).order_by("pk"))
    assert [each.file.original_name for each in rows] == ["盖子.jpg", "单.pdf", "样品.jpg"]
    assert [each.uploaded_by for each in rows] == [None, None, agent.user]
    assert {each.channel for each in rows} == {Channel.ONLINE_CHAT}
    assert all(each.at - sent_at < timedelta(minutes=5) for each in rows)
    ledger = CustodyEntry.objects.filter(evidence=rows[0]).order_by("sequence")
    assert [entry.kind for entry in ledger] == [CustodyKind.RECEIVED, CustodyKind.VIEWED]
    assert ledger[0].at == rows[0].at and ledger[1].actor == agent.user
    assert all(entry.is_as_written for entry in ledger)
    assert Message.objects.filter(case=case, body="（附件）").count() == 1
    assert prepare_waiting() == 3


def test_a_file_alone_is_said_and_makes_a_case_by_itself(chat: Chat) -> None:
    only = start_chat(secret="t" * 40, text="x", nonce="n" * 20)
    ChatMessage.objects.filter(chat=only).delete()
    send(only, photo())
    with shifted_to(now() + timedelta(hours=2)):
        tend_chats()
    case = Case.objects.get(chats=only)
    assert case.description == "（附件）" and case.evidence.count() == 1


def test_joining_brings_the_files_even_into_a_full_case(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()
    keep_contact(chat, contact=ContactData(name="周", phone=case.consumer.contact["phone"]))
    send(chat, photo())
    monkeypatch.setattr("complaints.services.evidence.MOST_FILES", 0)
    joined = join_by_staff(chat, case, by=staff(Role.AGENT))
    assert joined.evidence.count() == 1


def test_the_same_send_keeps_its_files_once(chat: Chat) -> None:
    for _ in range(2):
        send(chat, photo(), text="一张")
    assert ChatFile.objects.count() == StoredFile.objects.filter(kind="upload").count() == 1


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("病毒.exe", b"MZ\x90\x00" + b"x" * 100),
        SimpleUploadedFile("假.jpg", b"<html>no picture</html>"),
        SimpleUploadedFile("空.jpg", b""),
    ],
)
def test_what_is_no_evidence_is_refused_and_nothing_kept(
    chat: Chat, file: SimpleUploadedFile
) -> None:
    with pytest.raises(FileRefused):
        send(chat, photo(), file, text="两个")
    assert chat.lines.count() == 1 and not StoredFile.objects.exists()


def test_counts_are_bounded_and_the_refusal_keeps_nothing(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_files, "MOST_FILES", 3)
    with pytest.raises(CaseError):
        send(chat, *[photo() for _ in range(6)])
    send(chat, photo(), photo())
    with pytest.raises(CaseError):
        send(chat, photo(), photo(), n=2)
    assert ChatFile.objects.count() == StoredFile.objects.filter(kind="upload").count() == 2


def test_a_chat_that_ended_takes_no_file(chat: Chat) -> None:
    end_chat(chat, by=VISITOR)
    with pytest.raises(CaseError):
        send(chat, photo())
    assert not StoredFile.objects.exists()


def test_files_go_with_the_chat_but_evidence_stays(chat: Chat) -> None:
    other = start_chat(secret=sealing.new_secret(), text="没事了", nonce="n" * 20)
    for each in (chat, other):
        send(each, photo())
    turn_into_case(chat, by=VISITOR, given=ChatComplaint(contact=ZHOU))
    end_chat(other, by=VISITOR)
    with shifted_to(now() + timedelta(days=31)):
        assert empty_old_chats() == 2
    assert not ChatFile.objects.exists()
    assert StoredFile.objects.filter(kind="upload").count() == Evidence.objects.count() == 1


# --- Pages ---------------------------------------------------------------------------------------
def posted(client: Client, address: str, *files: SimpleUploadedFile, text: str = "") -> Any:
    data = {"text": text, "nonce": sealing.new_secret(), "files": list(files)}
    return client.post(address, data)


def test_a_visitor_sends_and_sees_copies_without_place(client: Client, chat: Chat) -> None:
    say = reverse("chat:say", args=[SECRET])
    assert posted(client, say, photo(gps=True)).status_code == 303
    page = client.get(reverse("chat:talk", args=[SECRET])).content.decode()
    file = ChatFile.objects.get()
    address = reverse("chat:file", args=[SECRET, file.pk])
    assert f'src="{address}?small=1"' in page
    shown = client.get(address)
    assert shown["Content-Disposition"].startswith("inline") and b"Exif" not in shown.content
    assert client.get(reverse("chat:file", args=["x" * 40, file.pk])).status_code == 404
    other = start_chat(secret="o" * 40, text="别人的", nonce="n" * 20)
    assert client.get(reverse("chat:file", args=["o" * 40, file.pk])).status_code == 404
    assert other.pk != chat.pk


def test_a_refused_file_is_named_and_the_words_stay(client: Client, chat: Chat) -> None:
    lie = SimpleUploadedFile("假.jpg", b"<html>no picture</html>")
    answer = posted(client, reverse("chat:say", args=[SECRET]), lie, text="先写的话")
    page = answer.content.decode()
    assert answer.status_code == 422 and "假.jpg" in page and "先写的话" in page
    assert chat.lines.count() == 1


def test_staff_look_and_answer_with_files(client: Client, chat: Chat) -> None:
    send(chat, SimpleUploadedFile("单.pdf", pdf()))
    file = ChatFile.objects.get()
    address = reverse("complaints:chat_file", args=[chat.pk, file.pk])
    client.force_login(make_user(Role.FINANCE))
    assert client.get(address).status_code == 403
    agent = make_user(Role.AGENT)
    client.force_login(agent)
    assert client.get(address)["Content-Disposition"].startswith("attachment")
    file.refresh_from_db()
    assert [look["by"] for look in file.looks] == [agent.pk]
    say = reverse("complaints:chat_say", args=[chat.pk])
    assert posted(client, say, photo("样品.jpg")).status_code == 303
    assert "样品.jpg" in client.get(reverse("complaints:chat", args=[chat.pk])).content.decode()


def test_harmful_file_is_handed_to_nobody(client: Client, chat: Chat) -> None:
    send(chat, photo())
    quarantined(ChatFile.objects.get().file)
    file = ChatFile.objects.get()
    assert "已隔离" in client.get(reverse("chat:talk", args=[SECRET])).content.decode()
    assert client.get(reverse("chat:file", args=[SECRET, file.pk])).status_code == 409
