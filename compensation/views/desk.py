"""Staff pages: writing a plan, sending it, taking it back, closing what stays unanswered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compensation.forms import PlanForm, SendForm, SheetForm
from compensation.forms.fact_words import KIND_WORDS
from compensation.forms.facts import FactsForm, facts_initial
from compensation.forms.injury import InjuryForm, injury_initial
from compensation.forms.plan import plan_initial
from compensation.forms.sheet import sheet_initial
from compensation.selectors.cards import OptionShown, drafted_cards
from compensation.selectors.losses import injury_facts, loss_facts
from compensation.selectors.offers import last_offer
from compensation.selectors.pages import cards_of
from compensation.selectors.plans import (
    PLAN_STAGES,
    authority_to_plan,
    last_plan,
    plan_to_send,
)
from compensation.selectors.proposals import Proposal, proposal_for
from compensation.selectors.rules import current_sheet, sheet_of_kind
from compensation.selectors.sheet_cards import shown_sheet
from compensation.selectors.statistics import (
    HOME_CURRENCY,
    figures_on,
    regions_told,
)
from compensation.services.approving import save_and_submit
from compensation.services.offering import (
    close_unanswered,
    send_offer,
    unanswered_gap,
    withdraw_offer,
)
from compensation.services.planning import check_plan, minimum_of, save_plan
from compensation.services.sheets import KIND, record_sheet
from compensation.states import OfferStatus, PlanStatus
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.desk import ConfirmForm, ReasonForm
from complaints.models import Case
from complaints.permissions import Permission, has_permission
from complaints.selectors.owners import today
from complaints.selectors.steps import step_is_possible
from complaints.states import Stage
from complaints.views.desk.actions import CaseAction, wrong_stage
from liability.selectors import current_finding

TAB = "compensation"
INJURY = "injury"


class EditPlan(CaseAction):
    """Write a plan; keep it as a draft, look at it as the consumer will, or submit it."""

    form_class = PlanForm
    template_name = "compensation/plan.html"
    permission = Permission.PLAN_COMPENSATION
    title = gettext_lazy("补偿方案")
    submit = gettext_lazy("提交方案")
    tab = TAB
    preview: list[OptionShown] | None = None
    proposal: Proposal | None = None

    def initial(self, case: Case) -> dict[str, Any]:
        anew = self.request.GET.get("propose") == "1"
        last = None if anew else last_plan(case)
        return plan_initial(last, self._proposal(case).options if last is None else ())

    def _proposal(self, case: Case) -> Proposal:
        if self.proposal is None:
            self.proposal = proposal_for(case)
        return self.proposal

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return PlanForm(sheet=current_sheet(case), **kwargs)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        if "preview" not in request.POST:
            return super().post(request, reference)
        case = self._case(reference)
        form = PlanForm(request.POST, sheet=current_sheet(case))
        if not form.is_valid():
            return self._page(case, form, status=422)
        try:
            check_plan(form.plan())
        except CaseError as error:
            add_case_error(form, error)
            return self._page(case, form, status=422)
        sheet, plan = current_sheet(case), form.plan()
        minimum = plan.legal_minimum if sheet is None else sheet.total
        self.preview = drafted_cards(
            [replace(one, legal_minimum=minimum_of(one, sheet)) for one in plan.options],
            minimum=minimum,
        )
        return self._page(case, form)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = PlanForm(self.request.POST, sheet=current_sheet(case))
        form.is_valid()
        if "draft" in self.request.POST:
            save_plan(case, by=actor, plan=form.plan(), seen=seen)
            self.done = _("草稿已保存")
            return
        saved = save_and_submit(case, by=actor, plan=form.plan(), seen=seen)
        approved = saved.status == PlanStatus.APPROVED
        self.done = _("方案在你的权限内，可以发给消费者") if approved else _("方案已送审批")

    def more_context(self, case: Case) -> dict[str, Any]:
        return {
            "preview": self.preview,
            "last": last_plan(case),
            "finding": current_finding(case),
            "sheet": shown_sheet(current_sheet(case)),
            "authority": authority_to_plan(
                self.actor, currency=case.currency, severity=case.severity
            ),
            "proposal": self._proposal(case),
            "proposed": drafted_cards(self._proposal(case).options),
        }

    def _obstacle(self, case: Case) -> Any:
        if case.stage not in PLAN_STAGES:
            return wrong_stage(case)
        last = last_plan(case)
        if last is not None and last.status == PlanStatus.PENDING_APPROVAL:
            return _("方案正在审批，退回之后才能修改。")
        return ""


class EditSheet(CaseAction):
    """Reckon what the law gives, from facts that a person has confirmed."""

    form_class = SheetForm
    template_name = "compensation/sheet.html"
    permission = Permission.PLAN_COMPENSATION
    title = gettext_lazy("核算法定金额")
    submit = gettext_lazy("核算并保存")
    done = gettext_lazy("法定金额已核算")
    tab = TAB

    def initial(self, case: Case) -> dict[str, Any]:
        return {**sheet_initial(case, sheet_of_kind(case, KIND)), **loss_facts(case)}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = SheetForm(self.request.POST)
        form.is_valid()
        confirmed = data["confirmed"]
        record_sheet(case, by=actor, facts=form.facts(), confirmed=confirmed, seen=seen)

    def more_context(self, case: Case) -> dict[str, Any]:
        return {
            "sheet": shown_sheet(current_sheet(case)),
            "finding": current_finding(case),
            "kinds": KIND_WORDS.items(),
        }

    def _obstacle(self, case: Case) -> Any:
        return "" if case.stage in PLAN_STAGES else wrong_stage(case)


class EditFacts(EditSheet):
    """Reckon what the law gives by facts of another kind: a return, a car, an injury."""

    template_name = "compensation/facts.html"
    kind = ""
    kind_word: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.kind = kwargs.pop("kind")
        if self.kind not in KIND_WORDS:
            raise Http404(self.kind)
        self.kind_word = KIND_WORDS[self.kind]
        return super().dispatch(request, *args, **kwargs)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return FactsForm(kwargs.get("data"), kind=self.kind, initial=kwargs.get("initial"))

    def initial(self, case: Case) -> dict[str, Any]:
        sheet = sheet_of_kind(case, self.kind)
        return facts_initial(self.kind, sheet.facts) if sheet else {}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = FactsForm(self.request.POST, kind=self.kind)
        form.is_valid()
        confirmed = data.get("confirmed", False)
        record_sheet(
            case, by=actor, facts=form.facts(), kind=self.kind, confirmed=confirmed, seen=seen
        )

    def more_context(self, case: Case) -> dict[str, Any]:
        own = shown_sheet(sheet_of_kind(case, self.kind))
        return super().more_context(case) | {"own_sheet": own}


class EditInjury(EditFacts):
    """Reckon what an injury gives, by receipts, days, degree, and the figures of a region."""

    template_name = "compensation/injury.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, kind=INJURY, **kwargs)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return self._form(case, kwargs.get("data"), kwargs.get("initial"))

    def _form(self, case: Case, data: Any, initial: Any = None) -> InjuryForm:
        has_table = case.currency == HOME_CURRENCY
        return InjuryForm(data, day=today(), has_table=has_table, initial=initial)

    def initial(self, case: Case) -> dict[str, Any]:
        sheet = sheet_of_kind(case, INJURY)
        facts = sheet.facts if sheet else {}
        return {**regions_told(case, facts), **injury_initial(facts, losses=injury_facts(case))}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = self._form(case, self.request.POST)
        form.is_valid()
        record_sheet(
            case,
            by=actor,
            facts=form.facts(),
            kind=INJURY,
            confirmed=data.get("confirmed", False),
            seen=seen,
        )

    def more_context(self, case: Case) -> dict[str, Any]:
        region = self.request.POST.get("region") or self.initial(case)["region"]
        figures = figures_on(region, day=today()) if case.currency == HOME_CURRENCY else []
        keeps = has_permission(self.actor, Permission.MANAGE_POLICIES)
        return super().more_context(case) | {"figures": figures, "keeps_table": keeps}


class SendOffer(CaseAction):
    """Send an approved plan."""

    form_class = SendForm
    template_name = "compensation/send.html"
    permission = Permission.VIEW_CASE
    title = gettext_lazy("把方案发给消费者")
    lead = gettext_lazy("消费者会收到通知。发出以后条款不能修改，需要时收回重发。")
    submit = gettext_lazy("发给消费者")
    done = gettext_lazy("方案已发给消费者")
    tab = TAB

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        plan = plan_to_send(case)
        if plan is None:
            raise CaseError(_("没有可以发出的方案。"))
        send_offer(case, by=actor, plan=plan, valid_days=data["valid_days"], seen=seen)

    def more_context(self, case: Case) -> dict[str, Any]:
        plan = plan_to_send(case)
        return {"plan": plan, "cards": cards_of(plan) if plan is not None else []}

    def _obstacle(self, case: Case) -> Any:
        if case.stage not in PLAN_STAGES:
            return wrong_stage(case)
        return "" if plan_to_send(case) is not None else _("方案批准之后才能发给消费者。")


class WithdrawOffer(CaseAction):
    """Take an open offer back."""

    permission = Permission.VIEW_CASE
    title = gettext_lazy("收回方案")
    lead = gettext_lazy("消费者会收到通知，接着由我们重新提出方案。")
    submit = gettext_lazy("收回方案")
    done = gettext_lazy("方案已收回，请重新拟定")
    danger = True
    tab = TAB

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        label, hint = gettext_lazy("为什么收回"), gettext_lazy("例如：漏算了运费")
        return ReasonForm(label=label, hint=hint, **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        offer = last_offer(case)
        if offer is None:
            raise CaseError(_("没有发出的方案。"))
        withdraw_offer(case, by=actor, offer=offer, reason=data["reason"], seen=seen)

    def _obstacle(self, case: Case) -> Any:
        offer = last_offer(case)
        waiting = offer is not None and offer.status == OfferStatus.OPEN
        if case.stage == Stage.NEGOTIATING and waiting:
            return ""
        return _("没有等待选择的方案。")


class CloseUnanswered(CaseAction):
    """Close a case whose consumer did not answer."""

    form_class = ConfirmForm
    verb = "close_unanswered"
    title = gettext_lazy("按未答复结案")
    lead = gettext_lazy("方案已到期，两次通知都没有答复。结案后消费者有新的情况仍可要求重新处理。")
    submit = gettext_lazy("结案并通知消费者")
    done = gettext_lazy("案件已结案")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        close_unanswered(case, by=actor, seen=seen)

    def _obstacle(self, case: Case) -> Any:
        if not step_is_possible(case, self.verb):
            return wrong_stage(case)
        return unanswered_gap(case)
