"""The page of satisfaction: who was asked, who was silent, and nobody's team judged on air."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.states import Role
from agreements.services.following_up import record_follow_up, record_unanswered_try
from agreements.states import CallOutcome
from complaints.actors import Actor
from complaints.moments import now
from insights.periods import Period
from insights.satisfaction import groups_of, suggestions, whole_of
from tests.agreements.makers import following_case
from tests.factories import make_user, staff

pytestmark = pytest.mark.django_db


def this_month() -> Period:
    day = timezone.localdate(now())
    return Period(day - timedelta(days=20), day)


def test_silence_is_reported_beside_the_answers() -> None:
    told, silent, wrong = following_case(), following_case(), following_case()
    record_follow_up(
        told, by=Actor.consumer(), arrived=True, rating=4, resolved=True, change="少打电话"
    )
    record_unanswered_try(silent, by=staff(Role.AGENT))
    record_unanswered_try(wrong, by=staff(Role.AGENT), outcome=CallOutcome.WRONG_NUMBER)

    whole = whole_of(this_month())
    assert (len(whole.asked), len(whole.answered), whole.silent) == (3, 1, 2)
    assert (whole.unreachable, whole.wrong_numbers) == (1, 1)
    assert whole.response is not None
    assert whole.response.count == 3
    assert [answer.change for answer in suggestions(this_month())] == ["少打电话"]
    by_channel = groups_of(this_month(), by="channel")
    assert [(row.name, len(row.asked)) for row in by_channel] == [("网页表单", 3)]


def test_page_is_for_those_who_see_the_dashboard(client: Client) -> None:
    record_follow_up(following_case(), by=Actor.consumer(), arrived=True, rating=2)
    client.force_login(make_user(Role.MANAGER))
    for by in ("channel", "category", "team", "nonsense"):
        page = client.get(reverse("satisfaction"), {"by": by})
        assert page.status_code == 200
        assert "Wilson" in page.content.decode()
    client.force_login(make_user(Role.AGENT))
    assert client.get(reverse("satisfaction")).status_code == 403


def test_month_without_a_follow_up_says_so(client: Client) -> None:
    client.force_login(make_user(Role.MANAGER))
    assert "没有回访" in client.get(reverse("satisfaction")).content.decode()
