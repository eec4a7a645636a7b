"""The consumer's side of the conversation: files with messages, and what counts as read."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Evidence, Message
from complaints.services.conversation import write_message, write_note
from complaints.services.desk import say
from tests.config.consumer import browser_of as opened
from tests.documents.makers import picture
from tests.factories import make_case, staff

pytestmark = pytest.mark.django_db


def test_message_of_ours_is_read_when_the_page_with_it_is_opened() -> None:
    case = make_case()
    write_message(case, by=staff(Role.AGENT), body="已经寄出")
    write_note(case, by=staff(Role.AGENT), body="内部")
    browser = opened(case)
    browser.get(reverse("track:updates", args=[case.reference]))
    assert not Message.objects.filter(read_at__isnull=False).exists()
    browser.get(reverse("track:case", args=[case.reference]))
    first = Message.objects.get(kind="message").read_at
    assert first is not None and Message.objects.get(kind="note").read_at is None
    browser.get(reverse("track:case", args=[case.reference]))
    assert Message.objects.get(kind="message").read_at == first


def test_stranger_reads_nothing() -> None:
    case = make_case()
    write_message(case, by=staff(Role.AGENT), body="已经寄出")
    assert Client().get(reverse("track:case", args=[case.reference])).status_code == 404
    assert Message.objects.get().read_at is None


def test_consumer_sends_a_file_with_the_message_and_sees_it_there() -> None:
    case = make_case()
    browser = opened(case)
    file = SimpleUploadedFile("底座.jpg", picture())
    url = reverse("track:message", args=[case.reference])
    data = {"body": "照片在这里", "nonce": "n"}
    assert browser.post(url, {**data, "files": file}).status_code == 303
    file.seek(0)
    browser.post(url, {**data, "files": file})
    evidence = Evidence.objects.get(case=case)
    assert evidence.uploaded_by_kind == "consumer"
    page = browser.get(reverse("track:case", args=[case.reference]))
    [said] = page.context["chat"]
    assert [each["name"] for each in said["attachments"]] == ["底座.jpg"]


def test_lying_file_is_refused_and_the_words_stay() -> None:
    case = make_case()
    file = SimpleUploadedFile("发票.pdf", b"MZ\x90\x00" + b"\x00" * 200)
    url = reverse("track:message", args=[case.reference])
    answer = opened(case).post(url, {"body": "发票在这里", "files": file})
    assert answer.status_code == 422 and "发票在这里" in answer.content.decode()
    assert not Message.objects.exists() and not Evidence.objects.exists()


def test_our_file_stands_with_our_words() -> None:
    case, agent = make_case(), staff(Role.AGENT)
    say(case, by=agent, body="检测照片", files=[SimpleUploadedFile("检测.jpg", picture())])
    say(case, by=Actor.consumer(), body="收到")
    page = opened(case).get(reverse("track:case", args=[case.reference]))
    ours, theirs = page.context["chat"]
    assert [each["name"] for each in ours["attachments"]] == ["检测.jpg"]
    assert theirs["attachments"] == []
