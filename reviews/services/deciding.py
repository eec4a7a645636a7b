"""The panel and its decision: never by those who handled the case, never worse for the consumer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from compensation.services.offering import supersede_offers
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, check_step, has_permission
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from liability.decisions import FindingData
from liability.models import LiabilityFinding
from liability.services.findings import issue_finding
from liability.states import Outcome, Party, ShareTable
from reviews.errors import Ineligible
from reviews.models import Review
from reviews.selectors.reviews import handlers_of
from reviews.services.letters import request_decision_letter
from reviews.states import ReviewDecision, ReviewedDecision

MOST_MEMBERS = 5
_RANK = {Outcome.NOT_LIABLE: 0, Outcome.UNDETERMINED: 1, Outcome.PARTLY: 2, Outcome.LIABLE: 3}
_NOT_FOR_DECLINE = (ReviewDecision.VARY, ReviewDecision.SUBSTITUTE)


@dataclass(frozen=True)
class DecisionData:
    """What the panel decides. `findings` says what was found about each ground, by its id.

    `least_amount` goes with a variation, `new_finding` with a substitution.
    """

    decision: str
    reasons: str
    outcome_text: str
    findings: Mapping[int, str] = field(default_factory=dict)
    least_amount: Decimal | None = None
    new_finding: FindingData | None = None


@transaction.atomic
def assign_panel(review: Review, *, by: Actor, members: list[User]) -> Review:
    """Name who decides. Raises Ineligible for somebody who had a hand in the case.

    Raises CaseError for nobody, too many, people without the role, or a decided review.
    """
    if not (has_permission(by, Permission.DECIDE_REVIEW) or by.has_role(Role.MANAGER)):
        raise StepForbidden(_("复议小组由复议员或者主管安排。"))
    review = _locked(review)
    if not 1 <= len(members) <= MOST_MEMBERS:
        raise CaseError(
            _("复议小组要有 1 到 %(most)d 人。") % {"most": MOST_MEMBERS}, field="members"
        )
    hands = handlers_of(review)
    for member in members:
        _check_member(member, hands)
    review.panel.set(members)
    review.assigned_at = now()
    review.save(update_fields=["assigned_at"])
    data = {"review": review.pk, "panel": sorted(member.pk for member in members)}
    review.case = touch(review.case, "review_assigned", by=by, data=data)
    tell_staff(
        review.case,
        "review_assigned",
        users=[member for member in members if by.user is None or member.pk != by.user.pk],
        key=f"review:{review.pk}:assigned:{review.case.version}",
    )
    return review


def _check_member(member: User, hands: set[int]) -> None:
    if not member.has_role(Role.REVIEWER):
        raise CaseError(_("%(name)s不是复议员。") % {"name": member}, field="members")
    if member.pk in hands:
        raise Ineligible(
            _("%(name)s处理过这个案件，不能参加复议。") % {"name": member}, field="members"
        )


def _locked(review: Review) -> Review:
    case = locked_case(review.case)
    fresh = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    fresh.case = case
    if not fresh.is_open:
        raise CaseError(_("这次复议已经有了决定。"))
    return fresh


@transaction.atomic
def decide_review(
    review: Review, *, by: Actor, decision: DecisionData, seen: int | None = None
) -> Case:
    """Decide, with what was found about each ground; the case moves on, the letter is asked for.

    Raises StepForbidden for anybody outside the panel, CaseError for a missing reason, a decision
    that does not fit, or one that would leave the consumer worse off.
    """
    check_step(by, decision.decision if decision.decision in _VERBS else "uphold")
    locked_case(review.case, seen=seen)
    review = _locked(review)
    _check_panel(review, by)
    _check_decision(review, decision)
    _check_reasons(review, decision)
    for ground in review.grounds.all():
        ground.finding = decision.findings.get(ground.pk, "").strip() or decision.reasons.strip()
        ground.save(update_fields=["finding"])
    review.decision, review.reasons = decision.decision, decision.reasons.strip()
    review.outcome_text = decision.outcome_text.strip()
    review.amount_after = decision.least_amount
    review.decided_by, review.decided_at = by.user, now()
    review.document = request_decision_letter(review)
    review.save()
    return _carry_out(review, decision, by=by)


_CHANGES = frozenset({ReviewDecision.VARY, ReviewDecision.REMIT, ReviewDecision.SUBSTITUTE})
_VERBS = frozenset(
    {
        ReviewDecision.UPHOLD,
        ReviewDecision.VARY,
        ReviewDecision.REMIT,
        ReviewDecision.SUBSTITUTE,
        ReviewDecision.DISMISS_OUT_OF_TIME,
    }
)


def _check_panel(review: Review, by: Actor) -> None:
    if by.user is None or not review.panel.filter(pk=by.user.pk).exists():
        raise StepForbidden(_("只有复议小组的成员能作出决定。"))


def _check_decision(review: Review, data: DecisionData) -> None:
    if data.decision not in _VERBS:
        raise CaseError(_("请选择决定。"), field="decision")
    if data.decision == ReviewDecision.DISMISS_OUT_OF_TIME and review.in_time:
        raise CaseError(_("申请在期限内，不能以超期为由不予复议。"), field="decision")
    if review.reviewed == ReviewedDecision.DECLINE and data.decision in _NOT_FOR_DECLINE:
        raise CaseError(_("对不予受理的决定，只能维持或者撤销重新处理。"), field="decision")
    if data.decision == ReviewDecision.VARY:
        _check_varied(review, data)
    if data.decision == ReviewDecision.SUBSTITUTE:
        _check_substituted(review, data)


def _check_varied(review: Review, data: DecisionData) -> None:
    if review.finding is None:
        raise CaseError(_("还没有责任认定，不能变更方案。"), field="decision")
    if data.least_amount is None:
        raise CaseError(_("请写明变更后不低于多少金额。"), field="least_amount")
    if review.amount_before is not None and data.least_amount < review.amount_before:
        raise CaseError(
            _("复议不能让消费者更不利：原方案最高 %(before)s。") % {"before": review.amount_before},
            field="least_amount",
        )


def _check_substituted(review: Review, data: DecisionData) -> None:
    if review.finding is None:
        raise CaseError(_("还没有责任认定，不能改判。"), field="decision")
    new = data.new_finding
    if new is None:
        raise CaseError(_("请写明新的责任认定。"), field="outcome")
    worse = _RANK[Outcome(new.outcome)] < _RANK[Outcome(review.finding.outcome)]
    if worse or _consumer_share_of(new) > _consumer_share(review.finding):
        raise CaseError(_("复议不能让消费者更不利，请核对责任和比例。"), field="outcome")


def _consumer_share(finding: LiabilityFinding) -> Decimal:
    own = finding.shares.filter(table=ShareTable.OUTWARD, party=Party.CONSUMER)
    return sum((share.share for share in own), Decimal(0))


def _consumer_share_of(new: FindingData) -> Decimal:
    own = (
        share.share
        for share in new.shares
        if share.table == ShareTable.OUTWARD and share.party == Party.CONSUMER
    )
    return sum(own, Decimal(0))


def _check_reasons(review: Review, data: DecisionData) -> None:
    if not data.reasons.strip():
        raise CaseError(_("请写明理由。"), field="reasons")
    if not data.outcome_text.strip():
        raise CaseError(_("请用一两句话写明决定的内容。"), field="outcome_text")
    if data.decision == ReviewDecision.DISMISS_OUT_OF_TIME:
        return
    for ground in review.grounds.all():
        if not data.findings.get(ground.pk, "").strip():
            raise CaseError(
                _("请对每一条理由都写明认定：「%(ground)s」。")
                % {"ground": ground.get_ground_display()},
                field=f"ground_{ground.pk}",
            )


def _carry_out(review: Review, decision: DecisionData, *, by: Actor) -> Case:
    case = review.case
    if decision.decision in _CHANGES:
        case = supersede_offers(case, by=by, cause="review")
    data = {"review": review.pk, "decision": review.decision}
    if decision.least_amount is not None:
        data["least_amount"] = str(decision.least_amount)
    if decision.decision == ReviewDecision.SUBSTITUTE and decision.new_finding is not None:
        finding = issue_finding(case, by=by, finding=decision.new_finding)
        data["finding"] = finding.pk
    case = move(case, decision.decision, by=by, data=data)
    if case.owner is not None:
        key = f"review:{review.pk}:decided"
        tell_staff(case, "review_decided", users=[case.owner], key=key, data=data)
    return case
