"""Plans and who may decide them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from compensation.models import AuthorityLimit, CompensationPlan, PlanLine, PlanOption
from compensation.states import EDITABLE_STATUSES, LineKind, PlanStatus
from complaints.actors import Actor
from complaints.models import Case, CaseEvent
from complaints.permissions import PERMISSION_ROLES, Permission, has_permission
from complaints.states import Stage

PLAN_STAGES = frozenset({Stage.LIABILITY_DETERMINED, Stage.NEGOTIATING})
NEEDS_APPROVER = frozenset({LineKind.EXTRA_DAMAGES, LineKind.DISTRESS})
MAKING = ("plan_saved", "plan_submitted")


@dataclass(frozen=True)
class Authority:
    """Up to which amount somebody decides alone; `most` is None where there is no limit."""

    has_any: bool
    most: Decimal | None

    def covers(self, amount: Decimal) -> bool:
        """Say whether the amount is within."""
        return self.has_any and (self.most is None or amount <= self.most)


def options_in_order() -> QuerySet[PlanOption]:
    """Return options with their lines, each in its order."""
    lines = PlanLine.objects.order_by("position")
    return PlanOption.objects.order_by("position").prefetch_related(
        Prefetch("lines", queryset=lines)
    )


def plans_of(case: Case) -> QuerySet[CompensationPlan]:
    """Return a case's plans with options and lines, the latest first."""
    return (
        CompensationPlan.objects.filter(case=case)
        .select_related("finding", "sheet", "created_by", "decided_by", "offer__chosen_option")
        .prefetch_related(Prefetch("options", queryset=options_in_order()))
        .order_by("-version")
    )


def last_plan(case: Case) -> CompensationPlan | None:
    """Return the latest plan, or None."""
    return plans_of(case).first()


def plan_in_work(case: Case) -> CompensationPlan | None:
    """Return the plan that can be edited (a draft, or one that was returned), or None."""
    return plans_of(case).filter(status__in=sorted(EDITABLE_STATUSES)).first()


def plan_to_send(case: Case) -> CompensationPlan | None:
    """Return the approved plan that was not sent yet, or None."""
    return plans_of(case).filter(status=PlanStatus.APPROVED, offer__isnull=True).first()


def plans_to_approve() -> QuerySet[CompensationPlan]:
    """Return the plans that wait for approval, the longest waiting first."""
    return (
        CompensationPlan.objects.filter(status=PlanStatus.PENDING_APPROVAL)
        .select_related("case__consumer", "case__product", "finding", "created_by")
        .prefetch_related(Prefetch("options", queryset=options_in_order()))
        .order_by("submitted_at", "id")
    )


def highest_cost(plan: CompensationPlan) -> Decimal:
    """Return what the dearest option costs us."""
    return max((option.totals.cost for option in plan.options.all()), default=Decimal(0))


def needs_approver(plan: CompensationPlan) -> bool:
    """Say whether a line may be promised only by an approver, whatever the amount."""
    return any(
        line.kind in NEEDS_APPROVER for option in plan.options.all() for line in option.lines.all()
    )


def authority_of(actor: Actor, *, currency: str) -> Authority:
    """Return how much somebody may promise alone: the highest limit of their roles.

    A role without a limit of its own in a currency has none there, unless it may promise any
    amount: that holds in every currency.
    """
    return _authority(actor.roles, currency=currency)


def authority_to_plan(actor: Actor, *, currency: str) -> Authority:
    """Return up to which amount somebody's own plan needs nobody else.

    Only the roles in which they plan count: an agent who approves other people's plans stays under
    the agent's limit for their own.
    """
    roles = actor.roles & PERMISSION_ROLES[Permission.PLAN_COMPENSATION]
    return _authority(roles, currency=currency)


def _authority(roles: frozenset[str], *, currency: str) -> Authority:
    rows = AuthorityLimit.objects.filter(
        Q(currency=currency) | Q(amount=None), role__in=sorted(roles)
    ).values_list("role", "currency", "amount")
    own = {role: amount for role, of, amount in rows if of == currency}
    limits = {**{role: amount for role, _of, amount in rows}, **own}.values()
    given = [amount for amount in limits if amount is not None]
    return Authority(
        has_any=bool(limits),
        most=max(given, default=None) if len(given) == len(limits) else None,
    )


def makers_of(plan: CompensationPlan) -> set[int]:
    """Return the people who wrote or submitted a plan: none of them may approve it."""
    events = CaseEvent.objects.filter(case=plan.case_id, kind__in=MAKING, data__plan=plan.pk)
    return {plan.created_by_id, *events.values_list("actor_id", flat=True)}


def may_approve(plan: CompensationPlan, actor: Actor) -> bool:
    """Say whether somebody may decide about a plan: the right, and not their own work."""
    if actor.user is None or not has_permission(actor, Permission.APPROVE_PLAN):
        return False
    return actor.user.pk not in makers_of(plan)


def approvers() -> QuerySet[User]:
    """Return those who may approve plans."""
    roles = sorted(PERMISSION_ROLES[Permission.APPROVE_PLAN])
    return User.objects.filter(is_active=True, roles__overlap=roles).order_by("id")


def makers_by_plan(plans: Sequence[CompensationPlan]) -> dict[int, set[int]]:
    """Return `makers_of` for many plans with one query."""
    makers = {plan.pk: {plan.created_by_id} for plan in plans}
    events = CaseEvent.objects.filter(
        case__in=[plan.case_id for plan in plans], kind__in=MAKING
    ).values_list("data", "actor_id")
    for data, actor in events:
        if data.get("plan") in makers:
            makers[data["plan"]].add(actor)
    return makers
