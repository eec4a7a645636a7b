"""A finding on its way: kept as a draft, submitted, approved by another person or returned."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import check_step
from complaints.selectors.owners import bar_to_deciding
from complaints.selectors.steps import step_is_possible
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from liability.decisions import Approval, FindingData, finding_to_json
from liability.models import FindingDraft
from liability.selectors.approval import (
    approval_obstacle,
    approvers_today,
    open_draft,
    over_limits,
    place_of,
)
from liability.selectors.facts import current_finding
from liability.services.finding_rules import check_evidence, check_finding
from liability.services.findings import decide
from liability.services.hearing import check_heard
from liability.services.investigating import acting_user
from liability.states import DraftStatus

_DECISION = ["status", "decided_by", "decided_for", "decided_at", "decision_note", "finding"]


@dataclass(frozen=True)
class Submission:
    """What became of a finding that was handed in: issued (no draft), or waiting for approval."""

    case: Case
    waiting: FindingDraft | None = None


@transaction.atomic
def save_draft(
    case: Case, *, by: Actor, finding: FindingData, seen: int | None = None
) -> FindingDraft:
    """Keep a finding in work, whole or not. Raises CaseError while one waits for approval."""
    case, user = _deciding(case, by=by, seen=seen)
    check_evidence(case, finding)
    draft = _keep(case, user, finding)
    touch(case, "finding_drafted", by=by, data={"draft": draft.pk})
    return draft


@transaction.atomic
def submit_finding(
    case: Case, *, by: Actor, finding: FindingData, seen: int | None = None
) -> Submission:
    """Hand a finding in: within the limits it is issued at once, else it waits for another person.

    Raises CaseError for what is missing, StepForbidden for other roles and for a conflict of
    interest.
    """
    case, user = _deciding(case, by=by, seen=seen)
    _check_conflict(case, user)
    check_finding(finding)
    check_evidence(case, finding)
    check_heard(case, finding.shares)
    draft, reasons = open_draft(case), over_limits(case, finding)
    if not reasons:
        kept = _keep(case, user, finding) if draft is not None else None
        decided = decide(case, by=by, finding=finding)
        if kept is not None:
            _close(kept, decided)
        return Submission(decided)
    draft = _keep(case, user, finding)
    draft.status, draft.over_limits = DraftStatus.SUBMITTED, reasons
    draft.submitted_by, draft.submitted_at = user, now()
    draft.decided_by = draft.decided_for = draft.decided_at = None
    draft.decision_note = ""
    draft.save()
    case = touch(case, "finding_submitted", by=by, data={"draft": draft.pk})
    tell_staff(
        case,
        "finding_to_approve",
        users=[person for person, _principal in approvers_today(draft)],
        key=f"finding-draft:{draft.pk}:{case.event_count}",
        data={"draft": draft.pk},
        by_mail=True,
    )
    return Submission(case, draft)


@transaction.atomic
def approve_finding(
    case: Case, *, by: Actor, draft: FindingDraft, note: str = "", seen: int | None = None
) -> Case:
    """Approve a finding that others made; it is issued with the stage and the notices, or nothing.

    Raises StepForbidden for whoever wrote in it, or has no right today (their own, or as the
    stand-in of somebody who is away); CaseError when it does not wait, or no longer fits.
    """
    case = locked_case(case, seen=seen)
    draft, user, principal = _waiting(case, draft, by)
    decider = draft.submitted_by
    if decider is None or not decider.is_active:
        raise CaseError(_("认定人的账号已停用。请退回，由别的同事重新提交。"))
    check_heard(case, draft.data.shares)
    moment = now()
    approval = Approval(user, moment, principal)
    case = touch(case, "finding_approved", by=by, data={"draft": draft.pk})
    case = decide(case, by=Actor.staff(decider), finding=draft.data, approval=approval)
    draft.decided_by, draft.decided_for = user, principal
    draft.decided_at, draft.decision_note = moment, note.strip()
    _close(draft, case)
    return case


@transaction.atomic
def return_finding(
    case: Case, *, by: Actor, draft: FindingDraft, reason: str, seen: int | None = None
) -> FindingDraft:
    """Give a finding back to whoever submitted it, with the reason. Raises as approving does."""
    if not reason.strip():
        raise CaseError(_("请写明退回的理由。"), field="reason")
    case = locked_case(case, seen=seen)
    draft, user, principal = _waiting(case, draft, by)
    draft.status, draft.decision_note = DraftStatus.RETURNED, reason.strip()
    draft.decided_by, draft.decided_for, draft.decided_at = user, principal, now()
    draft.save(update_fields=_DECISION)
    case = touch(case, "finding_returned", by=by, data={"draft": draft.pk})
    tell_staff(
        case,
        "finding_returned",
        users=[draft.submitted_by] if draft.submitted_by else [],
        key=f"finding-draft:{draft.pk}:{case.event_count}",
        data={"draft": draft.pk},
    )
    return draft


def _deciding(case: Case, *, by: Actor, seen: int | None) -> tuple[Case, User]:
    check_step(by, "determine_liability")
    user = acting_user(by)
    case = locked_case(case, seen=seen)
    if not step_is_possible(case, "determine_liability"):
        raise CaseError(_("案件不在调查中，不能作责任认定。"))
    draft = open_draft(case)
    if draft is not None and draft.status == DraftStatus.SUBMITTED:
        raise CaseError(_("已有一份认定在等待批准。要修改的，先请批准人退回。"))
    return case, user


def _check_conflict(case: Case, user: User) -> None:
    because = bar_to_deciding(case, user)
    if because:
        raise StepForbidden(
            _("你不能决定这个案件：%(reason)s。请交给别的同事。") % {"reason": because}
        )


def _keep(case: Case, user: User, finding: FindingData) -> FindingDraft:
    draft = open_draft(case) or FindingDraft(case=case, authors=[])
    draft.content = finding_to_json(finding)
    draft.authors = sorted({*draft.authors, user.pk})
    draft.saved_by, draft.saved_at = user, now()
    draft.save()
    return draft


def _waiting(case: Case, draft: FindingDraft, by: Actor) -> tuple[FindingDraft, User, User | None]:
    found = open_draft(case)
    if found is None or found.pk != draft.pk or found.status != DraftStatus.SUBMITTED:
        raise CaseError(_("这份认定不在等待批准。"))
    obstacle = approval_obstacle(by, found)
    if obstacle:
        raise StepForbidden(obstacle)
    user = acting_user(by)
    _check_conflict(case, user)
    return found, user, place_of(user, found)[1]


def _close(draft: FindingDraft, case: Case) -> None:
    draft.status, draft.finding = DraftStatus.ISSUED, current_finding(case)
    draft.save()
