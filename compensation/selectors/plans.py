"""Plans and who may decide them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from compensation.models import AuthorityLimit, CompensationPlan, PlanLine, PlanOption
from compensation.states import EDITABLE_STATUSES, LineKind, PlanStatus
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import PERMISSION_ROLES, Permission, has_permission
from complaints.selectors.owners import absences_on
from complaints.selectors.policies import working_calendar
from complaints.states import Stage

PLAN_STAGES = frozenset({Stage.LIABILITY_DETERMINED, Stage.NEGOTIATING})
NEEDS_APPROVER = frozenset({LineKind.EXTRA_DAMAGES, LineKind.DISTRESS})


@dataclass(frozen=True)
class Authority:
    """Up to which amount and deviation somebody decides; None where there is no limit."""

    has_any: bool
    most: Decimal | None
    deviation: Decimal | None = None

    def covers(self, amount: Decimal, deviation: Decimal | None = None) -> bool:
        """Say whether the amount is within, and how far it strays from the standard."""
        near = deviation is None or self.deviation is None or abs(deviation) <= self.deviation
        return self.has_any and near and (self.most is None or amount <= self.most)


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
        .select_related(
            "finding",
            "sheet",
            "created_by",
            "decided_by",
            "decided_for",
            "offer__chosen_option",
        )
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


def authority_of(actor: Actor, *, currency: str, severity: str = "") -> Authority:
    """Return how much of others' plans somebody may approve: the highest limit of their roles.

    A role without a limit of its own in a currency has none there, unless it may approve any
    amount: that holds in every currency.
    """
    rows = _limits(actor.roles, severity).filter(Q(currency=currency) | Q(amount=None))
    found: dict[str, AuthorityLimit] = {}
    for row in rows.order_by("severity"):
        kept = found.get(row.role)
        if kept is None or kept.currency != currency or row.currency == currency:
            found[row.role] = row
    return Authority(
        has_any=bool(found),
        most=_highest([row.amount for row in found.values()]),
        deviation=_highest(
            [
                row.deviation
                for row in found.values()
                if row.role in PERMISSION_ROLES[Permission.APPROVE_PLAN]
            ]
        ),
    )


def _highest(limits: list[Decimal | None]) -> Decimal | None:
    given = [limit for limit in limits if limit is not None]
    return max(given, default=None) if len(given) == len(limits) else None


def _limits(roles: Iterable[str], severity: str) -> QuerySet[AuthorityLimit]:
    """Return the rows that speak of a severity, a role's row for all severities before its own."""
    return AuthorityLimit.objects.filter(role__in=sorted(roles), severity__in={"", severity})


def authority_to_plan(actor: Actor, *, currency: str, severity: str = "") -> Authority:
    """Return up to which amount somebody's own plan needs nobody else; it always has an end.

    Only the roles in which they plan count: an agent who approves other people's plans stays under
    the agent's limit for their own.
    """
    roles = actor.roles & PERMISSION_ROLES[Permission.PLAN_COMPENSATION]
    rows = _limits(roles, severity).filter(currency=currency).order_by("severity")
    alone = {row.role: row.alone for row in rows}
    most = max(alone.values(), default=Decimal(0))
    return Authority(has_any=most > 0, most=most)


def makers_of(plan: CompensationPlan) -> set[int]:
    """Return the people who wrote or submitted a plan: none of them may approve it."""
    return {plan.created_by_id, *plan.makers}


def approvers() -> QuerySet[User]:
    """Return those whose role lets them approve plans."""
    roles = sorted(PERMISSION_ROLES[Permission.APPROVE_PLAN])
    return User.objects.filter(is_active=True, roles__overlap=roles).order_by("id")


@dataclass(frozen=True)
class Deciders:
    """Who may approve plans today: by role, or in the place of somebody who is away."""

    holders: frozenset[int]
    people: tuple[tuple[User, User | None], ...]

    def of(self, plan: CompensationPlan) -> list[tuple[User, User | None]]:
        """Return who may decide about a plan, with the person in whose place they stand.

        Nobody who wrote in it is among them, nor anybody who stands in for one of them.
        """
        makers = makers_of(plan)
        return [
            (person, principal)
            for person, principal in self.people
            if person.pk not in makers and (principal is None or principal.pk not in makers)
        ]

    def place(self, user: User, plan: CompensationPlan) -> tuple[bool, User | None]:
        """Say whether somebody may decide about a plan today, and in whose place."""
        if user.pk in makers_of(plan) or not user.is_active:
            return False, None
        if user.pk in self.holders:
            return True, None
        for person, principal in self.of(plan):
            if person.pk == user.pk:
                return True, principal
        return False, None


def deciders_today() -> Deciders:
    """Return who may approve plans today. Whoever is away is replaced by their stand-in."""
    holders = list(approvers())
    away = absences_on(working_calendar().local_date(now()))
    known = frozenset(person.pk for person in holders)
    people: list[tuple[User, User | None]] = []
    for person in holders:
        absence = away.get(person.pk)
        other = absence.stand_in if absence is not None else None
        if absence is None:
            people.append((person, None))
        elif other and other.is_active and other.pk not in known and other.pk not in away:
            people.append((other, person))
    return Deciders(known, tuple(people))


def may_approve(plan: CompensationPlan, actor: Actor) -> bool:
    """Say whether somebody may decide about a plan: the right or a stand-in's, not own work."""
    return actor.user is not None and deciders_today().place(actor.user, plan)[0]


def decides_today(actor: Actor) -> bool:
    """Say whether somebody approves plans at all today, by role or as a stand-in."""
    if actor.user is None:
        return False
    if has_permission(actor, Permission.APPROVE_PLAN):
        return True
    return any(person.pk == actor.user.pk for person, _principal in deciders_today().people)
