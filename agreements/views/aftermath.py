"""The desk's pages for what lateness leads to: the consumer's, and our instalments'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.forms.aftermath import LapseForm
from agreements.selectors.lateness import lapse_of
from agreements.selectors.performance import obligations_in_force
from agreements.selectors.schedule import rest_to_demand
from agreements.services.demanding import demand_rest
from agreements.services.lapses import settle_lapse
from agreements.states import Debtor
from complaints.actors import Actor
from complaints.forms.desk import ReasonForm
from complaints.models import Case
from complaints.views.desk.actions import CaseAction


class SettleLapse(CaseAction):
    """Say what becomes of it."""

    form_class = LapseForm
    title = gettext_lazy("处理消费者的逾期")
    lead = gettext_lazy("先听消费者怎么说。要退的商品可以由我们上门取，运费按协议。")
    submit = gettext_lazy("保存")
    done = gettext_lazy("已处理")
    tab = "agreement"

    def get(self, request: HttpRequest, reference: str, obligation: int = 0) -> HttpResponse:
        return super().get(request, reference)

    def post(self, request: HttpRequest, reference: str, obligation: int = 0) -> HttpResponse:
        return super().post(request, reference)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        settle_lapse(case, self.kwargs["obligation"], by=actor, seen=seen, **data)

    def _obstacle(self, case: Case) -> Any:
        """Return why nothing can be settled; 404 for what is not the consumer's in this case."""
        pk = self.kwargs["obligation"]
        duties = obligations_in_force(case).filter(pk=pk, debtor=Debtor.CONSUMER)
        if not duties.exists():
            raise Http404(case.reference)
        return "" if lapse_of(case, pk) else _("这一项没有等待处理的逾期。")


class DemandRest(CaseAction):
    """Write down that the consumer asks for all later instalments at once."""

    title = gettext_lazy("登记消费者要求一次付清")
    lead = gettext_lazy(
        "有一期逾期超过了约定的天数。登记以后余下各期今天到期，财务和消费者会收到通知。"
    )
    submit = gettext_lazy("登记")
    done = gettext_lazy("已登记，余下各期今天到期")
    tab = "agreement"

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return ReasonForm(label=gettext_lazy("消费者怎样提出的"), **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        demand_rest(case, by=actor, note=data["reason"], seen=seen)

    def _obstacle(self, case: Case) -> Any:
        return "" if rest_to_demand(case) else _("现在没有可以要求提前付清的分期。")
