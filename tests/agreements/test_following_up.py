"""The follow-up: an answer closes, no means owed again, two tries end it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.states import Role
from agreements.days import today
from agreements.models import FollowUp, FollowUpAttempt
from agreements.services.following_up import (
    close_case,
    record_follow_up,
    record_unanswered_try,
)
from agreements.services.pursuing import pursue
from agreements.states import FollowUpChannel, ObligationStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Notification
from complaints.moments import now, shift_to
from complaints.states import Stage
from tests.agreements.makers import (
    following_case,
    fulfilling_case,
    only_obligation,
    perform_all,
)
from tests.factories import staff

pytestmark = pytest.mark.django_db


def test_yes_closes_and_opens_the_time_for_a_review() -> None:
    case = record_follow_up(
        following_case(), by=Actor.consumer(), arrived=True, rating=5, comment="很快"
    )
    answer = FollowUp.objects.get()

    assert case.stage == Stage.CLOSED
    assert case.review_until == today() + timedelta(days=15)
    assert (answer.rating, answer.comment) == (5, "很快")
    assert "很快".encode() not in bytes(answer.comment_sealed)
    assert only_obligation(case).status == ObligationStatus.CONFIRMED


def test_no_makes_it_owed_again_and_the_next_round_is_counted() -> None:
    case = following_case()
    case = record_follow_up(case, by=Actor.consumer(), arrived=False)
    assert case.stage == Stage.FULFILLING
    assert Notification.objects.filter(case=case, kind="not_arrived").exists()
    duty = only_obligation(case)
    assert duty.times_reopened == 1

    assert FollowUp.objects.get().round == 1


def test_only_what_is_missing_is_owed_again() -> None:
    case = perform_all(fulfilling_case(position=2))
    duty = case.agreements.get().obligations.get(kind="replacement")
    record_follow_up(case, by=Actor.consumer(), arrived=False, missing=(duty.pk,))

    statuses = dict(case.agreements.get().obligations.values_list("kind", "status"))
    assert statuses == {"payment": "performed", "replacement": "pending"}


@pytest.mark.parametrize("rating", [0, 6])
def test_rating_is_one_to_five(rating: int) -> None:
    case = following_case()
    with pytest.raises(CaseError) as caught:
        record_follow_up(case, by=Actor.consumer(), arrived=True, rating=rating)

    assert caught.value.field == "rating"
    assert not FollowUp.objects.exists()


def test_low_rating_tells_the_owner() -> None:
    case = record_follow_up(following_case(), by=Actor.consumer(), arrived=True, rating=1)

    assert Notification.objects.filter(case=case, kind="low_rating", user=case.owner).exists()


def test_follow_up_has_its_stage_and_people() -> None:
    with pytest.raises(CaseError, match="不在回访"):
        record_follow_up(fulfilling_case(), by=Actor.consumer(), arrived=True)
    with pytest.raises(StepForbidden):
        record_follow_up(following_case(), by=staff(Role.FINANCE), arrived=True)
    with pytest.raises(StepForbidden):
        record_follow_up(following_case(), by=Actor.system(), arrived=True)


def test_second_answer_is_refused() -> None:
    case = record_follow_up(following_case(), by=Actor.consumer(), arrived=True, rating=4)

    with pytest.raises(CaseError, match="不在回访"):
        record_follow_up(case, by=Actor.consumer(), arrived=True, rating=4)
    assert FollowUp.objects.count() == 1


def test_two_tries_hours_apart_may_end_the_case() -> None:
    case, agent = following_case(), staff(Role.AGENT)
    with pytest.raises(CaseError, match="还没有联系上"):
        close_case(case, by=agent)
    record_unanswered_try(case, by=agent)
    with pytest.raises(CaseError, match="不到两小时"):
        record_unanswered_try(case, by=agent)
    shift_to(now() + timedelta(hours=3))
    record_unanswered_try(case, by=agent, channel=FollowUpChannel.CALL)

    case = close_case(case, by=agent)
    assert case.stage == Stage.CLOSED
    assert FollowUpAttempt.objects.count() == 2


def test_task_closes_a_day_after_the_second_try_once() -> None:
    case, agent = following_case(), staff(Role.AGENT)
    record_unanswered_try(case, by=agent)
    shift_to(now() + timedelta(hours=3))
    record_unanswered_try(case, by=agent)
    assert pursue()["closed"] == 0
    shift_to(now() + timedelta(hours=24))

    assert pursue()["closed"] == 1
    assert pursue()["closed"] == 0
    assert Case.objects.get(pk=case.pk).stage == Stage.CLOSED
