"""The demonstration shows calls in vain and for later, caring calls, and answers to surveys."""

from datetime import timedelta

import pytest

from accounts.states import Role
from agreements.models import CareCall, CareTry, FollowUpAttempt
from agreements.services.following_up import record_follow_up
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now, shift_to
from config.demo.follow_ups import CARE_AFTER, lay_follow_ups
from tests.agreements.makers import following_case
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_every_state_of_calls_is_there() -> None:
    for _number in range(6):
        record_follow_up(following_case(), by=Actor.consumer(), arrived=True, rating=4)
    shift_to(now() + timedelta(days=CARE_AFTER))
    waiting = [following_case(), following_case()]
    users = {"agent": make_user(Role.AGENT), "manager": make_user(Role.MANAGER)}
    Case.objects.update(owner=users["agent"], team=None)
    lay_follow_ups(users)

    assert sorted(FollowUpAttempt.objects.values_list("outcome", flat=True)) == [
        "again",
        "no_answer",
    ]
    assert {row.case_id for row in FollowUpAttempt.objects.all()} == {c.pk for c in waiting}
    states = set(CareCall.objects.values_list("state", flat=True))
    assert states == {"planned", "well", "help", "unreached"}
    assert CareTry.objects.count() == 4
