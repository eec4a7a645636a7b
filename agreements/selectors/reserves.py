"""What of a case's money stands by for each payment: its fund's commitment, the first due first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from agreements.models import Obligation
from agreements.states import Debtor, ObligationKind, ObligationStatus
from compensation.models import FundHold
from complaints.models import Case


def shared_out(committed: Decimal, owed: Sequence[tuple[int, date, Decimal]]) -> dict[int, Decimal]:
    """Share what is committed out over (key, day, amount): the first due is covered first.

    Nobody gets more than is owed, and all together what is committed, or what is owed if less.
    """
    left, shares = committed, {}
    for key, _day, amount in sorted(owed, key=lambda row: (row[1], row[0])):
        shares[key] = max(min(left, amount), Decimal(0))
        left -= shares[key]
    return shares


def reserves_of(case: Case, duties: Sequence[Obligation]) -> dict[int, tuple[Decimal, Decimal]]:
    """Return (standing by, owed) of each payment still to be made, by obligation.

    Empty where no fund serves the case. `duties` are read with their payments.
    """
    owed = [
        (duty.pk, duty.due_on, _outstanding(duty))
        for duty in duties
        if duty.kind == ObligationKind.PAYMENT
        and duty.debtor == Debtor.COMPANY
        and duty.status == ObligationStatus.PENDING
    ]
    if not owed:
        return {}
    found = FundHold.objects.filter(case=case).values_list("committed", flat=True).first()
    if found is None:
        return {}
    shares = shared_out(found, owed)
    return {pk: (shares[pk], amount) for pk, _day, amount in owed}


def _outstanding(duty: Obligation) -> Decimal:
    kept = (row.amount for row in duty.payments.all() if row.returned_at is None)
    return (duty.amount or Decimal(0)) - sum(kept, Decimal(0))
