"""Every notice of these apps can be written: subject, words, a way back."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.states import Role
from compensation.services.offering import expire_offers, withdraw_offer
from complaints.moments import shift_to
from complaints.services.outbox import deliver_due
from tests.compensation.makers import offer_of, offered_case
from tests.factories import staff
from tests.liability.makers import directly_settled_case, investigating_case

pytestmark = pytest.mark.django_db


def last_mail() -> mail.EmailMessage:
    """Deliver what waits and return the last mail."""
    deliver_due()
    return mail.outbox[-1]


def test_a_new_offer_names_its_end() -> None:
    case = offered_case(case=directly_settled_case())

    sent = last_mail()

    assert case.reference in sent.subject
    assert "23:59 之前都可以选择" in sent.body
    assert f"/my/{case.reference}/" in sent.body


def test_the_second_notice_says_that_nothing_is_lost() -> None:
    case = offered_case()
    shift_to(offer_of(case).expires_at + timedelta(seconds=1))
    expire_offers()

    assert "这是第二次通知" in last_mail().body


def test_a_withdrawn_offer_is_told() -> None:
    case = offered_case()
    withdraw_offer(case, by=staff(Role.AGENT), offer=offer_of(case), reason="漏算了运费")

    assert "收回" in last_mail().subject


def test_the_lead_of_an_investigation_is_told() -> None:
    case = investigating_case()

    assert any(case.reference in sent.subject for sent in [last_mail(), *mail.outbox])
    assert any("由你负责" in sent.subject for sent in mail.outbox)
