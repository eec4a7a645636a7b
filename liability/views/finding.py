"""Making a finding: kept, divided, previewed, handed in; and approved by another person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.access import require_permission, visible_cases
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.steps import step_is_possible
from complaints.views.desk.actions import CaseAction, to_case, wrong_stage
from liability.decisions import FindingData
from liability.forms import ApprovalForm, FindingForm
from liability.forms.finding import apportioned, initial_of
from liability.models import FindingDraft
from liability.presenters import burden_words
from liability.selectors.approval import (
    approval_obstacle,
    drafts_to_approve,
    open_draft,
    why_approved,
)
from liability.selectors.board import burden_of
from liability.selectors.facts import evidence_of, investigations_of, statements_of, supplies_of
from liability.selectors.pages import decide_obstacle
from liability.selectors.similar import similar_cases
from liability.services.approving import (
    approve_finding,
    return_finding,
    save_draft,
    submit_finding,
)
from liability.services.finding_rules import check_evidence, check_finding
from liability.states import DraftStatus, GroundKind, LiabilityKind, Outcome, Party, ShareTable

APPORTION = {"apportion_outward": ShareTable.OUTWARD, "apportion_inward": ShareTable.INWARD}


class _OfDraft(CaseAction):
    """A page about the finding in work of a case, which is looked for once."""

    permission = Permission.VIEW_CASE
    tab = "liability"

    @cached_property
    def _found(self) -> dict[int, FindingDraft | None]:
        return {}

    def draft_of(self, case: Case) -> FindingDraft | None:
        """Return the finding in work."""
        if case.pk not in self._found:
            self._found[case.pk] = open_draft(case)
        return self._found[case.pk]


class DetermineLiability(_OfDraft):
    """Decide who bears what."""

    form_class = FindingForm
    template_name = "liability/finding.html"
    verb = "determine_liability"
    title = gettext_lazy("责任认定")
    submit = gettext_lazy("提交责任认定")
    preview: FindingData | None = None

    def initial(self, case: Case) -> dict[str, Any]:
        draft = self.draft_of(case)
        return initial_of(draft.data) if draft else {}

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return FindingForm(case=case, **kwargs)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        case = self._case(reference)
        for button, table in APPORTION.items():
            if button in request.POST:
                given = apportioned(request.POST, table)
                return self._page(case, FindingForm(case=case, initial=given))
        form = FindingForm(request.POST, case=case)
        if not form.is_valid():
            return self._page(case, form, status=422)
        try:
            done = self._carry_out(case, form.finding())
        except StaleCase as stale:
            return self._page(case, form, status=409, stale=stale)
        except CaseError as error:
            form.add_problem(error)
            return self._page(case, form, status=422)
        if not done:
            return self._page(case, form)
        messages.success(request, done)
        return to_case(case, self.tab)

    def _carry_out(self, case: Case, finding: FindingData) -> str:
        """Do what the pressed button says; "" for the preview, which changes nothing."""
        if "preview" in self.request.POST:
            check_finding(finding)
            check_evidence(case, finding)
            self.preview = finding
            return ""
        if "draft" in self.request.POST:
            save_draft(case, by=self.actor, finding=finding, seen=self._seen())
            return gettext("草稿已保存")
        done = submit_finding(case, by=self.actor, finding=finding, seen=self._seen())
        if done.waiting is not None:
            return gettext("责任认定已提交，等另一位同事批准后生效")
        return gettext("责任认定已作出，双方会收到通知")

    def more_context(self, case: Case) -> dict[str, Any]:
        return {
            "statements": statements_of(case),
            "burdens": [burden_words(each) for each in burden_of(case)],
            "investigations": investigations_of(case),
            "supplies": supplies_of(case) if case.batch_id else [],
            "preview": previewed(self.preview) if self.preview else None,
            "draft": self.draft_of(case),
            "similar": similar_cases(case, self.actor),
        }

    def _obstacle(self, case: Case) -> Any:
        if not step_is_possible(case, self.verb):
            return wrong_stage(case)
        draft = self.draft_of(case)
        if draft is not None and draft.status == DraftStatus.SUBMITTED:
            return gettext("这份认定在等待批准。要修改的，先请批准人退回。")
        return decide_obstacle(case, self.actor)


class ApproveFinding(_OfDraft):
    """Approve a finding that somebody else made, or give it back."""

    form_class = ApprovalForm
    template_name = "liability/approve.html"
    title = gettext_lazy("批准责任认定")

    def _waiting(self, case: Case) -> FindingDraft | None:
        draft = self.draft_of(case)
        return draft if draft is not None and draft.status == DraftStatus.SUBMITTED else None

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        draft = self._waiting(case)
        if draft is None:
            raise CaseError(gettext("这份认定不在等待批准。"))
        if "return" in self.request.POST:
            return_finding(case, by=actor, draft=draft, reason=data["reason"], seen=seen)
            messages.success(self.request, gettext("已退回，认定人会收到通知"))
        else:
            approve_finding(case, by=actor, draft=draft, note=data["reason"], seen=seen)
            messages.success(self.request, gettext("已批准，责任认定已作出，双方会收到通知"))

    def more_context(self, case: Case) -> dict[str, Any]:
        draft = self._waiting(case)
        return {
            "draft": draft,
            "why": why_approved(draft) if draft else [],
            "shown": finding_shown(case, draft.data) if draft else None,
            "similar": similar_cases(case, self.actor),
        }

    def _obstacle(self, case: Case) -> Any:
        draft = self._waiting(case)
        if draft is None:
            return gettext("这份认定不在等待批准。")
        return approval_obstacle(self.actor, draft)


@login_required
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """List the findings that wait for another person, the longest waiting first."""
    actor = require_permission(current_user(request), Permission.VIEW_CASE)
    entries = [
        {
            "draft": draft,
            "reason": approval_obstacle(actor, draft),
            "why": why_approved(draft),
        }
        for draft in drafts_to_approve().filter(case__in=visible_cases(actor))[:100]
    ]
    return render(request, "liability/approvals.html", {"entries": entries, "now": now()})


def previewed(finding: FindingData) -> dict[str, Any]:
    """Return what the consumer will read, as words."""
    return {
        "outcome": Outcome(finding.outcome).label,
        "reasons": [line for line in finding.reasons_consumer.splitlines() if line.strip()],
        "shares": [
            {"party": Party(share.party).label, "share": share.share, "ground": share.ground}
            for share in finding.shares
            if share.table == ShareTable.OUTWARD
        ],
    }


def finding_shown(case: Case, finding: FindingData) -> dict[str, Any]:
    """Return a whole finding in work for whoever approves it, as words."""
    names = {row.pk: row.file.original_name for row in evidence_of(case)}
    rows: dict[str, list[dict[str, Any]]] = {table.value: [] for table in ShareTable}
    for share in finding.shares:
        rows[share.table].append(
            {
                "party": Party(share.party).label,
                "name": share.name,
                "share": share.share,
                "kind": LiabilityKind(share.kind).label if share.kind else "",
                "ground_kind": GroundKind(share.ground_kind).label,
                "ground": share.ground,
                "evidence": [names[pk] for pk in share.evidence if pk in names],
            }
        )
    return {"finding": finding, "outcome": Outcome(finding.outcome).label, **rows}
