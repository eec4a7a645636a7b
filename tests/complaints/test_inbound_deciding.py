"""What becomes of a mail: a case, a message, a person's decision, or nothing; and never twice."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail as post
from django.db import connection
from django.utils import timezone

from accounts.states import Role
from complaints.actors import Actor
from complaints.mail_names import message_id, reply_address
from complaints.models import (
    Case,
    CaseEvent,
    Evidence,
    InboundMail,
    IntakeDraft,
    Message,
    Notification,
    OutboxMessage,
)
from complaints.moments import now, shift_to
from complaints.services import receiving
from complaints.services.held_mail import make_case_of
from complaints.services.outbox import deliver_due
from complaints.services.purging import MAILS_KEPT, purge
from complaints.services.receiving import handle_waiting, store_mail
from complaints.services.triage import assign, withdraw
from complaints.states import (
    Channel,
    ClockKind,
    MailDoor,
    MailFate,
    MessageKind,
    OutboxStatus,
    Stage,
)
from documents import filetypes
from tests.complaints.letters import STORY, US, ZHOU, bounce, letter, photo
from tests.factories import ContactData, make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def takes_mail(settings) -> None:
    settings.SMTP_LISTEN, settings.TAKES_REPLIES, settings.MAIL_TAGS = "x:1", True, True
    settings.MAIL_ADDRESS = US


def arrives(raw: bytes) -> InboundMail:
    mail, _new = store_mail(raw, door=MailDoor.SMTP)
    handle_waiting()
    mail.refresh_from_db()
    return mail


def fate(raw: bytes) -> tuple[str, str]:
    mail = arrives(raw)
    return mail.fate, mail.reason


def test_a_mail_becomes_a_case_and_its_sender_gets_the_receipt():
    raw = letter(files=[("照片.jpg", photo()), ("说明.txt", "底座发黑".encode())])
    mail = arrives(raw)
    case = Case.objects.get()
    assert (mail.fate, mail.case) == (MailFate.CASE, case)
    assert (case.channel, case.title, case.description) == (Channel.EMAIL, "水壶冒烟", STORY)
    assert (case.consumer.name, case.consumer.email) == ("周小华", ZHOU)
    assert case.language == "zh-hans"
    names = set(Evidence.objects.filter(case=case).values_list("file__original_name", flat=True))
    assert names == {"照片.jpg", "说明.txt"}
    assert not IntakeDraft.objects.exists()
    deliver_due()
    (receipt,) = post.outbox
    assert receipt.to == [ZHOU]
    assert case.reference in receipt.subject
    assert "/t/" in receipt.body
    assert receipt.reply_to == [reply_address(case)]


def test_an_english_mail_is_answered_in_english():
    arrives(letter("My kettle smokes.", Subject="Kettle", From=f"Zhou <{ZHOU}>"))
    assert Case.objects.get().consumer.language == "en"
    deliver_due()
    assert "complaint" in post.outbox[0].subject.lower()


def test_the_same_mail_is_one_case_however_often_and_whichever_way():
    raw = letter()
    for copy in (raw, raw, b"Received: by mx\n" + raw, raw.replace(b"\n", b"\r\n")):
        store_mail(copy, door=MailDoor.IMAP)
        handle_waiting()
    assert Case.objects.count() == InboundMail.objects.count() == 1


class Killed(BaseException):
    """Stands for SIGKILL: no handler of errors sees it."""


@pytest.mark.parametrize("place", ["open_case", "settle", "_tell_managers"])
def test_who_dies_while_deciding_does_nothing_by_halves(monkeypatch, place: str):
    raw = letter() if place != "_tell_managers" else letter("", From=ZHOU)
    mail, _new = store_mail(raw, door=MailDoor.SMTP)

    def die(*_given: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(receiving, place, die)
        with pytest.raises(Killed):
            handle_waiting()
    assert not Case.objects.exists()
    assert handle_waiting() == 0, "another worker may still be at it"
    shift_to(now() + receiving.LEASE * 3)
    assert handle_waiting() == 1
    mail.refresh_from_db()
    assert mail.fate == (MailFate.CASE if place != "_tell_managers" else MailFate.HELD)
    assert Case.objects.count() == (1 if place != "_tell_managers" else 0)


def test_a_mail_that_always_breaks_is_held_and_holds_up_nobody(monkeypatch, caplog):
    true = receiving.open_case

    def trip(mail, parsed, **named):
        if parsed.subject == "坏":
            raise ZeroDivisionError
        return true(mail, parsed, **named)

    monkeypatch.setattr(receiving, "open_case", trip)
    bad, _new = store_mail(letter(Subject="坏"), door=MailDoor.SMTP)
    store_mail(letter(), door=MailDoor.SMTP)
    assert handle_waiting() == 1
    for _round in range(receiving.MOST_ATTEMPTS + 1):
        shift_to(now() + timedelta(hours=1))
        handle_waiting()
    bad.refresh_from_db()
    assert (bad.fate, bad.reason) == (MailFate.HELD, "error")
    assert Case.objects.count() == 1


# --- Threads -------------------------------------------------------------------------------------
def receipt_of(case: Case) -> str:
    return message_id(OutboxMessage.objects.get(case=case, kind="received"))


@pytest.mark.parametrize("way", ["tag", "answer", "older", "subject"])
def test_a_reply_joins_its_case(way: str):
    case = make_case()
    heads = {
        "tag": {"To": reply_address(case), "Subject": "好"},
        "answer": {"In_Reply_To": receipt_of(case), "Subject": "好"},
        "older": {
            "References": f"{receipt_of(case)} <x@y>",
            "In_Reply_To": "<z@y>",
            "Subject": "好",
        },
        "subject": {"Subject": f"回复：收到你的投诉，编号 {case.reference}"},
    }[way]
    text = f'补一张照片。\n\n在 2026-11-22 10:00:00，"安居" <{US}> 写道：\n你好'
    mail = arrives(letter(text, files=[("a.jpg", photo())], **heads))
    assert (mail.fate, mail.case) == (MailFate.JOINED, case)
    message = Message.objects.get(case=case)
    assert (message.body, message.channel) == ("补一张照片。", Channel.EMAIL)
    assert message.author_kind == "consumer"
    assert Evidence.objects.filter(case=case, for_consumer=True).count() == 1
    assert Case.objects.count() == 1


@pytest.mark.parametrize("way", ["tag", "answer", "subject"])
def test_a_strangers_mail_never_enters_the_case(way: str):
    case = make_case()
    heads = {
        "tag": {"To": reply_address(case)},
        "answer": {"In_Reply_To": receipt_of(case)},
        "subject": {"Subject": f"Re: {case.reference}"},
    }[way]
    manager = make_user(Role.MANAGER)
    mail = arrives(letter(From="mallory@evil.example", files=[("a.jpg", photo())], **heads))
    assert (mail.fate, mail.reason, mail.case) == (MailFate.HELD, "other_sender", case)
    assert not Message.objects.exists() and not Evidence.objects.exists()
    assert CaseEvent.objects.filter(case=case).count() == 1
    assert Notification.objects.get(user=manager).kind == "mail_held"
    deliver_due()
    assert [each.to for each in post.outbox] == [[ZHOU]], "the stranger gets no answer"


def test_made_up_marks_and_ids_lead_nowhere():
    case = make_case()
    forged_tag = f"care+{case.reference.lower()}.{'0' * 16}@anju.example"
    forged_id = receipt_of(case).replace(".", ".x", 1)
    mail = arrives(letter(To=forged_tag, In_Reply_To=forged_id, From="new@example.test"))
    assert mail.fate == MailFate.CASE
    assert mail.case != case


def test_of_two_cases_the_one_of_the_sender_is_joined():
    other = make_case(contact=ContactData(name="李", email="li@example.test"))
    mine = make_case()
    mail = arrives(letter(Subject=f"{other.reference} 和 {mine.reference}"))
    assert mail.case == mine


def test_the_owner_is_told_and_an_ended_case_keeps_its_end():
    owner = make_user(Role.AGENT)
    case = assign(make_case(), owner=owner, by=staff(Role.MANAGER))
    case = withdraw(case, by=Actor.consumer(), reason="解决了")
    Notification.objects.all().delete()
    assert arrives(letter(Subject=case.reference)).fate == MailFate.JOINED
    case.refresh_from_db()
    assert case.stage == Stage.WITHDRAWN
    assert Notification.objects.get(kind="consumer_wrote").user == owner


def test_an_ended_case_without_owner_tells_its_manager():
    manager = make_user(Role.MANAGER)
    make_team(manager=manager, is_default=True)
    case = withdraw(make_case(), by=Actor.consumer(), reason="解决了")
    arrives(letter(Subject=case.reference))
    assert Notification.objects.get(kind="consumer_wrote").user == manager


# --- Machines ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("heads", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "auto_submitted"),
        ({"Precedence": "auto_reply"}, "bulk"),
        ({"X_Auto_Response_Suppress": "All"}, "wants_no_answer"),
        ({"From": US}, "loop"),
        ({"From": "care+x@anju.example"}, "loop"),
    ],
)
def test_machines_make_no_case_and_get_no_answer(heads: dict[str, str], reason: str):
    case = make_case()
    deliver_due()
    post.outbox.clear()
    assert fate(letter(In_Reply_To=receipt_of(case), **heads)) == (MailFate.IGNORED, reason)
    deliver_due()
    assert (post.outbox, Message.objects.count(), Case.objects.count()) == ([], 0, 1)


def test_what_only_sounds_like_a_machine_waits_for_a_person():
    assert fate(letter(Subject="自动回复：我在休假")) == (MailFate.HELD, "absence")
    deliver_due()
    assert (post.outbox, Case.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    "subject",
    [
        "Undelivered washing machine - it caught fire when it finally came",
        "On vacation my heater gave my child an electric shock",
        "外出自动门夹伤了孩子",
    ],
)
def test_complaints_that_begin_like_a_machines_words_are_cases(subject: str):
    assert fate(letter(Subject=subject))[0] == MailFate.CASE


@pytest.mark.parametrize(
    "sender",
    [
        f"=?utf-8?q?{ZHOU.replace('@', '=40')}?= <attacker@evil.test>",
        f"=?utf-8?q?{ZHOU.replace('@', '=40')}=2C?= <attacker@evil.test>",
        f"=?utf-8?q?=3C{ZHOU.replace('@', '=40')}=3E?= <attacker@evil.test>",
        f"{ZHOU} <attacker@evil.test>",
        f'"{ZHOU}" <attacker@evil.test>',
        f"<{ZHOU}> <attacker@evil.test>",
        f"attacker@evil.test, {ZHOU}",
        f"{ZHOU}, attacker@evil.test",
        f"attacker@evil.test\nFrom: {ZHOU}",
    ],
)
def test_a_name_dressed_up_as_an_address_opens_no_case(sender: str):
    """D1: what the sender's domain vouches for is the address alone, never the name before it."""
    case = make_case(contact=ContactData(name="周小华", email=ZHOU))
    raw = letter(Subject=f"Re: {case.reference}", From=None)
    mail = f"Authentication-Results: {US.partition('@')[2]}; dmarc=pass\nFrom: {sender}\n".encode()
    assert fate(mail + raw) in [(MailFate.HELD, why) for why in ("other_sender", "no_sender")]
    assert not Message.objects.filter(case=case).exists()


