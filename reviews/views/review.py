"""Staff pages of a review: taking one down, naming its panel, deciding, taking it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms.desk import ReasonForm
from complaints.models import Case
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction
from liability.forms import FindingForm
from reviews.forms.review import DecisionForm, DeskRequestForm, PanelForm
from reviews.models import Review
from reviews.selectors.deciding import (
    evidence_weighed,
    first_decision,
    possible_decisions,
    recused_reviewers,
)
from reviews.selectors.pages import decide_obstacle, panel_names, panel_obstacle
from reviews.selectors.reviews import eligible_reviewers, is_in_time, open_review
from reviews.services.deciding import DecisionData, assign_panel, decide_review
from reviews.services.requesting import request_review, withdraw_review
from reviews.states import ReviewDecision

TAB = "reviews"


class RequestForConsumer(CaseAction):
    """Take a consumer's application down."""

    form_class = DeskRequestForm
    verb = "request_review"
    title = gettext_lazy("登记复议申请")
    submit = gettext_lazy("提交复议申请")
    done = gettext_lazy("复议申请已登记，复议员会收到通知")
    tab = TAB
    template_name = "reviews/request_for.html"

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        request_review(case, by=actor, grounds=data["grounds"], text=data["text"], seen=seen)

    def more_context(self, case: Case) -> dict[str, Any]:
        return {"late": not is_in_time(case)}


class _OfReview(CaseAction):
    """A page of the review that waits for a decision; 404 when there is none."""

    permission = Permission.VIEW_CASE
    tab = TAB

    def review(self, case: Case) -> Review:
        """Return the open review."""
        review = open_review(case)
        if review is None:
            raise Http404(case.reference)
        review.case = case
        return review


class AssignPanel(_OfReview):
    """Name who decides; those who had a hand in the case are shown with the reason."""

    template_name = "reviews/panel.html"
    title = gettext_lazy("复议小组")
    lead = gettext_lazy("经手过这个案件的人要回避。建议三人以上，单数。")
    submit = gettext_lazy("确定复议小组")
    done = gettext_lazy("复议小组已确定，成员会收到通知")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return PanelForm(people=eligible_reviewers(self.review(case)), **kwargs)

    def initial(self, case: Case) -> dict[str, Any]:
        return {"members": [person.pk for person in self.review(case).panel.all()]}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        assign_panel(self.review(case), by=actor, members=list(data["members"]))

    def more_context(self, case: Case) -> dict[str, Any]:
        return {"recused": recused_reviewers(self.review(case))}

    def _obstacle(self, case: Case) -> Any:
        return panel_obstacle(self.actor)


class DecideReview(_OfReview):
    """Decide: the first decision and the appeal side by side, a finding for each ground."""

    template_name = "reviews/decide.html"
    title = gettext_lazy("复议决定")
    submit = gettext_lazy("作出复议决定")
    done = gettext_lazy("复议决定已作出，消费者会收到通知和决定书")
    finding_form: FindingForm | None = None

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        review = self.review(case)
        data = kwargs.get("data")
        substitutes = data is not None and data.get("decision") == ReviewDecision.SUBSTITUTE
        self.finding_form = FindingForm(data if substitutes else None, case=case)
        return DecisionForm(review=review, possible=possible_decisions(review), **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        review, finding = self.review(case), self.finding_form
        new_finding = None
        if data["decision"] == ReviewDecision.SUBSTITUTE and finding is not None:
            if not finding.is_valid():
                raise CaseError(_("新的责任认定还没有填完整，请看下面标出的地方。"))
            new_finding = finding.finding()
        varied = data["decision"] == ReviewDecision.VARY
        decision = DecisionData(
            decision=data["decision"],
            reasons=data["reasons"],
            outcome_text=data["outcome_text"],
            findings=self._answers(review),
            least_amount=data["least_amount"] if varied else None,
            new_finding=new_finding,
        )
        decide_review(review, by=actor, decision=decision, seen=seen)

    def _answers(self, review: Review) -> dict[int, str]:
        given = self.request.POST
        return {row.pk: given.get(f"ground_{row.pk}", "") for row in review.grounds.all()}

    def more_context(self, case: Case) -> dict[str, Any]:
        review = self.review(case)
        return {
            "review": review,
            "first": first_decision(review),
            "evidence": evidence_weighed(review),
            "finding_form": self.finding_form,
            "possible": possible_decisions(review),
        }

    def _obstacle(self, case: Case) -> Any:
        return decide_obstacle(panel_names(self.review(case)), self.actor)


class WithdrawForConsumer(CaseAction):
    """Take an application back on the consumer's word."""

    verb = "withdraw_review"
    title = gettext_lazy("撤回复议申请")
    lead = gettext_lazy(
        "只在消费者明确要求时使用。案件回到复议之前的一步，原来的期限接着走，消费者会收到通知。"
    )
    submit = gettext_lazy("撤回申请")
    done = gettext_lazy("复议申请已撤回，消费者会收到通知")
    danger = True
    tab = TAB

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return ReasonForm(
            label=gettext_lazy("消费者怎样、为什么撤回"),
            hint=gettext_lazy("原样发给消费者，例如：你 11 月 20 日来电，说不再需要复议"),
            **kwargs,
        )

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        withdraw_review(case, by=actor, reason=data["reason"], seen=seen)
