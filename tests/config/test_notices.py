"""Every notice of the complaints app has a mail in both languages, its subject one line long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.template.loader import render_to_string
from django.utils import translation

from complaints.models import Case, OutboxMessage
from complaints.moments import now, shift_to
from complaints.notifications import send
from complaints.services.cases import STEPS_TOLD_TO_CONSUMER
from complaints.services.conversation import write_message
from complaints.services.entrance import send_code
from complaints.services.intake import ContactData
from complaints.services.outbox import deliver_due, tell_consumer, tell_staff
from complaints.services.sweeping import sweep
from complaints.states import CodePurpose
from tests.factories import make_case, make_team, make_user, staff

CLOCKS_AND_DATA = {"clock_paused", "clock_resumed", "data_request_answered"}
ALWAYS = {"received", "code", "message", "your_turn"}
TO_CONSUMER = sorted({*STEPS_TOLD_TO_CONSUMER, *CLOCKS_AND_DATA, *ALWAYS})
TO_STAFF = [
    "assigned",
    "consumer_wrote",
    "evidence_added",
    "clock_warned",
    "clock_breached",
    "clock_escalated",
    "data_requested",
]
pytestmark = pytest.mark.django_db


def rendered(kind: str, case: Case, language: str) -> tuple[str, str]:
    context = {
        "case": case,
        "name": "Tom & Jerry",
        "data": {"clock": "acknowledgement", "rung": "breach"},
        "secret": {"code": "123456", "access": "S" * 32},
        "public_url": "https://care.example",
    }
    with translation.override(language):
        subject, _newline, body = render_to_string(f"mail/{kind}.txt", context).partition("\n")
    return subject, body


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", TO_CONSUMER)
def test_consumer_mail_has_subject_greeting_and_way_in(kind: str, language: str) -> None:
    case = make_case()

    subject, body = rendered(kind, case, language)

    assert subject.strip() and "{" not in subject + body
    if kind == "code":
        assert "123456" in body and "123456" not in subject
        return
    assert case.reference in subject
    assert "Tom & Jerry" in body
    way_in = "/t/" if kind == "received" else f"/my/{case.reference}/"
    assert f"https://care.example{way_in}" in body
    assert settings.COMPANY_HOTLINE in body


@pytest.mark.parametrize("kind", TO_STAFF)
def test_staff_mail_names_the_case(kind: str) -> None:
    case = make_case()

    subject, body = rendered(kind, case, "zh-hans")

    assert case.reference in subject
    assert f"/desk/cases/{case.reference}/" in body
    if kind.startswith("clock"):
        assert "「受理答复」" in subject


def test_mail_of_receipt_carries_the_secret_link_and_forgets_it() -> None:
    case = make_case()

    assert deliver_due() == 1

    (sent,) = mail.outbox
    assert sent.to == ["zhou@example.test"]
    assert "/t/" in sent.body
    assert bytes(OutboxMessage.objects.get(case=case).sealed) == b""


def test_receipt_of_an_emergency_says_what_to_do_first() -> None:
    make_case(danger=True)

    deliver_due()

    assert "2 小时内" in mail.outbox[0].body and "不要自行拆开" in mail.outbox[0].body


def test_sms_has_texts_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_FOLDER = tmp_path
    case = make_case(contact=ContactData(name="周", phone="13812345678"))
    send_code(case, purpose=CodePurpose.ACCESS)

    assert deliver_due() == 2

    texts = sorted(path.read_text() for path in tmp_path.glob("*.sms.txt"))
    assert all(text.startswith("To: +8613812345678") for text in texts)
    assert any("/t/" in text and case.reference in text for text in texts)
    assert any("校验码" in text for text in texts)


def test_late_case_tells_the_manager_by_mail() -> None:
    manager = make_user(display_name="主管")
    make_team(manager=manager, is_default=True)
    case = make_case()
    deliver_due()
    mail.outbox.clear()
    shift_to(now() + timedelta(hours=25))

    sweep()
    deliver_due()

    assert [sent.to for sent in mail.outbox] == [[manager.email]]
    assert case.reference in mail.outbox[0].subject and "超时" in mail.outbox[0].subject


def test_message_of_staff_is_told_without_its_text() -> None:
    case = make_case()
    deliver_due()
    mail.outbox.clear()

    write_message(case, by=staff("agent"), body="检测费用由我们承担 CANARY")
    deliver_due()

    assert "CANARY" not in mail.outbox[0].body + mail.outbox[0].subject


def test_name_with_markup_is_plain_text_and_cannot_break_the_header() -> None:
    make_case(contact=ContactData(name="<b>周\nBcc: x@y.test", email="zhou@example.test"))
    deliver_due()

    message = mail.outbox[0].message()

    assert message["Bcc"] is None
    assert "<b>周" in mail.outbox[0].body
    assert message["To"] == "zhou@example.test"


def test_every_kind_in_the_outbox_can_be_sent() -> None:
    case = make_case()
    user = make_user()
    for kind in TO_CONSUMER:
        secret = {"code": "1", "access": "x"} if kind in {"code", "received"} else None
        tell_consumer(case, kind, key=f"t:{kind}", data={"clock": "signature"}, secret=secret)
    for kind in TO_STAFF:
        data = {"clock": "review"}
        tell_staff(case, kind, users=[user], key=f"t:{kind}", data=data, by_mail=True)

    for message in OutboxMessage.objects.select_related("case__consumer"):
        send(message)

    assert len(mail.outbox) == 1 + len(TO_CONSUMER) + len(TO_STAFF)
