"""Asking for a review, and taking the application back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import CompensationPlan
from compensation.selectors import last_offer
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden, StepNotAllowed
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import check_step
from complaints.services.cases import move
from complaints.services.conversation import write_message
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import ActorKind
from liability.selectors import current_finding
from reviews.errors import OutOfTime
from reviews.models import GroundOfReview, Review
from reviews.selectors.reviews import (
    REVIEWABLE,
    decision_under_review,
    eligible_reviewers,
    is_in_time,
    open_review,
    was_reviewed,
)
from reviews.states import ReviewDecision, ReviewedDecision, ReviewGround


@transaction.atomic
def request_review(
    case: Case,
    *,
    by: Actor,
    grounds: Sequence[str],
    text: str,
    seen: int | None = None,
) -> Review:
    """Ask for a review of what was decided last, on one ground or more.

    The consumer is refused after the window, with the other ways named; the desk may take a late
    application in, which the panel then decides about. Raises CaseError for a missing ground or
    text, and for a decision that was upheld before.
    """
    check_step(by, "request_review")
    _check_said(grounds, text)
    case = locked_case(case, seen=seen)
    if case.stage not in REVIEWABLE:
        raise StepNotAllowed(
            _("案件现在的阶段是「%(stage)s」，不能申请复议。") % {"stage": case.get_stage_display()}
        )
    if was_reviewed(case):
        raise CaseError(_("这个决定已经复议过。%(routes)s") % {"routes": other_ways()})
    in_time = is_in_time(case)
    if not in_time and by.kind == ActorKind.CONSUMER:
        raise OutOfTime(_("申请复议的期限已经过了。%(routes)s") % {"routes": other_ways()})
    review = _write(case, by=by, in_time=in_time)
    _write_grounds(review, grounds, text)
    data = {"review": review.pk, "grounds": list(grounds), "in_time": in_time}
    review.case = move(case, "request_review", by=by, data=data, text={"text": text})
    review.request_event = review.case.event_count
    review.save(update_fields=["request_event"])
    _tell_reviewers(review)
    return review


def _check_said(grounds: Sequence[str], text: str) -> None:
    if not grounds or not set(grounds) <= set(ReviewGround.values):
        raise CaseError(_("请至少选一个理由。"), field="grounds")
    if not text.strip():
        raise CaseError(_("请写下你的理由，几句话就可以。"), field="text")


def other_ways() -> str:
    """Return the other ways in one sentence."""
    return _("你还可以请消费者协会调解，向 12315 投诉，或者申请仲裁、起诉。")


def _write(case: Case, *, by: Actor, in_time: bool) -> Review:
    reviewed = decision_under_review(case)
    plan = _plan(case, reviewed)
    return Review.objects.create(
        case=case,
        requested_at=now(),
        requested_by_kind=by.kind,
        requested_by=by.user,
        request_event=case.event_count,
        in_time=in_time,
        reviewed=reviewed,
        finding=None if reviewed == ReviewedDecision.DECLINE else current_finding(case),
        plan=plan,
        amount_before=_amount_before(case, plan),
    )


def _plan(case: Case, reviewed: str) -> CompensationPlan | None:
    if reviewed == ReviewedDecision.DECLINE:
        return None
    offer = last_offer(case)
    return offer.plan if offer is not None else None


def _amount_before(case: Case, plan: CompensationPlan | None) -> Decimal | None:
    if case.amount_agreed is not None:
        return case.amount_agreed
    if plan is None:
        return None
    return max((option.total for option in plan.options.all()), default=None)


def _write_grounds(review: Review, grounds: Sequence[str], text: str) -> None:
    for position, ground in enumerate(dict.fromkeys(grounds), start=1):
        GroundOfReview.objects.create(
            review=review,
            position=position,
            ground=ground,
            text=text.strip() if position == 1 else "",
        )


def _tell_reviewers(review: Review) -> None:
    tell_staff(
        review.case,
        "review_requested",
        users=_who_forms_the_panel(review),
        key=f"review:{review.pk}:requested",
        data={"review": review.pk},
        by_mail=True,
    )


def _who_forms_the_panel(review: Review) -> list[User]:
    people = list(eligible_reviewers(review))
    manager = review.case.team.manager if review.case.team else None
    if manager is not None and manager.is_active and manager not in people:
        people.append(manager)
    return people


@transaction.atomic
def withdraw_review(case: Case, *, by: Actor, reason: str = "", seen: int | None = None) -> Case:
    """Take an application back; the case is where it was, and its clocks run on.

    Staff say how and why the consumer wished it, and the consumer reads these words. Raises
    CaseError when they don't, or when no application waits.
    """
    if by.kind not in (ActorKind.CONSUMER, ActorKind.STAFF):
        raise StepForbidden(_("复议只能由申请人撤回。"))
    if by.kind == ActorKind.STAFF and not reason.strip():
        raise CaseError(_("请写明消费者怎样、为什么撤回。"), field="reason")
    case = locked_case(case, seen=seen)
    review = open_review(case)
    if review is None:
        raise CaseError(_("现在没有等待决定的复议申请。"))
    review.decision, review.decided_at = ReviewDecision.WITHDRAWN, now()
    review.save(update_fields=["decision", "decided_at"])
    text = {"reason": reason.strip()} if reason.strip() else None
    case = move(case, "withdraw_review", by=by, data={"review": review.pk}, text=text)
    if by.kind == ActorKind.STAFF:
        case = write_message(case, by=by, body=reason, tell=False)
    return case
