"""Submitting a plan and deciding about it: within the author's authority, else by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.drafts import PlanData
from compensation.models import CompensationPlan
from compensation.selectors.checks import deviation_of, plan_checks
from compensation.selectors.plans import (
    PLAN_STAGES,
    Standing,
    authority_to_plan,
    deciders_today,
    decides_today,
    highest_cost,
    makers_of,
    plans_of,
)
from compensation.selectors.rules import current_sheet
from compensation.services.planning import planner, save_plan
from compensation.states import EDITABLE_STATUSES, PlanStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff

FEWEST_OPTIONS = 2


def fresh_plan(case: Case, plan: CompensationPlan) -> CompensationPlan:
    """Return a plan of a locked case as it now is. Raises CaseError for another case's."""
    found = plans_of(case).filter(pk=plan.pk).first()
    if found is None:
        raise CaseError(_("这个方案不属于本案。"))
    return found


def check_sendable(case: Case, plan: CompensationPlan) -> None:
    """Raise CaseError unless a plan may reach the consumer as it is."""
    if case.stage not in PLAN_STAGES:
        raise CaseError(_("案件已经不在协商阶段。"))
    if not plan.finding.is_current:
        raise CaseError(_("责任认定已经更新，请按新的认定重新拟定方案。"))
    sheet = current_sheet(case)
    if sheet is not None and sheet.pk != plan.sheet_id:
        raise CaseError(_("法定金额已经重新核算，请按新的金额重新保存方案。"))
    options = list(plan.options.all())
    if len(options) < FEWEST_OPTIONS:
        raise CaseError(_("至少要有两个选项，让消费者有得选。"), field="options")
    if plan.informed_choice:
        return
    for option in options:
        required = plan.legal_minimum if option.legal_minimum is None else option.legal_minimum
        if option.totals.statutory < required:
            raise CaseError(
                _(
                    "「%(title)s」低于法定最低金额 %(minimum)s。请提高金额，或记录知情选择。"
                    "维修、换货的选项可以另填最低金额。"
                )
                % {"title": option.title, "minimum": required},
                field="options",
            )


@transaction.atomic
def submit_plan(
    case: Case,
    *,
    by: Actor,
    plan: CompensationPlan,
    seen: int | None = None,
    tell: bool = True,
    checks: Sequence[Mapping[str, str]] = (),
    deviation_reason: str = "",
) -> CompensationPlan:
    """Submit a plan: approved at once within the author's authority, else it waits for another.

    What goes beyond the author's limit for the severity, strays from the company's standard or
    from similar cases, or gives less than the law with an informed choice, waits for another
    person, who is told if `tell`. More `checks` make another person look whatever the amount, and
    `deviation_reason` is taken where the plan deviates and gives none. Raises CaseError for fewer
    than two options, money below the law's minimum without a recorded informed choice, or a
    deviation from the standard without its reason.
    """
    user = planner(by)
    case = locked_case(case, seen=seen)
    plan = fresh_plan(case, plan)
    if plan.status not in EDITABLE_STATUSES:
        raise CaseError(_("这个方案已经提交。"))
    check_sendable(case, plan)
    authority = authority_to_plan(by, currency=plan.currency, severity=case.severity)
    plan.checks = [*map(dict, checks), *plan_checks(case, plan, alone=authority)]
    plan.deviation = deviation_of(plan.checks)
    if plan.deviation is not None and not plan.deviation_reason:
        plan.deviation_reason = deviation_reason
    if plan.deviation is not None and not plan.deviation_reason:
        raise CaseError(_("方案偏离公司标准，请写明理由。"), field="deviation_reason")
    alone, moment = not plan.checks, now()
    plan.created_by, plan.submitted_at = user, moment
    plan.makers = sorted({*plan.makers, user.pk})
    plan.cost, plan.alone_limit = highest_cost(plan), authority.most or Decimal(0)
    plan.within_authority, plan.decided_for, plan.delegation = alone, None, None
    plan.status = PlanStatus.APPROVED if alone else PlanStatus.PENDING_APPROVAL
    plan.decided_by, plan.decided_at, plan.decision_note = None, moment if alone else None, ""
    plan.save(update_fields=[*_DECISION, *_GROUNDS])
    data = {"plan": plan.pk, "version": plan.version, "within_authority": alone}
    case = touch(case, "plan_submitted", by=by, data=data)
    if not alone and tell:
        _tell_approvers(case, plan)
    return plan


