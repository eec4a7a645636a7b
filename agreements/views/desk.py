"""The desk's pages, from a draft to a closed case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.forms import (
    BreachForm,
    DraftForm,
    OfferForm,
    PerformForm,
    RemedyForm,
)
from agreements.models import Agreement, Obligation
from agreements.periods import SIGN_DAYS
from agreements.selectors import open_agreement, proposed_party, proposed_terms
from agreements.selectors.agreements import agreements_of, has_signatures
from agreements.selectors.differences import differences
from agreements.selectors.pages import right_obstacle
from agreements.selectors.performance import (
    obligations_in_force,
    overdue_obligations,
)
from agreements.selectors.summaries import summary_rows
from agreements.selectors.wording import clauses_now, usual_wording
from agreements.services.breaches import declare_breach, needs_new_days, plan_remedy
from agreements.services.drafting import draft_agreement, void_agreement
from agreements.services.offering import offer_for_signature, refuse_to_sign
from agreements.services.performing import record_performance
from agreements.states import AgreementKind, AgreementStatus, ObligationKind
from agreements.terms import AgreementTerms, PartyData
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms.desk import ReasonForm
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.states import Stage
from complaints.views.desk.actions import CaseAction, wrong_stage
from documents.errors import FileRefused

TAB = "agreement"


class AgreementAction(CaseAction):
    """A page about the open agreement of a case."""

    tab = TAB
    status: str = AgreementStatus.OFFERED

    def agreement(self, case: Case) -> Agreement:
        """Return the open agreement. Raises CaseError when there is none."""
        found = open_agreement(case)
        if found is None:
            raise CaseError(_("现在没有等待处理的协议。"))
        return found

    def more_context(self, case: Case) -> dict[str, Any]:
        found = open_agreement(case)
        rows = summary_rows(found, for_staff=True) if found else []
        changed = differences(found) if found else []
        return {"agreement": found, "rows": rows, "changed": changed}

    def _obstacle(self, case: Case) -> Any:
        found = open_agreement(case)
        if found is None:
            return _("现在没有等待处理的协议。")
        if found.status != self.status:
            return _("协议的状态是「%(status)s」，不能做这一步。") % {
                "status": found.get_status_display()
            }
        return ""


def _known_party(case: Case) -> PartyData:
    earlier = agreements_of(case)
    return earlier[0].party if earlier else proposed_party(case)


class DraftAgreement(CaseAction):
    """Write the agreement from the accepted offer."""

    form_class = DraftForm
    template_name = "agreements/draft.html"
    title = gettext_lazy("起草协议")
    lead = gettext_lazy(
        "金额和项目按消费者选定的方案，不能改；其余的写清楚，消费者签署前会看到全文。"
    )
    submit = gettext_lazy("保存草稿")
    done = gettext_lazy("协议草稿已保存，核对后提交签署")
    tab = TAB

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        terms = proposed_terms(case) or AgreementTerms()
        signed = has_signatures(case)
        return DraftForm(
            terms=terms,
            known=_known_party(case),
            signed=signed,
            language=case.language,
            library=clauses_now(),
            **kwargs,
        )

    def initial(self, case: Case) -> dict[str, Any]:
        terms = proposed_terms(case) or AgreementTerms()
        return {
            "method": terms.method,
            "wording": usual_wording(case, AgreementKind.SETTLEMENT, terms),
            "gives_up": terms.gives_up,
            "penalty_rate": terms.penalty_rate,
        }

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = self.new_form(case, data=self.request.POST)
        if not isinstance(form, DraftForm) or not form.is_valid():
            raise CaseError(_("请核对填写的内容。"))
        draft_agreement(
            case,
            by=actor,
            terms=form.agreed_terms(),
            party=form.party(),
            effective_on=data["effective_on"],
            minimum_waiver=data["minimum_waiver"],
            change_reason=data.get("change_reason", ""),
            wording_kind=data.get("wording", ""),
            seen=seen,
        )

    def more_context(self, case: Case) -> dict[str, Any]:
        return {"terms": proposed_terms(case)}

    def _obstacle(self, case: Case) -> Any:
        if case.stage != Stage.NEGOTIATING:
            return wrong_stage(case)
        return "" if proposed_terms(case) else _("消费者还没有选定方案，不能起草协议。")


class OfferAgreement(AgreementAction):
    """Put the draft before the signers."""

    form_class = OfferForm
    template_name = "agreements/check.html"
    status = AgreementStatus.DRAFT
    title = gettext_lazy("提交签署")
    lead = gettext_lazy("提交以后文本固定，消费者会收到通知。发现写错了，作废后重新起草。")
    submit = gettext_lazy("提交签署")
    done = gettext_lazy("协议已提交签署")

    def initial(self, case: Case) -> dict[str, Any]:
        return {"sign_by": timezone.localtime(now() + timedelta(days=SIGN_DAYS))}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        offer_for_signature(self.agreement(case), by=actor, sign_by=data["sign_by"], seen=seen)


class VoidAgreement(AgreementAction):
    """Take the open agreement back."""

    title = gettext_lazy("作废协议")
    lead = gettext_lazy("消费者还没有签的时候可以作废，然后重新起草。")
    submit = gettext_lazy("作废")
    done = gettext_lazy("协议已作废，可以重新起草")
    danger = True

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return ReasonForm(label=gettext_lazy("为什么作废"), **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        void_agreement(self.agreement(case), by=actor, reason=data["reason"])

    def _obstacle(self, case: Case) -> Any:
        return "" if open_agreement(case) else _("现在没有等待处理的协议。")


class RefuseForCompany(AgreementAction):
    """Say no for the company."""

    permission = Permission.SIGN_FOR_COMPANY
    title = gettext_lazy("公司不签这份协议")
    lead = gettext_lazy("写明原因。消费者会收到通知，我们要重新起草或者重新提出方案。")
    submit = gettext_lazy("不签")
    done = gettext_lazy("已记录不签，请重新起草或提出方案")
    danger = True

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return ReasonForm(label=gettext_lazy("为什么不签"), **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        refuse_to_sign(self.agreement(case), by=actor, reason=data["reason"])


class Perform(CaseAction):
    """Record that a duty was done."""

    form_class = PerformForm
    permission = Permission.VIEW_CASE
    title = gettext_lazy("登记履行")
    submit = gettext_lazy("登记履行")
    done = gettext_lazy("已登记履行")
    tab = TAB

    def get(self, request: HttpRequest, reference: str, obligation: int = 0) -> HttpResponse:
        return super().get(request, reference)

    def post(self, request: HttpRequest, reference: str, obligation: int = 0) -> HttpResponse:
        return super().post(request, reference)

    def duty(self, case: Case) -> Obligation:
        """Return the obligation of the address; 404 for another case's."""
        found = obligations_in_force(case).filter(pk=self.kwargs["obligation"]).first()
        if found is None:
            raise Http404(case.reference)
        return found

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        proof = data["proof"]
        try:
            record_performance(
                self.duty(case),
                by=actor,
                note=data["note"],
                proof=proof or None,
                proof_name=proof.name if proof else "",
                performed_on=data["performed_on"],
                seen=seen,
            )
        except FileRefused as refusal:
            raise CaseError(refusal.message, field="proof") from refusal

    def _obstacle(self, case: Case) -> Any:
        duty = self.duty(case)
        self.lead = duty.description
        if duty.is_done:
            return _("这一项已经登记过了。")
        money = duty.kind == ObligationKind.PAYMENT
        if money and duty.outstanding > 0:
            return _("这一项是付款，请登记付款和凭证。")
        right = Permission.RECORD_PAYMENT if money else Permission.HANDLE_CASE
        return right_obstacle(self.actor, right)


