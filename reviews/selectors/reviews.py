"""Reviews: what can be asked for and until when, and who may decide."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import User
from accounts.states import Role
from agreements.days import today
from compensation.selectors import last_offer
from complaints.models import Case, CaseEvent
from complaints.selectors.policies import working_calendar
from complaints.states import Stage
from liability.periods import REVIEW_WINDOW_DAYS
from reviews.models import Review
from reviews.states import ReviewDecision, ReviewedDecision

REVIEWABLE = (Stage.LIABILITY_DETERMINED, Stage.NEGOTIATING, Stage.DECLINED, Stage.CLOSED)
_FINAL_WORD = (ReviewDecision.UPHOLD, ReviewDecision.DISMISS_OUT_OF_TIME)


def open_review(case: Case) -> Review | None:
    """Return the review that is to be decided, if there is one."""
    return (
        Review.objects.filter(case=case, decision="")
        .select_related("finding", "plan", "requested_by")
        .prefetch_related("grounds", "panel")
        .first()
    )


def reviews_of(case: Case) -> QuerySet[Review]:
    """Return a case's reviews, the newest first."""
    return (
        Review.objects.filter(case=case)
        .select_related("document", "decided_by", "finding", "plan")
        .prefetch_related("grounds", "panel")
        .order_by("-requested_at", "-pk")
    )


def decision_under_review(case: Case) -> str:
    """Return what a review asked for now would look at."""
    if case.stage == Stage.DECLINED:
        return ReviewedDecision.DECLINE
    if case.stage == Stage.CLOSED:
        return ReviewedDecision.CLOSING
    if case.stage == Stage.NEGOTIATING and last_offer(case) is not None:
        return ReviewedDecision.PLAN
    return ReviewedDecision.FINDING


def review_window(case: Case) -> date | None:
    """Return the last day on which a review can be asked for; None where no day is set.

    In a negotiation the window of the latest offer counts too.
    """
    until = case.review_until
    if case.stage == Stage.NEGOTIATING:
        offer = last_offer(case)
        if offer is not None:
            sent_on = working_calendar().local_date(offer.sent_at)
            by_offer = sent_on + timedelta(days=REVIEW_WINDOW_DAYS)
            until = max(until, by_offer) if until else None
    return until


def is_in_time(case: Case) -> bool:
    """Say whether the window for a review is still open."""
    until = review_window(case)
    return until is None or today() <= until


def was_reviewed(case: Case) -> bool:
    """Say whether the decision that stands now was upheld before: it is not reviewed again."""
    reviewed = decision_under_review(case)
    earlier = Review.objects.filter(case=case, reviewed=reviewed, decision__in=_FINAL_WORD)
    if reviewed == ReviewedDecision.FINDING:
        return earlier.filter(finding__superseded_by=None, finding__isnull=False).exists()
    if reviewed == ReviewedDecision.PLAN:
        offer = last_offer(case)
        return offer is not None and earlier.filter(plan=offer.plan).exists()
    return _upheld_last(case, earlier)


def _upheld_last(case: Case, earlier: QuerySet[Review]) -> bool:
    """Whether nothing but the review itself happened to the stage since it was upheld."""
    last = earlier.order_by("-decided_at").first()
    if last is None:
        return False
    since = CaseEvent.objects.filter(
        case=case, sequence__gt=last.request_event, new_stage=case.stage
    ).exclude(kind__in=["uphold", "dismiss_out_of_time", "withdraw_review"])
    return not since.exists()


def can_request_review(case: Case) -> bool:
    """Say whether the consumer can ask for a review now."""
    return case.stage in REVIEWABLE and is_in_time(case) and not was_reviewed(case)


def handlers_of(review: Review) -> set[int]:
    """Return everybody who had a hand in the case before the review: none of them decides it.

    Those who sat on an earlier review of the case count too.
    """
    hands = set(
        CaseEvent.objects.filter(
            case=review.case, sequence__lte=review.request_event, actor__isnull=False
        ).values_list("actor_id", flat=True)
    )
    earlier = Review.objects.filter(case=review.case).exclude(pk=review.pk)
    hands |= set(earlier.filter(panel__isnull=False).values_list("panel", flat=True))
    if review.case.owner_id is not None:
        hands.add(review.case.owner_id)
    return {pk for pk in hands if pk is not None}


def eligible_reviewers(review: Review) -> QuerySet[User]:
    """Return the reviewers who had no hand in the case."""
    return (
        User.objects.filter(is_active=True, roles__contains=[Role.REVIEWER])
        .exclude(pk__in=handlers_of(review))
        .order_by("display_name", "pk")
    )


def reviews_to_do() -> QuerySet[Review]:
    """Return the reviews that wait for a decision, the longest waiting first."""
    return (
        Review.objects.filter(decision="")
        .select_related("case__consumer", "case__owner")
        .prefetch_related("panel", "grounds")
        .order_by("case__next_due_at", "requested_at")
    )