def test_a_case_of_held_mail_counts_from_when_the_mail_came():
    mail, _new = store_mail(letter(X_Spam_Flag="YES"), door=MailDoor.SMTP)
    handle_waiting()
    shift_to(now() + timedelta(days=3))
    case = make_case_of(InboundMail.objects.get(pk=mail.pk), by=staff(Role.AGENT))
    clock = case.clocks.get(kind=ClockKind.ACKNOWLEDGEMENT)
    assert case.received_at == mail.received_at
    assert clock.due_at == mail.received_at + timedelta(hours=24)
    assert case.next_due_at < now()


def test_refused_files_are_told_in_the_senders_language():
    arrives(letter("My kettle smells.", Subject="Kettle", files=[("a.exe", b"MZ" + b"x" * 3000)]))
    deliver_due()
    told = next(mail.body for mail in post.outbox if "a.exe" in mail.body)
    assert not re.search("[\u4e00-\u9fff]", told.partition("a.exe")[2].partition("\n")[0])


def test_our_own_mail_that_comes_back_is_a_loop():
    make_case()
    deliver_due()
    ours = post.outbox[0].message().as_bytes()
    changed = ours.replace(b"Auto-Submitted: auto-generated\n", b"").replace(
        b"X-Auto-Response-Suppress: All\n", b""
    )
    changed = changed.replace(b"From: care@", b"From: forwarder@")
    assert fate(changed) == (MailFate.IGNORED, "loop")
    assert fate(b"Received: x\n" * 60 + letter()) == (MailFate.IGNORED, "loop")


