"""The mails that this app sends: a subject of one line, a body with what is to be done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accounts.states import Role
from complaints.models import OutboxMessage
from complaints.moments import now
from complaints.services.outbox import deliver_due
from reviews.services.mediating import plan_meeting
from tests.factories import make_case, staff
from tests.reviews.makers import guided, mediation

pytestmark = pytest.mark.django_db

KINDS = ["mediator_invited", "mediation_requested", "meeting_planned", "review_requested"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_has_a_subject_of_one_line_and_an_address_to_open(
    kind: str, language: str
) -> None:
    case = make_case()
    context = {
        "case": case,
        "name": "Tom & Jerry",
        "data": {"when": "2026-11-25 10:30"},
        "secret": {"mediation": "abc_DEF-123", "name": "Ann <b>"},
        "company": "安居电器",
        "hotline": "400-820-0000",
        "public_url": "https://redress.example",
    }

    with translation.override(language):
        subject, _gap, body = render_to_string(f"mail/{kind}.txt", context).partition("\n")

    assert subject.strip()
    assert case.reference in subject
    assert "https://redress.example/" in body
    assert "&amp;" not in body
    assert "&lt;" not in body


def test_consumers_wish_for_mediation_reaches_the_owner_by_mail(mailoutbox: list) -> None:
    talk = mediation()

    deliver_due()

    assert talk.case.owner is not None
    assert any(mail.to == [talk.case.owner.email] for mail in mailoutbox)


def test_secret_of_an_invitation_is_forgotten_after_delivery(mailoutbox: list) -> None:
    talk, secret = guided()

    deliver_due()

    sent = OutboxMessage.objects.get(case=talk.case, kind="mediator_invited")
    assert bytes(sent.sealed) == b""
    assert secret in next(m.body for m in mailoutbox if m.to == ["he@example.test"])


def test_meeting_is_told_in_local_time(mailoutbox: list) -> None:
    talk = mediation()
    at = (now() + timedelta(days=2)).replace(hour=23, minute=30)

    plan_meeting(talk, by=staff(Role.AGENT), at=at, place="视频会议")
    deliver_due()

    told = next(mail for mail in mailoutbox if "会谈" in mail.subject)
    assert f"{at + timedelta(hours=8):%Y-%m-%d %H:%M}" in told.body
