"""The desk's pages for goods that a consumer gives back: fetched, handed over, looked at."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.forms.goods import HandOverForm, InspectForm, PickupForm
from agreements.models import GoodsReturn, Obligation
from agreements.selectors.performance import obligations_in_force
from agreements.services.handing_over import (
    Inspection,
    Pickup,
    arrange_pickup,
    hand_over,
    inspect_goods,
)
from agreements.states import Debtor, Handover, ObligationKind
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.views.desk.actions import CaseAction
from documents.errors import FileRefused


class _Goods(CaseAction):
    tab = "agreement"

    def get(self, request: HttpRequest, reference: str, obligation: int = 0) -> HttpResponse:
        return super().get(request, reference)

    def post(self, request: HttpRequest, reference: str, obligation: int = 0) -> HttpResponse:
        return super().post(request, reference)

    def duty(self, case: Case) -> Obligation:
        """Return the return of goods of the address; 404 for anything else."""
        found = obligations_in_force(case).filter(
            pk=self.kwargs["obligation"],
            kind=ObligationKind.RETURN_OF_GOODS,
            debtor=Debtor.CONSUMER,
        )
        duty = found.select_related("agreement__case__consumer", "goods").first()
        if duty is None:
            raise Http404(case.reference)
        return duty

    def goods(self, case: Case) -> GoodsReturn | None:
        """Return how far it is; None where nothing happened yet."""
        return getattr(self.duty(case), "goods", None)

    def _obstacle(self, case: Case) -> Any:
        duty = self.duty(case)
        self.lead = duty.description
        if duty.is_done:
            return _("商品我们已经收到了。")
        return "" if case.is_open else _("案件已经办结，这一项不用再办。")


class ArrangePickup(_Goods):
    """Say who fetches goods, when and where."""

    form_class = PickupForm
    title = gettext_lazy("安排上门取件")
    submit = gettext_lazy("安排取件")
    done = gettext_lazy("已安排，消费者会收到通知")

    def initial(self, case: Case) -> dict[str, Any]:
        duty, goods = self.duty(case), self.goods(case)
        kept = goods.private if goods else {}
        return {
            "carrier": goods.carrier if goods else "",
            "pickup_on": goods.pickup_on if goods and goods.pickup_on else duty.due_on,
            "pickup_from": goods.pickup_from if goods else None,
            "pickup_to": goods.pickup_to if goods else None,
            "address": kept.get("address") or duty.agreement.party.address,
            "number": kept.get("number", ""),
        }

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        pickup = Pickup(
            carrier=data["carrier"],
            day=data["pickup_on"],
            begins=data["pickup_from"],
            ends=data["pickup_to"],
            address=data["address"],
            number=data["number"],
        )
        arrange_pickup(self.duty(case), by=actor, pickup=pickup, seen=seen)

    def _obstacle(self, case: Case) -> Any:
        obstacle = super()._obstacle(case)
        if obstacle or self.duty(case).pickup == Handover.PICKUP:
            return obstacle
        return _("约定的是消费者自己交回，不用安排取件。")


class HandOver(_Goods):
    """Record the courier's word that goods were fetched."""

    form_class = HandOverForm
    title = gettext_lazy("登记商品已交给快递")
    submit = gettext_lazy("登记")
    done = gettext_lazy("已登记，等商品到了再验收")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        hand_over(self.duty(case), by=actor, number=data["number"], seen=seen)

    def _obstacle(self, case: Case) -> Any:
        obstacle, goods = super()._obstacle(case), self.goods(case)
        if not obstacle and goods is not None and goods.handed_over_at is not None:
            return _("商品已经交出，等我们验收。")
        return obstacle


class InspectGoods(_Goods):
    """Record that goods arrived, and how they were found."""

    form_class = InspectForm
    title = gettext_lazy("验收退回的商品")
    submit = gettext_lazy("登记验收")
    done = gettext_lazy("已登记验收")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        proof = data["proof"]
        found = Inspection(
            condition=data["condition"],
            finding=data["finding"],
            proof=proof or None,
            proof_name=proof.name if proof else "",
        )
        try:
            inspect_goods(self.duty(case), by=actor, found=found, seen=seen)
        except FileRefused as refusal:
            raise CaseError(refusal.message, field="proof") from refusal
