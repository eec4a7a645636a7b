"""A person confirms what was proposed for a Case, or puts something else in its place."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, TriageProposal
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.triage import proposal_of
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.lowering import check_floor
from complaints.services.triage import classify, raise_emergency
from complaints.states import Severity, TriageDecision, Urgency


@transaction.atomic
def decide_triage(
    case: Case,
    *,
    by: Actor,
    urgency: str,
    severity: str,
    reason: str = "",
    seen: int | None = None,
) -> Case:
    """Confirm the proposal, or set other values, with the reason.

    Raises CaseError where a change has no reason, and for a case put lower by one person alone
    (see services.lowering); StepForbidden for anybody who does not handle cases.
    """
    if by.user is None or not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if urgency not in Urgency.values or severity not in Severity.values:
        raise CaseError(_("请选紧急程度和严重程度。"), field="urgency")
    case = locked_case(case, seen=seen)
    proposal = proposal_of(case)
    same = proposal is not None and (proposal.urgency, proposal.severity) == (urgency, severity)
    if not same and not reason.strip():
        raise CaseError(_("和建议不一样，请写明理由。"), field="reason")
    check_floor(case, urgency=urgency, severity=severity)
    decision = TriageDecision.CONFIRMED if same else TriageDecision.CHANGED
    case = touch(
        case,
        "triaged",
        by=by,
        data={"decision": decision, "urgency": urgency, "severity": severity},
        text={"reason": reason} if reason.strip() else None,
    )
    if severity != case.severity:
        case = classify(case, by=by, severity=severity)
    if urgency == Urgency.EMERGENCY and case.urgency != Urgency.EMERGENCY:
        case = raise_emergency(case, by=by, reason=reason or _("按分诊建议确认"))
    TriageProposal.objects.filter(case=case).update(
        decision=decision, decided_by=by.user, decided_at=now()
    )
    return case
