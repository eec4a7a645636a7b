"""Lateness of a case as people read it: what our late money costs, what the consumer still owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agreements.days import today
from agreements.lateness import LateSum, LateTerms, late_sum
from agreements.models import Agreement, ConsumerLapse, LateCharge, Obligation
from agreements.states import (
    DECIDED_ELSEWHERE,
    AgreementStatus,
    Debtor,
    LateBasis,
    ObligationKind,
    ObligationStatus,
)
from complaints.models import AccountabilityItem, Case
from complaints.selectors.policies import working_calendar

BY_DECISION = LateTerms(daily_percent=Decimal("0.0175"))
"""What a decision's money costs when it is late: 0.175 per thousand a day, without cap.

民事诉讼法 art 264 with 法释〔2014〕8号 art 1, on top of what the decision itself orders.
"""


@dataclass(frozen=True)
class Lateness:
    """An obligation of ours that is late, with what that costs until a day."""

    obligation: Obligation
    due_was: date
    basis: str
    terms: LateTerms
    sum: LateSum


def late_terms_of(agreement: Agreement) -> tuple[str, LateTerms] | None:
    """Return by what late money costs, and how much; None where nothing was agreed."""
    if agreement.kind in DECIDED_ELSEWHERE:
        return LateBasis.DECISION, BY_DECISION
    agreed = agreement.text
    if not agreed.penalty_rate:
        return None
    return LateBasis.CLAUSE, LateTerms(
        daily_percent=Decimal(agreed.penalty_rate),
        grace_days=agreed.grace_days,
        cap_percent=Decimal(agreed.penalty_cap) if agreed.penalty_cap else None,
    )


def first_due(obligation: Obligation) -> date:
    """Return the day from which an obligation is late: a remedy's new day moves nothing."""
    missed = [row.due_was for row in obligation.breaches.all() if row.remedied_at is None]
    return min([*missed, obligation.due_on])


def lateness_of(obligation: Obligation, *, until: date) -> Lateness | None:
    """Return what a payment of ours costs by lateness; None where lateness costs nothing.

    What a late payment cost is not itself late money: nothing is compounded.
    """
    ours = obligation.kind == ObligationKind.PAYMENT and obligation.debtor == Debtor.COMPANY
    agreed = late_terms_of(obligation.agreement)
    due = first_due(obligation)
    if not ours or agreed is None or until <= due or is_late_charge(obligation):
        return None
    basis, terms = agreed
    calendar = working_calendar()
    paid = [
        (calendar.local_date(row.paid_at), row.amount)
        for row in obligation.payments.all()
        if row.returned_at is None
    ]
    reckoned = late_sum(
        terms, owed=obligation.amount or Decimal(0), due_on=due, paid=paid, until=until
    )
    return Lateness(obligation, due, basis, terms, reckoned)


def is_late_charge(obligation: Obligation) -> bool:
    """Say whether an obligation is what another one's lateness cost."""
    return LateCharge.objects.filter(charge=obligation).exists()


def running_lateness(duties: Sequence[Obligation]) -> list[Lateness]:
    """Return what costs by lateness today, of obligations read with payments and breaches."""
    day = today()
    late = [duty for duty in duties if duty.status == ObligationStatus.PENDING]
    found = [lateness_of(duty, until=day) for duty in late if first_due(duty) < day]
    return [row for row in found if row is not None and row.sum.days]


def late_charges_of(case: Case) -> list[LateCharge]:
    """Return what late payments of a case cost, the oldest first."""
    return list(
        LateCharge.objects.filter(late__agreement__case=case)
        .select_related("late", "charge")
        .order_by("pk")
    )


def open_lapses(case: Case) -> list[ConsumerLapse]:
    """Return what the consumer has not done in time and nobody has settled."""
    return list(
        ConsumerLapse.objects.filter(
            obligation__agreement__case=case,
            obligation__agreement__status=AgreementStatus.SIGNED,
            closed_at=None,
        )
        .select_related("obligation")
        .order_by("pk")
    )


def lapse_of(case: Case, obligation_id: int) -> ConsumerLapse | None:
    """Return the open lapse of an obligation of a case."""
    return next((row for row in open_lapses(case) if row.obligation_id == obligation_id), None)


def items_of(case: Case) -> dict[str, AccountabilityItem]:
    """Return who answers for missed obligations, by the subject of the obligation's clock."""
    items = AccountabilityItem.objects.filter(case=case, clock__subject__startswith="obligation:")
    return {item.clock.subject: item for item in items.select_related("clock", "owner")}
