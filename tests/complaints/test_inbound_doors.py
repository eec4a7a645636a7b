"""Mail by SMTP, by HTTP and by a pipe: taken only for us, only once it is stored."""

from __future__ import annotations

import io
import json
import smtplib
import sys
from email import message_from_bytes
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError

from complaints.management import smtp as door
from complaints.models import Case, InboundMail
from complaints.moments import now
from complaints.notifications.webhooks import signature
from complaints.services.receiving import handle_waiting
from complaints.states import MailDoor, MailFate
from tests.complaints.letters import STORY, US, ZHOU, letter, photo
from tests.complaints.mail_servers import smtp_door

TOKEN = "t" * 40


# --- SMTP ----------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_mail_sent_by_smtp_becomes_a_case():
    raw = letter(files=[("照片.jpg", photo())])
    with smtp_door() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        assert smtp.send_message(message_from_bytes(raw), ZHOU, [US]) == {}
    assert handle_waiting() == 1
    case = Case.objects.get()
    assert (case.description, case.consumer.email) == (STORY, ZHOU)
    assert case.evidence.count() == 1
    assert InboundMail.objects.get().door == MailDoor.SMTP


@pytest.mark.django_db(transaction=True)
def test_the_envelope_tells_bounces_and_marks(settings):
    with smtp_door() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.sendmail("", [US], letter("退信"))
        smtp.sendmail(ZHOU, ["care+abc.def@anju.example"], letter("有标记", To="undisclosed:;"))
    handle_waiting()
    bounced, marked = InboundMail.objects.order_by("pk")
    assert (bounced.fate, bounced.reason) == (MailFate.IGNORED, "no_return_path")
    assert b"Delivered-To: care+abc.def@anju.example" in marked.raw


@pytest.mark.django_db(transaction=True)
def test_smtp_relays_nothing_and_takes_nothing_too_large(settings):
    settings.MAIL_MAX_BYTES = 5000
    with smtp_door() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            smtp.sendmail(ZHOU, ["li@elsewhere.example"], letter())
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            smtp.sendmail(ZHOU, ["caretaker@anju.example"], letter())
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            smtp.sendmail(ZHOU, [US], letter("x" * 9000))
    assert refused.value.smtp_code == 552
    assert not InboundMail.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_smtp_says_later_while_the_database_is_away(monkeypatch):
    def away(*_given: object, **_named: object) -> None:
        raise OperationalError("password in here")

    with smtp_door() as port, smtplib.SMTP("127.0.0.1", port) as smtp:
        monkeypatch.setattr(door, "take_mail", away)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            smtp.sendmail(ZHOU, [US], letter())
        assert refused.value.smtp_code == 451
        assert b"password" not in refused.value.smtp_error
        monkeypatch.undo()
        smtp.sendmail(ZHOU, [US], letter())
    assert InboundMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_smtp_bears_nonsense():
    with smtp_door() as port:
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.putcmd("\x00\x01 nonsense")
            assert smtp.getreply()[0] == 500
            smtp.ehlo()
            smtp.sendmail(ZHOU, [US], b"\x80\x81 no head at all")
        broken = smtplib.SMTP("127.0.0.1", port)
        broken.ehlo()
        broken.mail(ZHOU)
        broken.rcpt(US)
        broken.docmd("DATA")
        broken.sock.close()
        broken.file.close()
        with smtplib.SMTP("127.0.0.1", port) as smtp:
            smtp.sendmail(ZHOU, [US], letter())
    assert InboundMail.objects.count() == 2


# --- HTTP ----------------------------------------------------------------------------------------
def hand_in(client, raw: bytes, *, token: str = TOKEN, at: int | None = None, body=None):
    moment = int(now().timestamp()) if at is None else at
    heads = {
        "Redress-Timestamp": str(moment),
        "Redress-Signature": signature(token, timestamp=moment, body=raw),
    }
    return client.post(
        "/mail/in/", body if body is not None else raw, content_type="message/rfc822", headers=heads
    )


@pytest.fixture
def http(settings) -> None:
    settings.MAIL_TOKEN = TOKEN


@pytest.mark.django_db
def test_a_signed_mail_is_taken_once(client, http):
    raw = letter(files=[("照片.jpg", photo())])
    first, again = hand_in(client, raw), hand_in(client, raw)
    assert (first.status_code, json.loads(first.content)) == (202, {"taken": True, "new": True})
    assert (again.status_code, json.loads(again.content)) == (200, {"taken": True, "new": False})
    handle_waiting()
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_a_mail_larger_than_any_form_is_taken(client, http):
    assert hand_in(client, letter(files=[("a.bin", b"\0" * 6_000_000)])).status_code == 202


@pytest.mark.django_db
def test_unsigned_old_empty_and_large_mails_are_refused(client, http, settings):
    raw, moment = letter(), int(now().timestamp())
    assert client.post("/mail/in/", raw, content_type="message/rfc822").status_code == 401
    assert hand_in(client, raw, token="x" * 40).status_code == 401
    assert hand_in(client, raw, body=raw + b"!").status_code == 401
    assert hand_in(client, raw, at=moment - 400).status_code == 401
    assert hand_in(client, raw, at=10**20).status_code == 401
    assert hand_in(client, b"  ").status_code == 400
    settings.MAIL_MAX_BYTES = 100
    assert hand_in(client, raw).status_code == 413
    assert client.get("/mail/in/").status_code == 405
    settings.MAIL_TOKEN = ""
    assert hand_in(client, raw, token="").status_code == 404
    assert not InboundMail.objects.exists()


# --- A pipe --------------------------------------------------------------------------------------
def piped(monkeypatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    call_command("receive_mail", "--pipe")


@pytest.mark.django_db
def test_a_mail_may_come_by_a_pipe(monkeypatch, settings):
    piped(monkeypatch, letter())
    handle_waiting()
    assert Case.objects.count() == 1
    with pytest.raises(CommandError):
        piped(monkeypatch, b"")
    settings.MAIL_MAX_BYTES = 10
    with pytest.raises(CommandError):
        piped(monkeypatch, letter())


@pytest.mark.django_db
def test_a_pipe_asks_to_try_again_while_the_database_is_away(monkeypatch):
    def away(*_given: object, **_named: object) -> None:
        raise OperationalError

    monkeypatch.setattr("complaints.management.commands.receive_mail.take_mail", away)
    with pytest.raises(CommandError) as refused:
        piped(monkeypatch, letter())
    assert refused.value.returncode == 75


@pytest.mark.parametrize("listen", ["nowhere", "127.0.0.1:", "127.0.0.1:99999"])
def test_wrong_places_to_listen_are_named(listen: str):
    with pytest.raises(CommandError, match="--listen"):
        call_command("receive_mail", "--listen", listen)
