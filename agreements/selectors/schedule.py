"""Money that is paid in several parts: the plan of payments, and when the rest may be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from agreements.days import today
from agreements.models import LateCharge, Obligation
from agreements.selectors.lateness import first_due
from agreements.selectors.performance import obligations_in_force
from agreements.states import Debtor, ObligationKind, ObligationStatus
from complaints.models import Case
from complaints.states import Stage

DEMANDABLE_IN = (Stage.FULFILLING, Stage.BREACHED)


@dataclass(frozen=True)
class Part:
    """One payment of the plan: which it is, what was paid of it, whether its day is over."""

    number: int
    duty: Obligation
    paid: Decimal
    late: bool


@dataclass(frozen=True)
class Schedule:
    """All parts of the sum that was agreed, in their order; they add up to `total`."""

    parts: tuple[Part, ...]
    currency: str

    @property
    def total(self) -> Decimal:
        """What was agreed on altogether."""
        return sum((part.duty.amount or Decimal(0) for part in self.parts), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """What was paid of it and did not come back."""
        return sum((part.paid for part in self.parts), Decimal(0))

    @property
    def left(self) -> Decimal:
        """What is still to be paid."""
        return self.total - self.paid


def schedule_of(duties: Sequence[Obligation]) -> Schedule | None:
    """Return the plan of payments of an agreement; None where the sum is paid in one part.

    What lateness cost is owed too, but is no part of it. `duties` are read with their payments.
    """
    money = [duty for duty in duties if _is_our_money(duty)]
    if len(money) < 2:
        return None
    charges = set(
        LateCharge.objects.filter(charge__in=[duty.pk for duty in money]).values_list(
            "charge", flat=True
        )
    )
    money = sorted(
        (duty for duty in money if duty.pk not in charges), key=lambda duty: duty.position
    )
    parts = tuple(_part(number, duty) for number, duty in enumerate(money, start=1))
    return Schedule(parts, money[0].currency) if len(parts) > 1 else None


def _part(number: int, duty: Obligation) -> Part:
    kept = (row.amount for row in duty.payments.all() if row.returned_at is None)
    late = duty.status == ObligationStatus.PENDING and duty.due_on < today()
    return Part(number, duty, sum(kept, Decimal(0)), late)


def _is_our_money(duty: Obligation) -> bool:
    money = duty.kind == ObligationKind.PAYMENT and duty.debtor == Debtor.COMPANY
    return money and duty.status != ObligationStatus.WAIVED


def rest_to_demand(case: Case, duties: Sequence[Obligation] | None = None) -> list[Obligation]:
    """Return the parts that the consumer may have fall due now, the next one first.

    That is what is due later, once one part is later than was agreed for it: a remedy's new day
    does not make it less late. Empty where nothing was agreed, or the case is not at performing.
    `duties`, if given, are those in force, with agreement and breaches.
    """
    if case.stage not in DEMANDABLE_IN:
        return []
    if duties is None:
        duties = list(obligations_in_force(case).prefetch_related("breaches"))
    owed = [
        duty for duty in duties if _is_our_money(duty) and duty.status == ObligationStatus.PENDING
    ]
    if len(owed) < 2:
        return []
    days = owed[0].agreement.text.acceleration_days
    before = today() - timedelta(days=days)
    if not days or not any(first_due(duty) < before for duty in owed):
        return []
    later = [duty for duty in owed if duty.due_on > today() and not duty.breaches.all()]
    return sorted(later, key=lambda duty: (duty.due_on, duty.position))
