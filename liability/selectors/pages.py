"""What this app shows on a case's pages: the next step, the desk's tab, the consumer's part."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.next_action import NextAction
from complaints.permissions import PERMISSION_ROLES, STEP_ROLES, Permission
from complaints.selectors.policies import working_calendar
from complaints.selectors.steps import (
    CaseAction,
    needs_safety_action,
    step_is_possible,
    who_can,
)
from complaints.states import Severity, Stage
from liability.models import Inspection, LiabilityFinding
from liability.selectors.approval import open_draft
from liability.selectors.facts import (
    finding_in_force,
    findings_of,
    in_review_window,
    investigations_of,
    notice_ends_on,
    round_in_work,
    statements_of,
    supplies_of,
)
from liability.selectors.hearing import respondent_was_heard
from liability.selectors.inspecting import pending_inspections
from liability.selectors.recourse import claims_of
from liability.selectors.reporting import consumer_copy, reports_of
from liability.states import DraftStatus, InspectionStatus, Outcome, ShareTable

BEFORE_INVESTIGATION = frozenset({Stage.RECEIVED, Stage.ACCEPTED, Stage.DECLINED, Stage.MERGED})
_SAFETY_FIRST = _("这是紧急案件，先登记安全处置")


def page_of(name: str, case: Case) -> str:
    """Return the address of one of this app's pages of a case."""
    return reverse(f"liability:{name}", args=[case.reference])


def role_obstacle(actor: Actor, verb: str) -> str:
    """Say which roles may take a step, for somebody who may not; "" for one who may."""
    roles = STEP_ROLES[verb]
    return "" if actor.has_role(*roles) else who_can(roles)


def settle_obstacle(case: Case, actor: Actor) -> Any:
    """Say why a case can't be settled without an investigation; "" when it can."""
    if case.severity != Severity.MINOR or case.scope != "single":
        return _("只有轻微的单件问题可以不经调查")
    if needs_safety_action(case):
        return _SAFETY_FIRST
    return role_obstacle(actor, "settle_directly")


def decide_obstacle(case: Case, actor: Actor) -> Any:
    """Say why no finding can be made yet; "" when it can."""
    missing = role_obstacle(actor, "determine_liability")
    if missing:
        return missing
    if not respondent_was_heard(case):
        return _("先听取被投诉方的陈述，或者等答复期限过去")
    return ""


def close_obstacle(case: Case, finding: LiabilityFinding, actor: Actor) -> Any:
    """Say why a case can't end without liability yet; "" when it can."""
    if needs_safety_action(case):
        return _SAFETY_FIRST
    ends = notice_ends_on(finding)
    if working_calendar().local_date(now()) <= ends:
        return _("通知期到 %(date)s 为止，过了这天才能结案") % {"date": ends.isoformat()}
    return role_obstacle(actor, "close_without_liability")


def next_action(case: Case, actor: Actor) -> NextAction | None:
    """Return the primary action in the stages that this app owns."""
    if case.stage == Stage.ACCEPTED:
        return NextAction(_("选择处理方式"), page_of("triage_route", case))
    if case.stage == Stage.INVESTIGATING:
        work = round_in_work(case)
        if work is None:
            obstacle = _investigate_obstacle(actor)
            return NextAction(_("开始一轮调查"), page_of("round_new", case), obstacle)
        if work.draft_status == DraftStatus.SUBMITTED:
            return NextAction(_("批准责任认定"), page_of("finding_approve", case))
        obstacle = decide_obstacle(case, actor)
        return NextAction(_("提交责任认定"), page_of("finding_new", case), obstacle)
    if case.stage == Stage.LIABILITY_DETERMINED:
        finding = finding_in_force(case)
        if finding is not None and finding.outcome == Outcome.NOT_LIABLE:
            obstacle = close_obstacle(case, finding, actor)
            return NextAction(
                _("不承担责任，结案"), page_of("close_without_liability", case), obstacle
            )
    return None


def _investigate_obstacle(actor: Actor) -> str:
    roles = PERMISSION_ROLES[Permission.INVESTIGATE] | PERMISSION_ROLES[Permission.HANDLE_CASE]
    return "" if actor.has_role(*roles) else who_can(frozenset(roles))


