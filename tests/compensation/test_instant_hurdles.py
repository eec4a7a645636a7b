"""Instant offers that must not be: one order told twice, things long bought, what came up since."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from accounts.states import Role
from agreements.services.instant import agree_instantly
from compensation.models import CompensationPlan, FundHold
from compensation.selectors.instant import instant_panel
from compensation.services.instant import offer_instantly, take_instant
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, Evidence, Message, OutboxMessage
from complaints.moments import now, shift_to
from complaints.services.conversation import write_message
from complaints.services.outbox import deliver_due
from tests.compensation.instant_makers import approved, fitting_case, shown
from tests.factories import make_team, make_user
from tests.liability.doors import consumer_client

pytestmark = pytest.mark.django_db
CONSUMER = Actor.consumer()


@pytest.fixture(autouse=True)
def company() -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)


@pytest.mark.parametrize(
    "number", ["a-7001", "A-7001 ", "A 7001", "A7001", "Ａ－７００１", "订单 A-7001", "A_70.01"]
)
def test_an_order_is_refunded_at_once_only_once_however_it_is_written(number: str) -> None:
    approved()
    assert offer_instantly(fitting_case()) is not None

    assert offer_instantly(fitting_case(order_number=number)) is None


@pytest.mark.parametrize("number", ["没有", "--", "？"])
def test_a_number_that_names_no_order_is_for_a_person(number: str) -> None:
    approved()

    assert offer_instantly(fitting_case(order_number=number)) is None


def test_another_order_still_gets_its_offer() -> None:
    approved()
    assert offer_instantly(fitting_case()) is not None

    assert offer_instantly(fitting_case(order_number="A-70010")) is not None


def test_looking_for_the_same_order_uses_its_index() -> None:
    fitting_case()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM complaints_case WHERE NOT (order_number = '') AND"
            " regexp_replace(lower(normalize(order_number, NFKC)), '[^a-z0-9]+', '', 'g')"
            " = 'a7001'"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())

    assert "compensation_order_key" in plan


@pytest.mark.parametrize(
    ("bought", "offered"),
    [
        (date(2025, 2, 28), True),
        (date(2025, 2, 27), False),
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), False),
        (date(2004, 2, 29), False),
    ],
)
def test_what_was_bought_long_ago_is_for_a_person(bought: date, offered: bool) -> None:
    """At half past twelve in the night of 28 February in Shanghai it is the 27th in London."""
    shift_to(datetime.fromisoformat("2026-02-28T00:30:00+08:00"))
    approved()

    assert (offer_instantly(fitting_case(purchased_on=bought)) is not None) is offered


def _refused(case: Case, digest: str) -> None:
    with pytest.raises(CaseError, match="由专人来看"):
        take_instant(case, by=CONSUMER, position=1, seen_digest=digest)
    assert not CompensationPlan.objects.exists()


@pytest.mark.parametrize(
    "body", ["刚才水壶冒烟起火了，我的手烫伤了", "It caught fire and burned me"]
)
def test_danger_that_is_told_afterwards_is_for_people(body: str) -> None:
    made = shown()
    case = write_message(made.case, by=CONSUMER, body=body)

    _refused(case, made.digest)


def test_an_ordinary_message_takes_nothing_away() -> None:
    made = shown()
    case = write_message(made.case, by=CONSUMER, body="请问退货的运费谁出？")

    _case, instant = take_instant(case, by=CONSUMER, position=1, seen_digest=made.digest)

    assert instant.status == "taken"


def test_the_order_told_again_afterwards_is_for_people() -> None:
    made = shown()
    fitting_case(channel="phone", order_number="a7001")

    _refused(made.case, made.digest)


def test_a_file_that_turned_out_harmful_is_no_proof() -> None:
    made = shown()
    piece = Evidence.objects.get(case=made.case)
    piece.file.scan_status = "quarantined"
    piece.file.save(update_fields=["scan_status"])

    _refused(made.case, made.digest)


def test_what_can_not_be_had_any_more_is_not_shown_any_more() -> None:
    made = shown()
    case = write_message(made.case, by=CONSUMER, body="水壶刚才漏电，孩子烫伤了在医院")
    client = consumer_client(case)
    url = reverse("agreements:instant", args=[case.reference])

    answer = client.post(url, {"option": "1", "digest": made.digest}, follow=True)

    assert "由专人来看" in answer.content.decode()
    made.refresh_from_db()
    assert made.status == "ended" and instant_panel(Case.objects.get(pk=case.pk)) is None
    assert FundHold.objects.get(case=case).reserved == 0


def _kinds(**fields: Any) -> list[str]:
    return list(
        OutboxMessage.objects.filter(**fields).order_by("pk").values_list("kind", flat=True)
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "受理了你的投诉，也承认责任"), ("en", "accepted your complaint")],
)
def test_who_takes_it_gets_one_mail_that_tells_all(language: str, words: str) -> None:
    made = shown(language=language)
    before = _kinds()

    agree_instantly(made.case, by=CONSUMER, position=1, seen_digest=made.digest)

    assert _kinds()[len(before) :] == ["agreement_offered"]
    assert Message.objects.filter(case=made.case).exists()
    shift_to(now() + timedelta(minutes=1))
    deliver_due()
    assert words in mail.outbox[-1].body
