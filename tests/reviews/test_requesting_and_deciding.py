"""Internal review: who may ask until when, who may decide, and never worse for the consumer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.states import Role
from agreements.services.drafting import draft_agreement
from agreements.services.following_up import record_follow_up
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden, StepNotAllowed
from complaints.models import Case, CaseEvent, Clock, Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.states import ClockKind, ClockState, Stage
from documents.services.rendering import document_html
from liability.selectors import current_finding
from liability.states import Outcome, Party
from reviews.errors import Ineligible, OutOfTime
from reviews.models import Review
from reviews.selectors import can_request_review, eligible_reviewers
from reviews.services.deciding import assign_panel, decide_review
from reviews.services.requesting import withdraw_review
from reviews.states import ReviewDecision, ReviewedDecision
from tests.agreements.makers import following_case
from tests.compensation.makers import chosen_case, offered_case
from tests.factories import make_team, make_user, staff
from tests.liability.makers import determined_case, liable, outward
from tests.reviews.makers import (
    accepted_case,
    assigned,
    decided,
    decision_data,
    declined_case,
    requested,
    reviewer,
    unliable_case,
)

pytestmark = pytest.mark.django_db


def running(case: Case) -> list[str]:
    rows = Clock.objects.filter(case=case, state=ClockState.RUNNING)
    return sorted(rows.values_list("kind", flat=True))


def closed_case() -> Case:
    return record_follow_up(following_case(), by=Actor.consumer(), arrived=True, rating=4)


@pytest.mark.parametrize(
    ("make", "reviewed"),
    [
        (declined_case, ReviewedDecision.DECLINE),
        (unliable_case, ReviewedDecision.FINDING),
        (offered_case, ReviewedDecision.PLAN),
        (closed_case, ReviewedDecision.CLOSING),
    ],
)
def test_what_was_decided_last_is_reviewed(make: Callable[[], Case], reviewed: str) -> None:
    review = requested(make())

    assert (review.reviewed, review.in_time) == (reviewed, True)
    assert review.case.stage == Stage.UNDER_REVIEW
    assert running(review.case) == [ClockKind.REVIEW]
    assert review.grounds.get().text


def test_nothing_to_review_before_a_decision() -> None:
    with pytest.raises(StepNotAllowed, match="不能申请复议"):
        requested(accepted_case())


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"grounds": []}, "grounds"), ({"grounds": ["luck"]}, "grounds"), ({"text": " "}, "text")],
)
def test_application_says_why(fields: dict[str, object], field: str) -> None:
    case = unliable_case()
    with pytest.raises(CaseError) as caught:
        requested(case, **fields)

    assert caught.value.field == field
    assert not Review.objects.exists()
    assert Case.objects.get(pk=case.pk).version == case.version


def test_consumer_after_the_window_is_told_other_ways() -> None:
    case = unliable_case()
    shift_to(now() + timedelta(days=30))

    assert not can_request_review(case)
    with pytest.raises(OutOfTime, match="12315"):
        requested(case)
    assert not Review.objects.exists()


def test_desk_takes_a_late_application_in_for_the_panel() -> None:
    case = unliable_case()
    shift_to(now() + timedelta(days=30))
    review = requested(case, by=staff(Role.AGENT))

    assert review.in_time is False


@pytest.mark.parametrize("role", [Role.FINANCE, Role.MEDIATOR, Role.REVIEWER])
def test_application_comes_from_consumer_or_desk(role: Role) -> None:
    with pytest.raises(StepForbidden):
        requested(unliable_case(), by=staff(role))


def test_reviewers_without_a_hand_in_the_case_are_told() -> None:
    outside = reviewer()
    review = requested()

    assert list(eligible_reviewers(review)) == [outside]
    assert Notification.objects.filter(kind="review_requested", user=outside).exists()


def test_reviewers_and_the_teams_manager_are_told_of_an_application_by_mail() -> None:
    outside, manager = reviewer(), make_user(Role.MANAGER)
    make_team(manager=manager, is_default=True)

    review = requested()

    told = OutboxMessage.objects.filter(case=review.case, kind="review_requested")
    assert set(told.values_list("recipient", flat=True)) == {
        f"user:{outside.pk}",
        f"user:{manager.pk}",
    }


def test_who_handled_the_case_does_not_decide() -> None:
    both = make_user(Role.AGENT, Role.REVIEWER)
    case = determined_case(by=Actor.staff(both))
    review = requested(case)

    assert both not in eligible_reviewers(review)
    with pytest.raises(Ineligible):
        assign_panel(review, by=staff(Role.MANAGER), members=[both])
    assert not review.panel.exists()


def test_who_sat_on_an_earlier_panel_does_not_sit_again() -> None:
    review, member = assigned()
    withdraw_review(review.case, by=Actor.consumer())
    again = requested(Case.objects.get(pk=review.case_id))

    with pytest.raises(Ineligible):
        assign_panel(again, by=staff(Role.MANAGER), members=[member])


def test_panel_is_of_reviewers_named_by_those_who_may() -> None:
    review = requested()
    with pytest.raises(StepForbidden):
        assign_panel(review, by=staff(Role.AGENT), members=[reviewer()])
    with pytest.raises(CaseError) as caught:
        assign_panel(review, by=staff(Role.MANAGER), members=[])
    assert caught.value.field == "members"
    with pytest.raises(CaseError, match="不是复议员"):
        assign_panel(review, by=staff(Role.MANAGER), members=[make_user(Role.FINANCE)])


def test_only_the_panel_decides() -> None:
    review, _member = assigned()

    with pytest.raises(StepForbidden):
        decide_review(review, by=staff(Role.REVIEWER), decision=decision_data(review))
    with pytest.raises(StepForbidden):
        decide_review(review, by=staff(Role.MANAGER), decision=decision_data(review))


def test_upheld_case_is_where_it_was_and_gets_a_letter() -> None:
    review = decided()

    assert review.decision == ReviewDecision.UPHOLD
    assert review.case.stage == Stage.LIABILITY_DETERMINED
    assert review.document is not None
    html = document_html(review.document)
    assert "理由不成立" in html and "视频和检测结论不矛盾" in html


def test_upheld_decision_is_not_reviewed_again() -> None:
    review = decided()

    assert not can_request_review(review.case)
    with pytest.raises(CaseError, match="已经复议过"):
        requested(review.case)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reasons": ""}, "reasons"),
        ({"outcome_text": ""}, "outcome_text"),
        ({"findings": {}}, "ground"),
        ({"decision": "withdrawn"}, "decision"),
        ({"decision": "dismiss_out_of_time"}, "decision"),
        ({"decision": "vary"}, "least_amount"),
        ({"decision": "substitute"}, "outcome"),
    ],
)
def test_decision_says_everything(fields: dict[str, object], field: str) -> None:
    review, member = assigned()
    data = decision_data(review, str(fields.pop("decision", "uphold")), **fields)
    with pytest.raises(CaseError) as caught:
        decide_review(review, by=Actor.staff(member), decision=data)

    assert str(caught.value.field).startswith(field)
    review.refresh_from_db()
    assert (review.decision, review.case.stage) == ("", Stage.UNDER_REVIEW)


def test_late_application_may_be_dismissed() -> None:
    case = unliable_case()
    shift_to(now() + timedelta(days=30))
    review, member = assigned(case, by=staff(Role.AGENT))
    case = decide_review(
        review,
        by=Actor.staff(member),
        decision=decision_data(review, "dismiss_out_of_time", findings={}),
    )

    assert case.stage == Stage.LIABILITY_DETERMINED


def test_remitted_case_is_investigated_again_or_accepted_if_unheard() -> None:
    assert decided(decision="remit").case.stage == Stage.INVESTIGATING
    assert decided(declined_case(), decision="remit").case.stage == Stage.ACCEPTED


def test_refusal_to_accept_is_not_varied() -> None:
    review, member = assigned(declined_case())
    data = decision_data(review, "vary", least_amount=Decimal(100))

    with pytest.raises(CaseError, match="不予受理"):
        decide_review(review, by=Actor.staff(member), decision=data)


def test_variation_is_never_worse_and_binds_the_next_agreement() -> None:
    review, member = assigned(chosen_case())
    by = Actor.staff(member)
    worse = decision_data(review, "vary", least_amount=Decimal("100.00"))
    with pytest.raises(CaseError, match="更不利"):
        decide_review(review, by=by, decision=worse)
    better = decision_data(review, "vary", least_amount=Decimal("400.00"))
    case = decide_review(review, by=by, decision=better)

    assert (case.stage, running(case)) == (Stage.NEGOTIATING, [ClockKind.OFFER])
    with pytest.raises(CaseError, match="还没有选定"):
        draft_agreement(case, by=staff(Role.AGENT))
    again = chosen_case(case=case)
    with pytest.raises(CaseError, match="复议决定要求"):
        draft_agreement(again, by=staff(Role.AGENT))


def test_database_refuses_a_worse_amount() -> None:
    review, _member = assigned(chosen_case())

    with pytest.raises(IntegrityError, match="never_worse"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(amount_after=Decimal("1.00"))


def test_substituted_finding_takes_the_place_of_the_first() -> None:
    review, member = assigned()
    data = decision_data(review, "substitute", new_finding=liable())
    case = decide_review(review, by=Actor.staff(member), decision=data)
    finding = current_finding(case)

    assert case.stage == Stage.LIABILITY_DETERMINED
    assert finding is not None and finding.outcome == Outcome.LIABLE


def test_substitution_may_not_be_worse() -> None:
    review, member = assigned(determined_case())
    shared = liable(outward(share="60"), outward(Party.CONSUMER, "40"), outcome=Outcome.PARTLY)
    with pytest.raises(CaseError, match="更不利"):
        decide_review(
            review,
            by=Actor.staff(member),
            decision=decision_data(review, "substitute", new_finding=shared),
        )


def test_application_is_withdrawn_and_the_clocks_run_on() -> None:
    case = unliable_case()
    before = running(case)
    review = requested(case)
    case = withdraw_review(review.case, by=Actor.consumer())
    review.refresh_from_db()

    assert (review.decision, case.stage) == (ReviewDecision.WITHDRAWN, Stage.LIABILITY_DETERMINED)
    # Who asks for a review knows the finding.
    assert running(case) == [kind for kind in before if kind != ClockKind.FINDING_NOTICE]
    with pytest.raises(CaseError, match="没有等待"):
        withdraw_review(case, by=Actor.consumer())


def test_staff_take_an_application_back_with_a_reason_that_the_consumer_gets() -> None:
    review = requested(unliable_case())

    with pytest.raises(CaseError) as caught:
        withdraw_review(review.case, by=staff(Role.AGENT), reason="  ")
    assert caught.value.field == "reason"
    assert Case.objects.get(pk=review.case_id).stage == Stage.UNDER_REVIEW

    case = withdraw_review(review.case, by=staff(Role.AGENT), reason="来电说不需要了。")

    assert CaseEvent.objects.get(case=case, kind="withdraw_review").payload.text == {
        "reason": "来电说不需要了。"
    }
    assert case.messages.latest("pk").body == "来电说不需要了。"
    assert OutboxMessage.objects.filter(case=case, kind="withdraw_review").count() == 1


def test_decided_twice_is_refused() -> None:
    review = decided()
    member = review.panel.get()

    with pytest.raises(CaseError, match="已经有了决定"):
        decide_review(review, by=Actor.staff(member), decision=decision_data(review))
