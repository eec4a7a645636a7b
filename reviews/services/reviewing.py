"""Internal review 内部复议: asking, naming a panel of outsiders to the case, deciding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from compensation.models import CompensationPlan
from compensation.services.offering import supersede_offers
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent
from complaints.moments import now
from complaints.permissions import Permission, check_step, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import ActorKind, Stage
from liability.decisions import FindingData
from liability.selectors import current_finding
from liability.services.findings import issue_finding
from reviews.models import GroundOfReview, Review
from reviews.services.deciding_letter import request_decision_letter
from reviews.states import ReviewDecision, ReviewedDecision, ReviewGround


@dataclass(frozen=True)
class GroundData:
    """One ground of an application."""

    ground: str
    text: str


@dataclass(frozen=True)
class DecisionData:
    """What the panel decides: a finding for each ground (by its id), and reasons for the whole."""

    decision: str
    reasons: str
    outcome_text: str
    findings: Mapping[int, str]
    amount_after: Decimal | None = None
    finding: FindingData | None = None


def today() -> date:
    """Return the date on which people live."""
    return working_calendar().local_date(now())


def is_in_time(case: Case) -> bool:
    """Say whether the window in which a review may be asked for is still open."""
    if case.review_until is None:
        return case.is_open
    return today() <= case.review_until


@transaction.atomic
def request_review(
    case: Case, *, by: Actor, grounds: Sequence[GroundData], seen: int | None = None
) -> Case:
    """Ask for a review. Staff may record a late application, which the panel then dismisses.

    Raises CaseError without a ground, or for a consumer's application after the window.
    """
    check_step(by, "request_review")
    case = locked_case(case, seen=seen)
    _check_grounds(grounds)
    in_time = is_in_time(case)
    if not in_time and by.kind == ActorKind.CONSUMER:
        raise CaseError(
            _("申请复议的期限已经过了。你还可以找消费者协会调解、向 12315 投诉、仲裁或起诉。")
        )
    review = Review(
        case=case,
        requested_at=now(),
        requested_by_kind=by.kind,
        requested_by=by.user,
        in_time=in_time,
        request_event=case.event_count,
        **_under_review(case),
    )
    case = move(case, "request_review", by=by, data={"reviewed": review.reviewed})
    review.case = case
    review.save(force_insert=True)
    GroundOfReview.objects.bulk_create(
        GroundOfReview(
            review=review, position=position, ground=ground.ground, text=ground.text.strip()
        )
        for position, ground in enumerate(grounds, start=1)
    )
    _tell_reviewers(case, review)
    return case


def _check_grounds(grounds: Sequence[GroundData]) -> None:
    if not grounds:
        raise CaseError(_("请至少选一个理由。"), field="grounds")
    if len({ground.ground for ground in grounds}) < len(grounds):
        raise CaseError(_("同一个理由只写一次。"), field="grounds")
    for ground in grounds:
        if ground.ground not in ReviewGround.values:
            raise CaseError(_("请选一个列出的理由。"), field="grounds")
        if not ground.text.strip():
            raise CaseError(_("请说说为什么。"), field="text")


def _under_review(case: Case) -> dict[str, object]:
    finding = current_finding(case)
    plan = CompensationPlan.objects.filter(case=case, offer__isnull=False).order_by("-version")
    reviewed = {
        Stage.DECLINED: ReviewedDecision.DECLINE,
        Stage.LIABILITY_DETERMINED: ReviewedDecision.FINDING,
        Stage.NEGOTIATING: ReviewedDecision.PLAN,
    }.get(Stage(case.stage), ReviewedDecision.CLOSING)
    return {
        "reviewed": reviewed,
        "finding": finding,
        "plan": plan.first(),
        "amount_before": case.amount_agreed,
    }


def _tell_reviewers(case: Case, review: Review) -> None:
    handlers = handlers_of(case, until=review.request_event)
    reviewers = User.objects.filter(is_active=True, roles__contains=[Role.REVIEWER])
    tell_staff(
        case,
        "review_requested",
        users=list(reviewers.exclude(pk__in=handlers)),
        key=f"review:{review.pk}",
        by_mail=True,
    )


def handlers_of(case: Case, *, until: int) -> set[int]:
    """Return the ids of all staff in the case's log up to an event: none of them may review it."""
    events = CaseEvent.objects.filter(case=case, sequence__lte=until, actor__isnull=False)
    handlers = set(events.values_list("actor_id", flat=True))
    return handlers | ({case.owner_id} if case.owner_id else set())


