"""Making a finding, with a preview of what the consumer will read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.permissions import Permission
from complaints.selectors.steps import step_is_possible
from complaints.views.desk.actions import CaseAction, wrong_stage
from liability.decisions import FindingData
from liability.forms import FindingForm
from liability.selectors.facts import investigations_of, statements_of, supplies_of
from liability.selectors.pages import decide_obstacle
from liability.services.findings import check_finding, determine_liability
from liability.states import Outcome, Party, ShareTable


class DetermineLiability(CaseAction):
    """Decide who bears what."""

    form_class = FindingForm
    template_name = "liability/finding.html"
    permission = Permission.VIEW_CASE
    verb = "determine_liability"
    title = gettext_lazy("责任认定")
    submit = gettext_lazy("提交责任认定")
    done = gettext_lazy("责任认定已作出，消费者会收到通知")
    tab = "liability"
    preview: FindingData | None = None

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return FindingForm(case=case, **kwargs)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, reference)
        case = self._case(reference)
        form = FindingForm(request.POST, case=case)
        if not form.is_valid():
            return self._page(case, form, status=422)
        try:
            check_finding(form.finding())
        except CaseError as error:
            add_case_error(form, error)
            return self._page(case, form, status=422)
        self.preview = form.finding()
        return self._page(case, form)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = FindingForm(self.request.POST, case=case)
        form.is_valid()
        determine_liability(case, by=actor, finding=form.finding(), seen=seen)

    def more_context(self, case: Case) -> dict[str, Any]:
        return {
            "statements": statements_of(case),
            "investigations": investigations_of(case),
            "supplies": supplies_of(case) if case.batch_id else [],
            "preview": _previewed(self.preview) if self.preview else None,
        }

    def _obstacle(self, case: Case) -> Any:
        if not step_is_possible(case, self.verb):
            return wrong_stage(case)
        return decide_obstacle(case, self.actor)


def _previewed(finding: FindingData) -> dict[str, Any]:
    return {
        "outcome": Outcome(finding.outcome).label,
        "reasons": [line for line in finding.reasons_consumer.splitlines() if line.strip()],
        "shares": [
            {"party": Party(share.party).label, "share": share.share, "ground": share.ground}
            for share in finding.shares
            if share.table == ShareTable.OUTWARD
        ],
    }