def test_two_answering_machines_come_to_rest():
    """One that marks nothing and answers everything, at once, for ever: few cases, few mails."""
    arrives(letter("我在休假", Subject="我不在"))
    sent = 0
    for _round in range(40):
        deliver_due()
        fresh = post.outbox[sent:]
        sent = len(post.outbox)
        for each in fresh:
            arrives(letter("我在休假", Subject="我不在", From=ZHOU, To=each.reply_to[0]))
    assert Case.objects.count() == 1
    assert len(post.outbox) == 1


def test_a_sender_of_many_new_mails_is_held():
    fates = [fate(letter(f"第 {number} 封"))[0] for number in range(8)]
    assert fates == [MailFate.CASE] * 5 + [MailFate.HELD] * 3
    assert fate(letter("别人", From="li@example.test"))[0] == MailFate.CASE
    shift_to(now() + timedelta(hours=2))
    assert fate(letter("后来"))[0] == MailFate.CASE


def test_a_bounce_marks_the_notice_and_tells_staff(settings):
    agent = make_user(Role.AGENT)
    case = assign(make_case(), owner=agent, by=staff(Role.MANAGER))
    deliver_due()
    notice = OutboxMessage.objects.get(case=case, kind="received")
    assert notice.status == OutboxStatus.SENT
    mail = arrives(bounce(message_id(notice)))
    assert (mail.fate, mail.reason, mail.case) == (MailFate.IGNORED, "bounce", case)
    notice.refresh_from_db()
    assert (notice.status, notice.last_error) == (OutboxStatus.DEAD, "bounced_5.1.1")
    assert CaseEvent.objects.filter(case=case, kind="notice_dead").count() == 1
    assert Notification.objects.filter(user=agent, kind="notice_dead").count() == 1
    arrives(bounce(message_id(notice)))
    assert CaseEvent.objects.filter(case=case, kind="notice_dead").count() == 1


