"""Fetching from a real IMAP server: every mail once, whoever dies on the way."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core import mail as post
from imap_tools import BaseMailBox

from accounts.states import Role
from complaints.models import Case, InboundMail, MailboxState, Message, Notification
from complaints.moments import now, shift_to
from complaints.selectors.inbound import failing_mailbox
from complaints.services import mailbox
from complaints.services.mailbox import poll_mailbox
from complaints.services.outbox import deliver_due
from complaints.services.receiving import handle_waiting
from complaints.states import MailFate
from complaints.tasks import fetch_mail
from tests.complaints.letters import ZHOU, letter, photo
from tests.complaints.mail_servers import PASSWORD, USER, Imap, smtp_door
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Killed(BaseException):
    """Stands for SIGKILL: no handler of errors sees it."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imap]:
    imap = Imap(tmp_path_factory.mktemp("imap"))
    imap.start()
    yield imap
    imap.stop()


@pytest.fixture
def imap(server: Imap, settings) -> Imap:
    settings.IMAP_HOST, settings.IMAP_PORT, settings.IMAP_SECURITY = (
        "127.0.0.1",
        server.port,
        "none",
    )
    settings.IMAP_USER, settings.IMAP_PASSWORD = USER, PASSWORD
    settings.IMAP_FOLDER, settings.IMAP_DONE_FOLDER = "INBOX", "Redress"
    settings.TAKES_REPLIES, settings.MAIL_TAGS = True, True
    with server.opened() as box:
        box.delete(box.uids("ALL"))
        if box.folder.exists("Redress"):
            box.folder.delete("Redress")
    return server


def test_nothing_is_asked_while_no_mailbox_is_set(settings):
    settings.IMAP_HOST = ""
    assert poll_mailbox() == 0
    assert not MailboxState.objects.exists()


def test_mails_are_fetched_decided_on_and_moved(imap: Imap):
    imap.put(letter("第一封", files=[("a.jpg", photo())]), letter("第二封", From="li@example.test"))
    assert fetch_mail() == 2
    assert Case.objects.count() == 2
    assert (imap.count(), imap.count("Redress")) == (0, 2)
    assert fetch_mail() == 0
    assert Case.objects.count() == 2
    assert MailboxState.objects.get().reached_at is not None


def test_a_mail_that_the_server_does_not_give_now_stays_and_is_told(imap: Imap, monkeypatch):
    imap.put(letter("第一封"), letter("第二封", From="li@example.test"))
    real, refused = mailbox._asked, []

    def busy(box: BaseMailBox, uid: str, part: str) -> list[object]:
        if "BODY" in part and not refused:
            refused.append(uid)
            raise mailbox.NotHandedOver("NO")
        return real(box, uid, part)

    monkeypatch.setattr(mailbox, "_asked", busy)
    poll_mailbox()
    assert (imap.count(), imap.count("Redress"), InboundMail.objects.count()) == (1, 1, 1)
    assert MailboxState.objects.get().failing_since is not None
    assert poll_mailbox() == 1
    assert (imap.count(), InboundMail.objects.count()) == (0, 2)
    assert MailboxState.objects.get().failing_since is None


def test_an_answer_that_is_not_ok_is_no_mail(monkeypatch):
    class Refusing:
        def uid(self, *_asked: str) -> tuple[str, list[bytes]]:
            return "NO", [b"[UNAVAILABLE] temporary failure"]

    with pytest.raises(mailbox.NotHandedOver):
        mailbox._asked(SimpleNamespace(client=Refusing()), "7", "(BODY.PEEK[])")


def test_mails_somebody_has_read_are_fetched_too(imap: Imap):
    imap.put(letter())
    with imap.opened() as box:
        box.flag(box.uids("ALL"), ["\\Seen"], True)
    assert fetch_mail() == 1