class DeclareBreach(CaseAction):
    """Declare that something is overdue."""

    form_class = BreachForm
    verb = "declare_breach"
    title = gettext_lazy("认定逾期")
    lead = gettext_lazy("消费者会收到通知，主管会跟进。接着安排怎样补救。")
    submit = gettext_lazy("认定逾期")
    done = gettext_lazy("已认定逾期，请安排补救")
    danger = True
    tab = TAB

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        declare_breach(case, by=actor, reason=data["reason"], seen=seen)

    def _obstacle(self, case: Case) -> Any:
        obstacle = super()._obstacle(case)
        if obstacle:
            return obstacle
        return "" if overdue_obligations(case).exists() else _("没有过期未履行的事项。")


class PlanRemedy(CaseAction):
    """Say how a breach is mended."""

    form_class = RemedyForm
    title = gettext_lazy("安排补救")
    lead = gettext_lazy("写明怎样补救，并给每一项逾期的事项定新的日期。已经补上的，直接继续。")
    submit = gettext_lazy("继续履行")
    done = gettext_lazy("已安排补救")
    tab = TAB

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return RemedyForm(overdue=needs_new_days(case), **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        dates = {
            int(name.removeprefix("due_")): value
            for name, value in data.items()
            if name.startswith("due_")
        }
        plan_remedy(case, by=actor, remedy=data["remedy"], new_dates=dates, seen=seen)

    def _obstacle(self, case: Case) -> Any:
        return "" if case.stage == Stage.BREACHED else wrong_stage(case)
