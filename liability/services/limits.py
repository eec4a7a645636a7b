"""Setting the limits over which another person approves a finding; each change is kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.states import Severity
from liability.models import FindingLimit, FindingLimitChange
from liability.services.investigating import acting_user
from liability.states import Outcome


@dataclass(frozen=True)
class LimitData:
    """Which findings a limit concerns; what is left empty fits everything."""

    severity: str = ""
    outcome: str = ""
    amount_over: Decimal | None = None
    is_active: bool = True


@transaction.atomic
def set_limit(
    limit: FindingLimit | None, *, by: Actor, data: LimitData, reason: str, seen: int = 0
) -> FindingLimit:
    """Add a limit, or change one; a limit is put out of use, never deleted.

    `seen` is how many changes of it the author knew: StaleCase when somebody was faster. Findings
    that wait already stay waiting. Raises CaseError without a reason, for what is no choice, and
    for a limit that stands there already.
    """
    if not has_permission(by, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("你的角色不能改审批限额。"))
    user = acting_user(by)
    _check(data, reason)
    known = 0
    if limit is not None:
        limit = FindingLimit.objects.select_for_update().get(pk=limit.pk)
        known = limit.changes.count()
    if known != seen:
        raise StaleCase(_("有人刚改过这条限额。"), seen=seen, current=known)
    changed = limit or FindingLimit()
    if limit is not None and _of(limit) == data:
        return limit
    same = FindingLimit.objects.filter(
        severity=data.severity, outcome=data.outcome, amount_over=data.amount_over
    )
    if same.exclude(pk=changed.pk).exists():
        raise CaseError(_("已经有一条一样的限额，请改那一条。"))
    for name, value in vars(data).items():
        setattr(changed, name, value)
    changed.save()
    FindingLimitChange.objects.create(
        limit=changed,
        reason=reason.strip()[:300],
        changed_by=user,
        changed_at=now(),
        **vars(data),
    )
    return changed


def _of(limit: FindingLimit) -> LimitData:
    return LimitData(limit.severity, limit.outcome, limit.amount_over, limit.is_active)


def _check(data: LimitData, reason: str) -> None:
    if data.severity and data.severity not in Severity.values:
        raise CaseError(_("请选严重程度。"), field="severity")
    if data.outcome and data.outcome not in Outcome.values:
        raise CaseError(_("请选择结论。"), field="outcome")
    if data.amount_over is not None and data.amount_over < 0:
        raise CaseError(_("金额不能小于 0。"), field="amount_over")
    if not reason.strip():
        raise CaseError(_("请写明修改的理由。"), field="reason")
