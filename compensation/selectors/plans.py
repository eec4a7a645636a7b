"""Plans and who may decide them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from compensation.models import (
    AuthorityLimit,
    CompensationPlan,
    Delegation,
    PlanLine,
    PlanOption,
)
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
            "delegation",
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
class Standing:
    """In whose right somebody decides: their own, or that of somebody away or delegating."""

    user: User
    principal: User | None = None
    delegation: Delegation | None = None

    def authority(self, plan: CompensationPlan, *, severity: str) -> Authority:
        """Return up to what they decide: what the principal may, and never above a delegation."""
        holder = Actor.staff(self.principal or self.user)
        held = authority_of(holder, currency=plan.currency, severity=severity)
        if self.delegation is None:
            return held
        most = self.delegation.most if held.most is None else min(held.most, self.delegation.most)
        return replace(held, most=most)


@dataclass(frozen=True)
class Deciders:
    """Who may approve plans today: by role, for somebody who is away, or by delegation."""

    holders: frozenset[int]
    people: tuple[tuple[User, User | None], ...]
    delegations: tuple[Delegation, ...] = ()

    def of(self, plan: CompensationPlan) -> list[tuple[User, User | None]]:
        """Return who may decide about a plan, with the person in whose place they stand.

        Nobody who wrote in it is among them, nor anybody who stands in for one of them.
        """
        makers = makers_of(plan)
        given = [
            (one.taker, one.giver) for one in self.delegations if one.currency == plan.currency
        ]
        found: dict[int, tuple[User, User | None]] = {}
        for person, principal in (*self.people, *given):
            if person.pk not in makers and (principal is None or principal.pk not in makers):
                found.setdefault(person.pk, (person, principal))
        return list(found.values())

    def standings(self, user: User, plan: CompensationPlan) -> list[Standing]:
        """Return every right in which somebody may decide about a plan today, their own first."""
        makers = makers_of(plan)
        if user.pk in makers or not user.is_active:
            return []
        found = [Standing(user)] if user.pk in self.holders else []
        found += [
            Standing(user, principal)
            for person, principal in self.people
            if person.pk == user.pk and principal is not None and principal.pk not in makers
        ]
        return found + [
            Standing(user, one.giver, one)
            for one in self.delegations
            if one.taker_id == user.pk
            and one.giver_id not in makers
            and one.currency == plan.currency
        ]

    def standing(self, user: User, plan: CompensationPlan, *, severity: str) -> Standing | None:
        """Return the right in which somebody decides: the first that covers the plan, else any."""
        found = self.standings(user, plan)
        if len(found) < 2:
            return next(iter(found), None)
        cost = highest_cost(plan)
        for one in found:
            if one.authority(plan, severity=severity).covers(cost, plan.deviation):
                return one
        return found[0]

    def place(self, user: User, plan: CompensationPlan) -> tuple[bool, User | None]:
        """Say whether somebody may decide about a plan today, and in whose place."""
        found = self.standings(user, plan)
        return bool(found), found[0].principal if found else None


def deciders_today() -> Deciders:
    """Return who may approve plans today. Whoever is away is replaced by their stand-in.

    A delegation counts while its giver approves by role; nobody hands on what was handed to them.
    """
    holders = list(approvers())
    today = working_calendar().local_date(now())
    away = absences_on(today)
    known = frozenset(person.pk for person in holders)
    people: list[tuple[User, User | None]] = []
    for person in holders:
        absence = away.get(person.pk)
        other = absence.stand_in if absence is not None else None
        if absence is None:
            people.append((person, None))
        elif other and other.is_active and other.pk not in known and other.pk not in away:
            people.append((other, person))
    given = delegations_on(today).filter(giver__in=known, taker__is_active=True)
    return Deciders(known, tuple(people), tuple(given.exclude(taker__in=away)))


def delegations_on(day: date) -> QuerySet[Delegation]:
    """Return the delegations in force on a day."""
    rows = Delegation.objects.filter(ended_at=None, starts_on__lte=day, ends_on__gte=day)
    return rows.select_related("giver", "taker").order_by("pk")


def delegations_known(person: User, *, all_people: bool = False) -> QuerySet[Delegation]:
    """Return what somebody gave or was given, or everybody's, the latest first."""
    rows = Delegation.objects.select_related("giver", "taker", "ended_by").order_by("-pk")
    return rows if all_people else rows.filter(Q(giver=person) | Q(taker=person))


def may_approve(plan: CompensationPlan, actor: Actor) -> bool:
    """Say whether somebody may decide about a plan: the right or a stand-in's, not own work."""
    return actor.user is not None and deciders_today().place(actor.user, plan)[0]


def decides_today(actor: Actor) -> bool:
    """Say whether somebody approves plans at all today, by role or as a stand-in."""
    if actor.user is None:
        return False
    if has_permission(actor, Permission.APPROVE_PLAN):
        return True
    today = deciders_today()
    takers = {one.taker_id for one in today.delegations}
    stand_ins = {person.pk for person, _principal in today.people}
    return actor.user.pk in takers | stand_ins
