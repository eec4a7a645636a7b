"""Makers of plans and offers, by the services."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from accounts.states import Role
from compensation.drafts import LineData, OptionData, PlanData
from compensation.models import CompensationPlan, Offer
from compensation.selectors import last_offer, last_plan
from compensation.services.answering import accept_option
from compensation.services.approving import approve_plan, submit_plan
from compensation.services.offering import send_offer
from compensation.services.planning import save_plan
from compensation.states import Layer, LineKind, OptionKind, PlanStatus
from complaints.actors import Actor
from complaints.models import Case
from liability.services.approving import approve_finding, submit_finding
from tests.factories import staff
from tests.liability.makers import (
    determined_case,
    hear_respondent,
    investigating_case,
    liable,
    outward,
)


def line(amount: str = "299.00", **fields: Any) -> LineData:
    """A refund of what was paid."""
    return LineData(
        kind=fields.pop("kind", LineKind.REFUND),
        description=fields.pop("description", "退还货款"),
        amount=Decimal(amount),
        legal_basis=fields.pop("legal_basis", "消费者权益保护法第五十二条"),
        **fields,
    )


def option(title: str = "全额退款", *lines: LineData, **fields: Any) -> OptionData:
    """An option with one line where none is given."""
    return OptionData(
        title=title,
        arrival_text=fields.pop("arrival_text", "签署后 3 个工作日内原路退回"),
        lines=lines or (line(),),
        **fields,
    )


def new_kettle() -> OptionData:
    """A replacement with some money beside it."""
    return option(
        "换新并补偿",
        line("299.00", kind=LineKind.REPLACE, description="同款新机", is_cash=False, unit="台"),
        line("38.00", kind=LineKind.LOSS, description="寄回运费"),
        kind=OptionKind.REPLACEMENT,
        legal_minimum=Decimal("38.00"),
    )


def goodwill(amount: str = "50.00") -> LineData:
    """Money on top, for which no law asks."""
    return line(
        amount,
        kind=LineKind.GOODWILL,
        description="误工与不便",
        layer=Layer.GOODWILL,
        legal_basis="",
    )


def plan_data(*options: OptionData, **fields: Any) -> PlanData:
    """A plan of two options over a legal minimum of 299."""
    return PlanData(
        options=options or (option(), new_kettle()),
        legal_minimum=fields.pop("legal_minimum", Decimal("299.00")),
        legal_basis=fields.pop("legal_basis", "消费者权益保护法第五十二条"),
        **fields,
    )


def drafted(case: Case, *, by: Actor | None = None, plan: PlanData | None = None) -> Any:
    """A plan in work."""
    return save_plan(case, by=by or staff(Role.AGENT), plan=plan or plan_data())


def dear_plan() -> PlanData:
    """A plan over an agent's limit."""
    return plan_data(option("全额退款", line("1437.00")), new_kettle())


def approved_plan(case: Case, *, plan: PlanData | None = None) -> CompensationPlan:
    """A plan that was approved, by another person where its amount asks for one."""
    agent = staff(Role.AGENT)
    submitted = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=plan))
    if submitted.status == PlanStatus.PENDING_APPROVAL:
        return approve_plan(case, by=staff(Role.APPROVER), plan=submitted)
    return submitted


def offered_case(*, plan: PlanData | None = None, case: Case | None = None, **fields: Any) -> Case:
    """A case whose consumer has an offer to answer."""
    case = case or determined_case(**fields)
    return send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case, plan=plan))


def offer_of(case: Case) -> Offer:
    """The latest offer."""
    offer = last_offer(case)
    assert offer is not None
    return offer


def plan_of(case: Case) -> CompensationPlan:
    """The latest plan."""
    plan = last_plan(case)
    assert plan is not None
    return plan


def severe_case(**fields: Any) -> Case:
    """A severe case with a finding, which another person approved."""
    case = investigating_case(severity="severe", **fields)
    hear_respondent(case)
    done = submit_finding(case, by=staff(Role.INVESTIGATOR), finding=liable(outward()))
    if done.waiting is None:
        return done.case
    return approve_finding(
        done.case, by=staff(Role.APPROVER), draft=done.waiting, note="报告清楚，同意。"
    )


def chosen_case(*, position: int = 1, **fields: Any) -> Case:
    """A case whose consumer has chosen an option."""
    case = offered_case(**fields)
    offer = offer_of(case)
    return accept_option(
        case,
        by=Actor.consumer(),
        offer=offer,
        option=offer.plan.options.get(position=position),
        seen_digest=offer.content_digest,
    )
