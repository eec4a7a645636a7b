"""Reports of wrongdoing 举报: written down beside a Case, then handled by others, apart from it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, ReportStep, WrongdoingReport
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.states import REPORT_STEPS, ReportStatus, Wrongdoing


@transaction.atomic
def record_report(
    case: Case,
    *,
    by: Actor,
    about: str,
    facts: str,
    wants_answer: bool = False,
    seen: int | None = None,
) -> WrongdoingReport:
    """Write a report down, linked to the Case it came with; the Case goes on as if it were not.

    The Case's log says only that there is one. Raises CaseError for an unknown subject or empty
    facts, StepForbidden for anybody who does not handle cases.
    """
    if by.user is None or not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if about not in Wrongdoing.values:
        raise CaseError(_("请选举报事项。"), field="about")
    if not facts.strip():
        raise CaseError(_("请写明举报的事实。"), field="facts")
    case = touch(case, "report_linked", by=by, seen=seen)
    return WrongdoingReport.objects.create(
        case=case,
        about=about,
        facts=facts,
        wants_answer=wants_answer,
        recorded_by=by.user,
        recorded_at=now(),
    )


@transaction.atomic
def move_report(report: WrongdoingReport, *, by: Actor, status: str, note: str) -> WrongdoingReport:
    """Take a report to its next status, with a note that says why.

    Raises CaseError for a status that may not follow or an empty note, StepForbidden without the
    right to handle reports.
    """
    if by.user is None or not has_permission(by, Permission.HANDLE_REPORTS):
        raise StepForbidden(_("你的角色不能处理举报。"))
    report = WrongdoingReport.objects.select_for_update().get(pk=report.pk)
    if status not in REPORT_STEPS[ReportStatus(report.status)]:
        raise CaseError(_("举报现在不能走到这一步。"), field="status")
    if not note.strip():
        raise CaseError(_("请写明说明。"), field="note")
    report.status = status
    report.save(update_fields=["status"])
    ReportStep.objects.create(report=report, status=status, note=note, by=by.user, at=now())
    return report
