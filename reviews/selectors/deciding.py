"""What a panel needs before it decides: who may sit, what may be decided, which evidence is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from compensation.selectors import last_offer
from complaints.models import CaseEvent, Evidence
from complaints.selectors.facts import evidence_of
from reviews.models import Review
from reviews.selectors.reviews import handlers_of
from reviews.states import ReviewDecision, ReviewedDecision


@dataclass(frozen=True)
class Recused:
    """A reviewer who may not sit, and why."""

    person: User
    why: str


def recused_reviewers(review: Review) -> list[Recused]:
    """Return the reviewers who had a hand in the case, each with the reason."""
    hands = handlers_of(review)
    people = User.objects.filter(is_active=True, roles__contains=[Role.REVIEWER], pk__in=hands)
    sat = set(
        Review.objects.filter(case=review.case, panel__isnull=False)
        .exclude(pk=review.pk)
        .values_list("panel", flat=True)
    )
    return [
        Recused(person, _why(review, person, sat)) for person in people.order_by("display_name")
    ]


def _why(review: Review, person: User, sat: set[int]) -> str:
    if person.pk == review.case.owner_id:
        return _("是这个案件的负责人")
    if person.pk in sat:
        return _("参加过这个案件之前的复议")
    return _("复议申请之前经手过这个案件")


def possible_decisions(review: Review) -> list[str]:
    """Return what a panel may decide; the service has the last word."""
    found = [ReviewDecision.UPHOLD]
    if review.reviewed != ReviewedDecision.DECLINE and review.finding is not None:
        found.append(ReviewDecision.VARY)
    found.append(ReviewDecision.REMIT)
    if review.reviewed != ReviewedDecision.DECLINE and review.finding is not None:
        found.append(ReviewDecision.SUBSTITUTE)
    if not review.in_time:
        found.append(ReviewDecision.DISMISS_OUT_OF_TIME)
    return [str(decision) for decision in found]


def decided_at(review: Review) -> datetime:
    """Return when the decision under review was made."""
    if review.reviewed == ReviewedDecision.PLAN and review.plan is not None:
        return review.plan.created_at
    if review.finding is not None and review.reviewed != ReviewedDecision.DECLINE:
        return review.finding.decided_at
    made = (
        CaseEvent.objects.filter(
            case=review.case, sequence__lte=review.request_event, kind__in=["decline", "close"]
        )
        .order_by("-sequence")
        .first()
    )
    return made.at if made is not None else review.requested_at


@dataclass(frozen=True)
class Weighed:
    """A piece of evidence, and whether the first decision couldn't know it."""

    row: Evidence
    is_new: bool


def evidence_weighed(review: Review) -> list[Weighed]:
    """Return the case's evidence, what came after the decision marked as new."""
    since = decided_at(review)
    return [Weighed(row, row.at > since) for row in evidence_of(review.case)]


def first_decision(review: Review) -> dict[str, Any]:
    """Return the decision under review as the panel reads it beside the appeal."""
    finding = None if review.reviewed == ReviewedDecision.DECLINE else review.finding
    offer = last_offer(review.case) if review.plan is not None else None
    options = list(offer.plan.options.all()) if offer is not None else []
    return {
        "title": review.get_reviewed_display(),
        "at": decided_at(review),
        "finding": finding,
        "shares": list(finding.shares.order_by("table", "position")) if finding else [],
        "options": options,
        "decline_ground": review.case.get_decline_ground_display(),
    }
