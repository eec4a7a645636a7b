"""Steps of the API that belong to the compensation app. They speak of the case's latest plan."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from compensation.drafts import LineData, OptionData, PlanData
from compensation.models import CompensationPlan
from compensation.selectors.offers import open_offer
from compensation.selectors.plans import last_plan
from compensation.services import approving, offering, planning
from compensation.states import Layer, LineKind, OptionKind
from complaints.actors import Actor
from complaints.api.fields import StrictSerializer, TextField, choice
from complaints.api.steps import ReasonFacts, SeenStepSerializer, Step, through
from complaints.errors import CaseError
from complaints.models import Case
from complaints.permissions import Permission


def _amount(**kwargs: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=12, decimal_places=2, **kwargs)


class LineSerializer(StrictSerializer):
    """One item of an option; `amount` is the whole line's."""

    kind = choice(LineKind.choices, required=True)
    description = TextField(max_length=200)
    amount = _amount()
    quantity = serializers.IntegerField(min_value=1, max_value=10_000, default=1)
    unit = TextField(max_length=20, required=False)
    is_cash = serializers.BooleanField(default=True)
    legal_basis = TextField(max_length=200, required=False)
    layer = serializers.ChoiceField(choices=Layer.choices, default=Layer.FLOOR)


class OptionSerializer(StrictSerializer):
    """One way to make it good."""

    title = TextField(max_length=120)
    arrival_text = TextField(max_length=200)
    kind = serializers.ChoiceField(choices=OptionKind.choices, default=OptionKind.REFUND)
    performance_days = serializers.IntegerField(min_value=0, max_value=365, default=3)
    non_cash_duties = TextField(max_length=2000, required=False)
    legal_minimum = _amount(min_value=0, allow_null=True, default=None)
    lines = LineSerializer(many=True)


class PlanFacts(SeenStepSerializer):
    """The plan in work, all options and lines at once."""

    options = OptionSerializer(many=True)
    legal_minimum = _amount(min_value=0, default=Decimal(0))
    legal_basis = TextField(max_length=500, required=False)
    informed_choice = serializers.BooleanField(default=False)
    informed_choice_reason = TextField(max_length=1000, required=False)
    deviation_reason = TextField(max_length=1000, required=False)


class ApproveFacts(SeenStepSerializer):
    """Approve a plan that another person made."""

    note = TextField(required=False)


class SendOfferFacts(SeenStepSerializer):
    """Send the approved plan; the consumer has so many days."""

    valid_days = serializers.IntegerField(min_value=1, max_value=365, default=offering.OFFER_DAYS)


def _save(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
    options = [
        OptionData(**{**option, "lines": [LineData(**line) for line in option["lines"]]})
        for option in facts.pop("options")
    ]
    return planning.save_plan(case, by=by, plan=PlanData(options=options, **facts), seen=seen)


def _with_plan(service: Callable[..., Any]) -> Callable[..., Any]:
    def take(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
        return service(case, by=by, plan=_plan_of(case), seen=seen, **facts)

    return take


def _plan_of(case: Case) -> CompensationPlan:
    plan = last_plan(case)
    if plan is None:
        raise CaseError(_("先拟定补偿方案。"))
    return plan


def _withdraw(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Any:
    offer = open_offer(case)
    if offer is None:
        raise CaseError(_("现在没有等待选择的方案。"))
    return offering.withdraw_offer(case, by=by, offer=offer, seen=seen, **facts)


_PLAN = Permission.PLAN_COMPENSATION
_APPROVE = Permission.APPROVE_PLAN
STEPS: dict[str, Step] = {
    "save_plan": Step(PlanFacts, _save, permission=_PLAN),
    "submit_plan": Step(SeenStepSerializer, _with_plan(approving.submit_plan), permission=_PLAN),
    "approve_plan": Step(ApproveFacts, _with_plan(approving.approve_plan), permission=_APPROVE),
    "return_plan": Step(ReasonFacts, _with_plan(approving.return_plan), permission=_APPROVE),
    "send_offer": Step(SendOfferFacts, _with_plan(offering.send_offer), verb="open_negotiation"),
    "withdraw_offer": Step(ReasonFacts, _withdraw, verb="open_negotiation"),
    "close_unanswered": Step(
        SeenStepSerializer, through(offering.close_unanswered), verb="close_unanswered"
    ),
}
