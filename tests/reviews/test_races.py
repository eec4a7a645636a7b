"""Two at once: one review, one decision, one end; whoever comes second changes nothing."""

from __future__ import annotations

import pytest

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent, Clock
from complaints.services.events import broken_link
from complaints.states import ClockState, Stage
from reviews.models import Mediation, Review
from reviews.services.deciding import assign_panel, decide_review
from reviews.services.mediating import end_mediation
from reviews.services.requesting import request_review, withdraw_review
from tests.compensation.test_races import race
from tests.factories import staff
from tests.reviews.makers import decision_data, guided, requested, reviewer, unliable_case

pytestmark = pytest.mark.django_db(transaction=True)


def check_whole(case: Case) -> None:
    """A clock runs, and the log is unbroken."""
    assert Clock.objects.filter(case=case, state=ClockState.RUNNING).exists()
    assert broken_link(case) is None


def refused(results: list[object]) -> int:
    return sum(isinstance(result, CaseError) for result in results)


def test_asking_twice_at_once_makes_one_review() -> None:
    case = unliable_case()

    def ask() -> object:
        return request_review(case, by=Actor.consumer(), grounds=["facts"], text="不对。")

    results = race(ask, ask)

    assert refused(results) == 1
    assert Review.objects.filter(case=case).count() == 1
    check_whole(case)


def test_two_members_decide_at_once_and_one_decision_stands() -> None:
    first, second = reviewer(), reviewer()
    review = assign_panel(requested(), by=Actor.staff(first), members=[first, second])

    results = race(
        lambda: decide_review(
            review, by=Actor.staff(first), decision=decision_data(review, "uphold")
        ),
        lambda: decide_review(
            review, by=Actor.staff(second), decision=decision_data(review, "remit")
        ),
    )

    assert refused(results) == 1
    decided = Review.objects.get(pk=review.pk)
    stage = {"uphold": Stage.LIABILITY_DETERMINED, "remit": Stage.INVESTIGATING}
    assert Case.objects.get(pk=review.case.pk).stage == stage[decided.decision]
    assert CaseEvent.objects.filter(case=review.case, kind__in=["uphold", "remit"]).count() == 1
    check_whole(review.case)


def test_decision_and_withdrawal_at_once_end_in_one_of_both() -> None:
    member = reviewer()
    review = assign_panel(requested(), by=Actor.staff(member), members=[member])

    results = race(
        lambda: decide_review(
            review, by=Actor.staff(member), decision=decision_data(review, "remit")
        ),
        lambda: withdraw_review(review.case, by=Actor.consumer()),
    )

    assert refused(results) == 1
    assert Review.objects.get(pk=review.pk).decision in {"remit", "withdrawn"}
    check_whole(review.case)


def test_guest_and_desk_end_a_mediation_at_once_and_one_word_stands() -> None:
    talk, _secret = guided()
    agent = staff(Role.AGENT)

    results = race(
        lambda: end_mediation(talk, by=Actor.guest_mediator(), outcome="failed", note="差太远。"),
        lambda: end_mediation(talk, by=agent, outcome="no_show", note="没有来。"),
    )

    assert refused(results) == 1
    assert Mediation.objects.get(pk=talk.pk).outcome in {"failed", "no_show"}
    assert CaseEvent.objects.filter(case=talk.case, kind="end_mediation").count() == 1
    check_whole(talk.case)
