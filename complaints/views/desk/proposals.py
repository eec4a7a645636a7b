"""Pages of triage: what was proposed and why, confirming it, and lowering a case by two people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from complaints.errors import CaseError
from complaints.forms import triage as forms
from complaints.models import Case
from complaints.selectors.triage import (
    floor_of,
    lowerings,
    marked_text,
    open_lowering,
    proposal_of,
    reason_rows,
)
from complaints.services.lowering import decide_lowering, request_lowering
from complaints.services.triage_decisions import decide_triage
from complaints.states import Severity, Urgency
from complaints.views.desk.actions import CaseAction


class _Proposed(CaseAction):
    """A page with the proposal on it."""

    template_name = "complaints/desk/triage.html"
    shows_links = False

    def more_context(self, case: Case) -> dict[str, Any]:
        proposal = proposal_of(case)
        return {
            "proposal": proposal,
            "reasons": reason_rows(case, proposal) if proposal else [],
            "pieces": marked_text(case, proposal) if proposal else [(case.description, False)],
            "request_open": open_lowering(case),
            "requests": lowerings(case),
        }


class Triage(_Proposed):
    """Confirm the proposal, or change it."""

    form_class = forms.TriageForm
    compares = ("urgency", "severity")
    title = gettext_lazy("分诊")
    lead = gettext_lazy("系统按规则给出建议，由你确认或改动。安全案件降级要两个人。")
    submit = gettext_lazy("确认")
    done = gettext_lazy("分诊结果已保存")
    shows_links = True

    def initial(self, case: Case) -> dict[str, Any]:
        proposal = proposal_of(case)
        severity = case.severity or (proposal.severity if proposal else "")
        return {"urgency": case.urgency, "severity": severity}

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        decide_triage(case, by=actor, seen=seen, **data)


class RequestLowering(_Proposed):
    """Ask for a lower urgency or severity."""

    form_class = forms.LoweringForm
    title = gettext_lazy("申请降级")
    lead = gettext_lazy("安全案件要由另一位同事批准才能降级，批准前一切照旧。")
    submit = gettext_lazy("提交申请")
    done = gettext_lazy("已提交，等另一位同事决定")

    def initial(self, case: Case) -> dict[str, Any]:
        return {"urgency": Urgency.NORMAL, "severity": floor_of(case).severity or Severity.SEVERE}

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        request_lowering(case, by=actor, seen=seen, **data)


class DecideLowering(_Proposed):
    """Approve or refuse somebody else's request."""

    form_class = forms.LoweringDecisionForm
    title = gettext_lazy("决定降级申请")
    lead = gettext_lazy("自己提出的申请不能自己决定。批准后立即生效，2 小时的紧急计时随之停止。")
    submit = gettext_lazy("保存决定")
    done = gettext_lazy("决定已保存")

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        if open_lowering(case) is None:
            raise CaseError(gettext_lazy("没有等人决定的降级申请。"))
        approve = data["approve"] == forms.LoweringDecisionForm.YES
        decide_lowering(case, by=actor, approve=approve, reason=data["reason"], seen=seen)