_DECISION = [
    "created_by",
    "submitted_at",
    "within_authority",
    "status",
    "decided_by",
    "decided_for",
    "delegation",
    "decided_at",
    "decision_note",
]
_GROUNDS = ["makers", "cost", "alone_limit", "deviation", "deviation_reason", "checks"]


def _tell_approvers(case: Case, plan: CompensationPlan) -> None:
    tell_staff(
        case,
        "plan_to_approve",
        users=[user for user, _principal in deciders_today().of(plan)],
        key=f"plan:{plan.pk}:{case.event_count}",
        data={"plan": plan.pk},
    )


@transaction.atomic
def approve_plan(
    case: Case,
    *,
    by: Actor,
    plan: CompensationPlan,
    note: str = "",
    seen: int | None = None,
    tell: bool = True,
    beforehand: Actor | None = None,
) -> CompensationPlan:
    """Approve a plan that another person made. Raises StepForbidden for one's own work, a missing
    right or too small an authority; CaseError when it does not wait for approval.

    Whoever is away or delegated is stood for within their own limits, and within the delegation's.
    Where the person decided `beforehand`, that actor carries it out and stands in the log.
    """
    case = locked_case(case, seen=seen)
    plan, place = _waiting_plan(case, plan, by)
    authority = place.authority(plan, severity=case.severity)
    if not authority.covers(highest_cost(plan)):
        raise StepForbidden(_("金额超过你的审批额度。"))
    if not authority.covers(highest_cost(plan), plan.deviation):
        raise StepForbidden(_("偏离公司标准太多，要由额度更高的同事审批。"))
    check_sendable(case, plan)
    return _decide(
        case,
        plan,
        by=by,
        place=place,
        status=PlanStatus.APPROVED,
        note=note,
        tell=tell,
        on_record=beforehand or by,
    )


@transaction.atomic
def return_plan(
    case: Case, *, by: Actor, plan: CompensationPlan, reason: str, seen: int | None = None
) -> CompensationPlan:
    """Give a plan back to its author, with the reason. Raises as `approve_plan` does."""
    _check_may_decide(by)
    if not reason.strip():
        raise CaseError(_("请写明退回的理由。"), field="reason")
    case = locked_case(case, seen=seen)
    plan, place = _waiting_plan(case, plan, by)
    return _decide(
        case, plan, by=by, place=place, status=PlanStatus.RETURNED, note=reason, on_record=by
    )


def _check_may_decide(by: Actor) -> User:
    if by.user is None or not decides_today(by):
        raise StepForbidden(_("你的角色不能审批方案。"))
    return by.user


def _waiting_plan(
    case: Case, plan: CompensationPlan, by: Actor
) -> tuple[CompensationPlan, Standing]:
    """Return a plan that waits and that somebody may decide about, and in whose place they do."""
    user = _check_may_decide(by)
    plan = fresh_plan(case, plan)
    if plan.status != PlanStatus.PENDING_APPROVAL:
        raise CaseError(_("这个方案不在等待审批。"))
    if user.pk in makers_of(plan):
        raise StepForbidden(_("不能审批自己拟定的方案。"))
    place = deciders_today().standing(user, plan, severity=case.severity)
    if place is None:
        raise StepForbidden(_("你代理的同事参与了拟定，要由别的同事审批。"))
    return plan, place


def _decide(
    case: Case,
    plan: CompensationPlan,
    *,
    by: Actor,
    place: Standing,
    status: PlanStatus,
    note: str,
    on_record: Actor,
    tell: bool = True,
) -> CompensationPlan:
    plan.status, plan.decision_note = status, note.strip()
    plan.decided_by, plan.decided_for, plan.decided_at = by.user, place.principal, now()
    plan.delegation = place.delegation
    plan.save(update_fields=_DECISION)
    kind = "plan_approved" if status == PlanStatus.APPROVED else "plan_returned"
    data = {"plan": plan.pk, "version": plan.version}
    if place.delegation is not None:
        data["delegation"] = place.delegation.pk
    case = touch(case, kind, by=on_record, data=data)
    tell_staff(
        case,
        kind,
        users=[plan.created_by] if tell else [],
        key=f"plan:{plan.pk}:{case.event_count}",
        data={"plan": plan.pk},
    )
    return plan


@transaction.atomic
def save_and_submit(
    case: Case, *, by: Actor, plan: PlanData, seen: int | None = None
) -> CompensationPlan:
    """Write the plan in work and submit it, or neither. Raises as both do."""
    saved = save_plan(case, by=by, plan=plan, seen=seen)
    return submit_plan(case, by=by, plan=saved)
