"""The desk's page for what the consumer did not do in time."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.forms.aftermath import LapseForm
from agreements.selectors.lateness import lapse_of
from agreements.selectors.performance import obligations_in_force
from agreements.services.lapses import settle_lapse
from agreements.states import Debtor
from complaints.actors import Actor
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