def test_reports_of_delay_and_of_strangers_mails_change_nothing():
    case = make_case()
    deliver_due()
    notice = OutboxMessage.objects.get(case=case)
    assert fate(bounce(message_id(notice), action="delayed")) == (MailFate.IGNORED, "report")
    guessed = f"<received.{case.pk}.{'0' * 16}@anju.example>"
    assert fate(bounce(guessed)) == (MailFate.IGNORED, "bounce_unknown")
    notice.refresh_from_db()
    assert notice.status == OutboxStatus.SENT


# --- Bad input -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\x00\xff\xfe", (MailFate.HELD, "no_sender")),
        (b"From: nobody\n\nhello", (MailFate.HELD, "no_sender")),
        (b"From: a@b.cn\n\n", (MailFate.HELD, "empty")),
        ("From: a@b.cn\n\n\u200b\u200b \u202e\n".encode(), (MailFate.HELD, "empty")),
        (b"X-Spam-Flag: YES\nFrom: a@b.cn\n\nbuy", (MailFate.HELD, "spam")),
    ],
)
def test_what_cannot_be_a_complaint_is_held(raw: bytes, expected: tuple[str, str]):
    assert fate(raw) == expected
    assert not OutboxMessage.objects.filter(recipient="consumer").exists()


def test_a_megabyte_of_text_is_a_short_case_with_the_whole_as_a_file():
    text = "水壶冒烟。" * 70_000
    mail = arrives(letter(text))
    assert mail.fate == MailFate.CASE
    case = Case.objects.get()
    assert len(case.description) <= 5000
    (file,) = Evidence.objects.filter(case=case)
    assert file.file.size == len(text.encode())
    reply = arrives(letter(text, Subject=case.reference))
    assert reply.fate == MailFate.JOINED
    assert len(Message.objects.get().body) <= 5000