def test_mails_may_stay_where_they_are(imap: Imap, settings):
    settings.IMAP_DONE_FOLDER = mailbox.STAYS
    imap.put(letter("第一封"))
    assert fetch_mail() == 1
    imap.put(letter("第二封"))
    assert fetch_mail() == 1
    assert (imap.count(), imap.count(which="UNSEEN"), imap.count("Redress")) == (2, 0, 0)


@pytest.mark.parametrize("place", ["_put_away", "store_mail"])
def test_who_dies_on_the_way_loses_nothing_and_repeats_nothing(imap: Imap, monkeypatch, place: str):
    imap.put(letter("第一封"), letter("第二封"))

    def die(*_given: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(mailbox, place, die)
        for _worker in range(3):
            with pytest.raises(Killed):
                poll_mailbox()
    assert imap.count() == 2, "nothing leaves the inbox unless it is stored"
    handle_waiting()
    fetch_mail()
    assert Case.objects.count() == InboundMail.objects.count() == 2
    assert (imap.count(), imap.count("Redress")) == (0, 2)


def test_the_same_mail_delivered_twice_is_one_case(imap: Imap):
    raw = letter()
    imap.put(raw, b"Received: by another way\r\n" + raw)
    assert fetch_mail() == 1
    assert Case.objects.count() == 1
    assert imap.count() == 0


def test_of_a_mail_that_is_too_large_only_the_head_is_fetched(imap: Imap, settings):
    settings.MAIL_MAX_BYTES = 2000
    imap.put(letter("很大", files=[("a.bin", b"\0" * 5000)]))
    assert fetch_mail() == 1
    mail = InboundMail.objects.get()
    assert (mail.fate, mail.reason) == (MailFate.HELD, "too_large")
    assert (mail.content["from"], mail.size < 2000) == (ZHOU, True)
    assert imap.count() == 0


def test_a_mailbox_that_cannot_be_reached_is_told_once_and_forgotten_when_it_can(
    imap: Imap, settings, caplog
):
    manager = make_user(Role.MANAGER)
    settings.IMAP_PASSWORD = "wrong-secret"
    for minutes in (0, 10, 10, 10):
        shift_to(now() + timedelta(minutes=minutes))
        assert poll_mailbox() == 0
    assert Notification.objects.filter(user=manager, kind="mailbox_unreachable").count() == 1
    state = failing_mailbox()
    assert state is not None and state.error == "MailboxLoginError"
    assert "wrong-secret" not in caplog.text
    settings.IMAP_PASSWORD = PASSWORD
    poll_mailbox()
    assert failing_mailbox() is None
    settings.IMAP_PORT = 1
    poll_mailbox()
    assert MailboxState.objects.get().error == "ConnectionRefusedError"


def test_from_the_mailbox_to_the_case_and_back(imap: Imap):
    """A mail in the mailbox, a case, a receipt, an answer to the receipt, a message in the case."""
    imap.put(letter("水壶冒烟。"))
    fetch_mail()
    case = Case.objects.get()
    deliver_due()
    (receipt,) = post.outbox
    answer = EmailMessage()
    answer["From"], answer["To"] = ZHOU, receipt.reply_to[0]
    answer["Subject"] = "Re: 谢谢"
    answer["In-Reply-To"] = receipt.extra_headers["Message-ID"]
    answer["Message-ID"] = "<answer@example.test>"
    answer.set_content(
        f"补充：买了三个月。\n\n在 2026-11-22，安居 <care@anju.example> 写道：\n{receipt.body}"
    )
    imap.put(answer.as_bytes())
    assert fetch_mail() == 1
    assert InboundMail.objects.get(case=case, fate=MailFate.JOINED)
    assert Message.objects.get(case=case).body == "补充：买了三个月。"
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_by_both_doors_is_one_case(imap: Imap, settings):
    raw = letter()
    with smtp_door() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail(ZHOU, [settings.MAIL_ADDRESS], raw)
    imap.put(raw)
    assert fetch_mail() == 0
    assert Case.objects.count() == 1