@transaction.atomic
def assign_panel(
    review: Review, *, by: Actor, panel: Sequence[User], seen: int | None = None
) -> Review:
    """Name who decides. Raises CaseError for nobody, a non-reviewer, or a handler of the case."""
    if not has_permission(by, Permission.DECIDE_REVIEW) and not by.has_role(Role.MANAGER):
        raise StepForbidden(_("只有复议员或主管可以组成复议小组。"))
    review, case = _open_review(review, seen=seen)
    if not panel:
        raise CaseError(_("请至少选一位复议员。"), field="panel")
    handlers = handlers_of(case, until=review.request_event)
    for member in panel:
        if not member.has_role(Role.REVIEWER):
            raise CaseError(
                _("%(name)s 不是复议员。") % {"name": member.display_name}, field="panel"
            )
        if member.pk in handlers:
            raise CaseError(
                _("%(name)s 经手过这个案件，要回避。") % {"name": member.display_name},
                field="panel",
            )
    review.panel.set(panel)
    review.assigned_at = now()
    review.save(update_fields=["assigned_at"])
    touch(
        case,
        "panel_assigned",
        by=by,
        data={"review": review.pk, "panel": sorted(member.pk for member in panel)},
    )
    return review


def _open_review(review: Review, *, seen: int | None = None) -> tuple[Review, Case]:
    case = locked_case(review.case, seen=seen)
    fresh = Review.objects.select_related("case").get(pk=review.pk)
    if not fresh.is_open or case.stage != Stage.UNDER_REVIEW:
        raise CaseError(_("这次复议已经结束。"))
    fresh.case = case
    return fresh, case


@transaction.atomic
def decide_review(
    review: Review, *, by: Actor, decision: DecisionData, seen: int | None = None
) -> Case:
    """Decide a review: every ground answered, reasons given, never worse for the consumer.

    Raises CaseError for what is missing, StepForbidden for anybody outside the panel.
    """
    review, case = _open_review(review, seen=seen)
    if by.user is None or not review.panel.filter(pk=by.user.pk).exists():
        raise StepForbidden(_("只有复议小组的成员可以作决定。"))
    check_step(by, decision.decision)
    _check_decision(review, decision)
    _answer_grounds(review, decision)
    review.decision, review.reasons = decision.decision, decision.reasons.strip()
    review.outcome_text, review.amount_after = decision.outcome_text.strip(), decision.amount_after
    review.decided_by, review.decided_at = by.user, now()
    review.document = request_decision_letter(review)
    review.save(
        update_fields=[
            "decision",
            "reasons",
            "outcome_text",
            "amount_after",
            "decided_by",
            "decided_at",
            "document",
        ]
    )
    return _carry_out(case, review, by=by, finding=decision.finding)


def _check_decision(review: Review, decision: DecisionData) -> None:
    if decision.decision not in ReviewDecision.values or decision.decision == "withdrawn":
        raise CaseError(_("请选择决定。"), field="decision")
    out_of_time = decision.decision == ReviewDecision.DISMISS_OUT_OF_TIME
    if out_of_time == review.in_time:
        raise CaseError(
            _("申请在期限内，要审查理由。") if review.in_time else _("申请超过了期限。"),
            field="decision",
        )
    if not decision.reasons.strip():
        raise CaseError(_("请写明理由。"), field="reasons")
    if not decision.outcome_text.strip():
        raise CaseError(_("请写明决定的内容。"), field="outcome_text")
    before, after = review.amount_before, decision.amount_after
    if before is not None and after is not None and after < before:
        raise CaseError(_("复议不能让消费者得到的比原来少。"), field="amount_after")
    if decision.decision == ReviewDecision.SUBSTITUTE and decision.finding is None:
        raise CaseError(_("直接改判要写明新的责任认定。"), field="outcome")
    if decision.decision == ReviewDecision.VARY and review.finding is None:
        raise CaseError(_("还没有责任认定，不能变更补偿；可以撤销并重新处理。"), field="decision")


def _answer_grounds(review: Review, decision: DecisionData) -> None:
    for ground in review.grounds.order_by("position"):
        finding = decision.findings.get(ground.pk, "").strip()
        if not finding and decision.decision != ReviewDecision.DISMISS_OUT_OF_TIME:
            raise CaseError(
                _("请对「%(ground)s」作出认定。") % {"ground": ground.get_ground_display()},
                field=f"finding_{ground.pk}",
            )
        ground.finding = finding
        ground.save(update_fields=["finding"])


def _carry_out(case: Case, review: Review, *, by: Actor, finding: FindingData | None) -> Case:
    if review.decision in (
        ReviewDecision.VARY,
        ReviewDecision.REMIT,
        ReviewDecision.SUBSTITUTE,
    ):
        case = supersede_offers(case, by=by, cause="review")
    if review.decision == ReviewDecision.SUBSTITUTE and finding is not None:
        issue_finding(case, by=by, finding=finding)
    return move(case, review.decision, by=by, data={"review": review.pk})


@transaction.atomic
def withdraw_review(review: Review, *, by: Actor, seen: int | None = None) -> Case:
    """Take an application back; the case is where it was, and its clocks run on."""
    check_step(by, "withdraw_review")
    review, case = _open_review(review, seen=seen)
    review.decision, review.decided_at = ReviewDecision.WITHDRAWN, now()
    review.save(update_fields=["decision", "decided_at"])
    return move(case, "withdraw_review", by=by, data={"review": review.pk})
