"""Lowering a safety case takes two: one person asks with a reason, another decides with one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, LoweringRequest
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.triage import floor_of, open_lowering
from complaints.services.cases import touch
from complaints.services.event_clocks import start_missing
from complaints.services.locking import locked_case
from complaints.services.recalculating import recalculate_case
from complaints.services.stage_clocks import stop_kind
from complaints.states import ClockKind, Severity, Urgency


def check_floor(case: Case, *, urgency: str = "", severity: str = "") -> None:
    """Raise CaseError when one person alone would put a safety case lower than it stands."""
    if not floor_of(case).holds(urgency=urgency, severity=severity):
        raise CaseError(
            _("这是安全案件，一个人不能降级。请提交降级申请，由另一位同事决定。"),
            field="severity" if severity else "urgency",
        )


def _handler(by: Actor) -> User:
    if by.user is None or not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    return by.user


@transaction.atomic
def request_lowering(
    case: Case, *, by: Actor, urgency: str, severity: str, reason: str, seen: int | None = None
) -> Case:
    """Ask that a safety case be put lower; nothing changes until another person approves.

    Raises CaseError without a reason, for values that are not lower, or while a request is open.
    """
    user = _handler(by)
    if urgency not in Urgency.values or severity not in Severity.values:
        raise CaseError(_("请选紧急程度和严重程度。"), field="urgency")
    if not reason.strip():
        raise CaseError(_("请写明为什么可以降级。"), field="reason")
    case = locked_case(case, seen=seen)
    if floor_of(case).holds(urgency=urgency, severity=severity):
        raise CaseError(_("这不算降级，不用申请，直接调整就可以。"), field="severity")
    if open_lowering(case) is not None:
        raise CaseError(_("已有一份降级申请在等人决定。"))
    request = LoweringRequest.objects.create(
        case=case,
        urgency=urgency,
        severity=severity,
        reason=reason,
        requested_by=user,
        requested_at=now(),
    )
    data = {"request": request.pk, "urgency": urgency, "severity": severity}
    return touch(case, "lowering_requested", by=by, data=data)


@transaction.atomic
def decide_lowering(
    case: Case, *, by: Actor, approve: bool, reason: str, seen: int | None = None
) -> Case:
    """Approve or refuse the open request to lower a Case; approved, it is put lower at once.

    Raises StepForbidden for the person who asked, CaseError without a reason, or when there is
    nothing (any more) to decide.
    """
    user = _handler(by)
    case = locked_case(case, seen=seen)
    request = open_lowering(case)
    if request is None:
        raise CaseError(_("没有等人决定的降级申请。"))
    if request.requested_by_id == user.pk:
        raise StepForbidden(_("自己提出的降级申请要由另一位同事决定。"))
    if not reason.strip():
        raise CaseError(_("请写明理由。"), field="reason")
    request.approved, request.decision_reason = approve, reason
    request.decided_by, request.decided_at = user, now()
    request.save(update_fields=["approved", "decision_reason", "decided_by", "decided_at"])
    if not approve:
        return touch(case, "lowering_refused", by=by, data={"request": request.pk})
    return _lower(case, request, by=by)


def _lower(case: Case, request: LoweringRequest, *, by: Actor) -> Case:
    ends_emergency = case.urgency == Urgency.EMERGENCY and request.urgency == Urgency.NORMAL
    case = touch(
        case,
        "lowering_approved",
        by=by,
        changes={"urgency": request.urgency, "severity": request.severity},
        data={"request": request.pk},
    )
    if ends_emergency:
        case = stop_kind(case, ClockKind.EMERGENCY, by=by, cause="lowering_approved")
    recalculate_case(case.pk, by=by, cause="facts_changed")
    return start_missing(locked_case(case), by=by)
