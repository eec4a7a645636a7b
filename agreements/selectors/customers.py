"""What the company promised one person in all their cases, and what of it was paid."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from agreements.models import Obligation, Payment
from agreements.selectors.performance import with_paid
from agreements.states import AgreementStatus, Debtor, ObligationKind, ObligationStatus
from complaints.models import Case

_CONCLUDED = (AgreementStatus.SIGNED,)


def open_promises(cases: QuerySet[Case]) -> QuerySet[Obligation]:
    """Return what the company still owes in these cases, the next due first, with `paid_sum`."""
    return (
        with_paid()
        .filter(
            agreement__case__in=cases.order_by().values("pk"),
            agreement__status__in=_CONCLUDED,
            debtor=Debtor.COMPANY,
            status=ObligationStatus.PENDING,
        )
        .select_related("agreement__case")
        .order_by("due_on", "pk")
    )


@dataclass(frozen=True)
class Amounts:
    """Money in one currency: what was promised in agreements in force, and what was paid."""

    currency: str
    promised: Decimal
    paid: Decimal

    @property
    def left(self) -> Decimal:
        """What is still to be paid."""
        return self.promised - self.paid


def amounts_of(cases: QuerySet[Case]) -> list[Amounts]:
    """Return what was promised and paid in these cases, a line a currency."""
    owed = Obligation.objects.filter(
        agreement__case__in=cases.order_by().values("pk"),
        agreement__status__in=_CONCLUDED,
        debtor=Debtor.COMPANY,
        kind=ObligationKind.PAYMENT,
    ).exclude(status=ObligationStatus.WAIVED)
    promised = dict(owed.order_by().values_list("currency").annotate(Sum("amount")))
    payments = Payment.objects.filter(obligation__in=owed.order_by(), returned_at=None)
    paid = dict(payments.order_by().values_list("obligation__currency").annotate(Sum("amount")))
    return [
        Amounts(currency, promised[currency], paid.get(currency, Decimal(0)))
        for currency in sorted(promised)
    ]