def test_hidden_characters_do_not_reach_the_case():
    arrives(
        letter("水\u200b壶\u202e坏了\x07", Subject="冒\u2066烟\u0000", From=f"周\u202e <{ZHOU}>")
    )
    case = Case.objects.get()
    assert (case.description, case.title, case.consumer.name) == ("水壶坏了", "冒烟", "周")


def test_files_that_are_not_taken_are_told_to_the_sender_and_the_case_is_made():
    files = [
        ("空.jpg", b""),
        ("病毒.exe", b"MZ" + b"\0" * 100),
        ("假的.jpg", b"<html><script>alert(1)</script></html>"),
        ("好的.jpg", photo()),
        ("好的 2.jpg", photo()),
    ]
    assert arrives(letter(files=files)).fate == MailFate.CASE
    case = Case.objects.get()
    assert [each.file.original_name for each in Evidence.objects.all()] == ["好的.jpg"]
    event = CaseEvent.objects.get(case=case, kind="mail_files_refused")
    assert event.data == {"count": 3}
    deliver_due()
    told = next(each for each in post.outbox if "附件" in each.subject)
    assert all(name in told.body for name in ("空.jpg", "病毒.exe", "假的.jpg"))
    assert not OutboxMessage.objects.get(kind="files_refused").sealed


def test_an_oversized_file_is_refused_and_told(monkeypatch):
    monkeypatch.setitem(filetypes.FAMILY_LIMITS, filetypes.PHOTO, 64 * 1024)
    big = photo() + b"\0" * (65 * 1024)
    assert arrives(letter(files=[("大.jpg", big)])).fate == MailFate.CASE
    assert not Evidence.objects.exists()
    assert OutboxMessage.objects.filter(kind="files_refused").count() == 1


def test_the_same_message_id_with_other_words_is_held():
    arrives(letter("第一封", Message_ID="<same@example.test>"))
    assert fate(letter("第二封", Message_ID="<same@example.test>")) == (
        MailFate.HELD,
        "repeated_id",
    )
    other = letter("第三封", Message_ID="<same@example.test>", From="li@example.test")
    assert fate(other)[0] == MailFate.CASE


def test_mail_whose_domain_disowns_it_is_held_when_our_server_says_so(settings):
    case = make_case()
    head = "mx.anju.example; dkim=none; dmarc=fail (p=none)"
    raw = letter(Subject=case.reference, Authentication_Results=head)
    settings.MAIL_AUTHSERV = "mx.anju.example"
    assert fate(raw) == (MailFate.HELD, "forged")
    elsewhere = head.replace("mx.anju", "mx.evil")
    assert fate(letter(Subject=case.reference, Authentication_Results=elsewhere))[0] == "joined"


# --- What is kept --------------------------------------------------------------------------------
def test_nothing_personal_stands_in_clear_in_the_rows():
    arrives(letter(From="mallory@evil.example", Subject="Re: RD-2026-000001 冒烟"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM complaints_inboundmail")
        row = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert "mallory" not in row and "冒烟" not in row and "周" not in row


def test_content_is_thrown_away_after_thirty_days_but_for_what_waits():
    done, held = arrives(letter()), arrives(letter("", From=ZHOU))
    assert (done.fate, held.fate) == (MailFate.CASE, MailFate.HELD)
    shift_to(now() + MAILS_KEPT + timedelta(days=1))
    purge()
    done.refresh_from_db()
    held.refresh_from_db()
    assert (done.raw, done.content, done.sender_index) == (b"", {}, "")
    assert held.content["from"] == ZHOU
    store_mail(letter(), door=MailDoor.SMTP)
    assert Message.objects.filter(kind=MessageKind.NOTE).count() == 0
    assert timezone.is_aware(done.received_at)