def case_panel(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what the desk's tab on liability shows, with links to what can be done now."""
    findings = [_finding_shown(finding) for finding in findings_of(case)]
    return {
        "heading": _("责任认定"),
        "links": _links(case, actor),
        "draft": open_draft(case) if case.stage == Stage.INVESTIGATING else None,
        "finding": findings[0] if findings else None,
        "earlier_findings": findings[1:],
        "claims": claims_of(case) if findings else [],
        "reports": list(reports_of(case)) if findings else [],
        "investigations": list(investigations_of(case)),
        "statements": list(statements_of(case)),
        "respondent_heard": respondent_was_heard(case),
        "supplies": list(supplies_of(case)) if case.batch_id else [],
        "present": now(),
    }


def case_actions(case: Case, actor: Actor) -> list[CaseAction]:
    """Return what this app lets people do beside the next step; asks the database nothing."""
    actions = []
    if case.stage == Stage.INVESTIGATING:
        obstacle = _investigate_obstacle(actor)
        actions += [
            CaseAction(_("写调查记录"), page_of("note_new", case), "notebook-pen", obstacle),
            CaseAction(_("登记陈述"), page_of("statement_new", case), "mic", obstacle),
            CaseAction(_("开始新一轮调查"), page_of("round_new", case), "search", obstacle),
        ]
    if case.stage not in BEFORE_INVESTIGATION:
        actions.append(CaseAction(_("调查计划"), page_of("plan", case), "list-checks"))
        actions.append(CaseAction(_("证据板"), page_of("board", case), "scale"))
    if step_is_possible(case, "reinvestigate"):
        obstacle = role_obstacle(actor, "reinvestigate")
        actions.append(
            CaseAction(_("重新调查"), page_of("reinvestigate", case), "rotate-ccw", obstacle)
        )
    if case.batch_id or case.serial_number:
        actions.append(CaseAction(_("质量追溯"), page_of("case_trace", case), "waypoints"))
    return actions


def _links(case: Case, actor: Actor) -> list[CaseAction]:
    first = []
    if case.stage == Stage.ACCEPTED:
        first.append(CaseAction(_("选择处理方式"), page_of("triage_route", case), "route"))
    if case.stage == Stage.INVESTIGATING:
        obstacle = decide_obstacle(case, actor)
        first.append(CaseAction(_("提交责任认定"), page_of("finding_new", case), "scale", obstacle))
    finding = finding_in_force(case) if case.stage == Stage.LIABILITY_DETERMINED else None
    if finding is not None and finding.outcome == Outcome.NOT_LIABLE:
        page = page_of("close_without_liability", case)
        obstacle = close_obstacle(case, finding, actor)
        first.append(CaseAction(_("不承担责任，结案"), page, "archive", obstacle))
    if finding_is_made(case):
        roles = PERMISSION_ROLES[Permission.INVESTIGATE]
        obstacle = "" if actor.has_role(*roles) else who_can(frozenset(roles))
        page = page_of("report_new", case)
        first.append(CaseAction(_("写调查报告"), page, "file-text", obstacle))
    return [*first, *case_actions(case, actor)]


def finding_is_made(case: Case) -> bool:
    """Say whether a finding of a case is in force."""
    return finding_in_force(case) is not None


def _finding_shown(finding: LiabilityFinding) -> dict[str, Any]:
    shares = list(finding.shares.all())
    letter = finding.letter
    return {
        "row": finding,
        "outward": [share for share in shares if share.table == ShareTable.OUTWARD],
        "inward": [share for share in shares if share.table == ShareTable.INWARD],
        "letter": letter,
        "letter_ready": letter is not None and letter.is_ready,
    }


def _before_finding(inspections: list[Inspection]) -> dict[str, Any]:
    proposed = any(each.status == InspectionStatus.PROPOSED for each in inspections)
    return {"inspections": inspections, "awaits_consumer": proposed}


def consumer_panel(case: Case) -> dict[str, Any] | None:
    """Return the finding in force as the consumer may read it; None before it was issued."""
    inspections = pending_inspections(case)
    finding = findings_of(case).first()
    if finding is None:
        return _before_finding(inspections) if inspections else None
    shown = _finding_shown(finding)
    report = consumer_copy(case)
    return {
        **_before_finding(inspections),
        "finding": finding,
        "report_href": reverse("liability:report_mine", args=[case.reference])
        if report is not None and report.document.is_ready
        else "",
        "outward": shown["outward"],
        "letter_href": reverse("liability:letter_mine", args=[case.reference, finding.version]),
        "letter_ready": shown["letter_ready"],
        "review_until": case.review_until if in_review_window(case) else None,
    }
