"""Staff pages of outside proceedings: record, progress, end, award or judgment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from agreements.errors import AgreementBlocked
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.permissions import Permission
from complaints.selectors.steps import step_is_possible
from complaints.states import Stage
from complaints.views.desk.actions import CaseAction, wrong_stage
from documents.errors import FileRefused
from reviews.forms.proceeding import CLOSE, EndProceedingForm, ProceedingForm, StepForm
from reviews.forms.terms import AwardForm
from reviews.models import Proceeding
from reviews.selectors.mediations import proceedings_of
from reviews.selectors.pages import desk_obstacle, may_be_awarded
from reviews.services.proceedings import (
    ProceedingData,
    add_step,
    end_proceeding,
    record_award,
    record_proceeding,
)
from reviews.states import ProceedingOutcome
from reviews.views.deeds import all_reasons

TAB = "reviews"


class RecordProceeding(CaseAction):
    """Record a proceeding elsewhere."""

    title = gettext_lazy("登记外部程序")
    lead = gettext_lazy("12315、消费者协会、仲裁或诉讼。结案以后开始的也要登记。")
    submit = gettext_lazy("登记")
    done = gettext_lazy("外部程序已登记")
    tab = TAB

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        may_suspend = step_is_possible(case, "suspend_for_external")
        return ProceedingForm(may_suspend=may_suspend, **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        record_proceeding(case, by=actor, proceeding=ProceedingData(**data), seen=seen)


class _OfProceeding(CaseAction):
    """A page of one of the case's proceedings; 404 for one of another case."""

    tab = TAB

    def get(self, request: HttpRequest, reference: str, proceeding_id: int) -> HttpResponse:
        return super().get(request, reference)

    def post(self, request: HttpRequest, reference: str, proceeding_id: int) -> HttpResponse:
        return super().post(request, reference)

    def proceeding(self, case: Case) -> Proceeding:
        """Return the proceeding of the address."""
        found = proceedings_of(case).filter(pk=self.kwargs["proceeding_id"]).first()
        if found is None:
            raise Http404(case.reference)
        found.case = case
        return found

    def _obstacle(self, case: Case) -> Any:
        if not self.proceeding(case).is_open:
            return gettext_lazy("这个外部程序已经登记结束。")
        return desk_obstacle(self.actor, Permission.HANDLE_CASE)


class AddStep(_OfProceeding):
    """Record something that happened there."""

    form_class = StepForm
    title = gettext_lazy("登记进展")
    submit = gettext_lazy("登记")
    done = gettext_lazy("进展已登记")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        add_step(
            self.proceeding(case), by=actor, happened_on=data["happened_on"], text=data["text"]
        )


class EndProceeding(_OfProceeding):
    """Record how it ended, and go on or close where handling rested."""

    title = gettext_lazy("登记结果")
    lead = gettext_lazy("裁决或判决要履行的，请改用「登记裁决或判决」。")
    submit = gettext_lazy("登记结果")
    done = gettext_lazy("外部程序的结果已登记")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        rested = self.proceeding(case).suspends and case.stage == Stage.EXTERNAL
        outcomes = [o for o in ProceedingOutcome.values if o != ProceedingOutcome.AWARD]
        return EndProceedingForm(outcomes=outcomes, rested=rested, **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        end_proceeding(
            self.proceeding(case),
            by=actor,
            outcome=data["outcome"],
            text=data["text"],
            close_case=data.get("then") == CLOSE,
            seen=seen,
        )

    template_name = "reviews/proceeding_end.html"

    def more_context(self, case: Case) -> dict[str, Any]:
        proceeding = self.proceeding(case)
        return {"proceeding": proceeding, "may_award": may_be_awarded(case, proceeding)}


class RecordAward(_OfProceeding):
    """Record what an award or judgment orders; it is performed like an agreement."""

    template_name = "reviews/terms.html"
    title = gettext_lazy("登记裁决或判决")
    lead = gettext_lazy("写裁决要我们做什么、付多少、最晚哪天。登记后案件进入履行。")
    submit = gettext_lazy("登记并开始履行")
    done = gettext_lazy("裁决已登记，案件进入履行")
    tab = "agreement"
    form: AwardForm

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        self.form = AwardForm(**kwargs)
        return self.form

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        paper = data["paper"]
        try:
            record_award(
                self.proceeding(case),
                by=actor,
                terms=self.form.terms(),
                text=data["findings"],
                decided_on=data["decided_on"],
                file=paper,
                file_name=paper.name if paper else "",
                seen=seen,
            )
        except AgreementBlocked as blocked:
            raise all_reasons(blocked) from blocked
        except FileRefused as refused:
            raise CaseError(str(refused.message), field="paper") from refused

    def _obstacle(self, case: Case) -> Any:
        if not may_be_awarded(case, self.proceeding(case)):
            return wrong_stage(case)
        return desk_obstacle(self.actor)
