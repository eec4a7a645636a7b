"""Batches, payouts and statements as finance sees them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery

from agreements.models import (
    Agreement,
    Obligation,
    PayeeAccount,
    Payout,
    PayoutBatch,
    Statement,
    StatementEntry,
)
from agreements.selectors.performance import due_payments
from agreements.states import LIVE_PAYOUTS, ODD_OUTCOMES, PayeeState, PayoutState
from complaints.models import Case


def current_payee(agreement: Agreement) -> PayeeAccount | None:
    """Return the payee of an agreement that counts, or None."""
    return agreement.payees.filter(state=PayeeState.CURRENT).first()


def asked_payees() -> QuerySet[PayeeAccount]:
    """Return the payees that wait to be confirmed, the oldest first."""
    return (
        PayeeAccount.objects.filter(state=PayeeState.ASKED)
        .select_related("agreement__case__consumer", "asked_by")
        .order_by("asked_at", "pk")
    )


def live_payout(obligation: Obligation) -> Payout | None:
    """Return the payout by which an obligation is being paid, or None."""
    return obligation.payouts.filter(state__in=LIVE_PAYOUTS).select_related("batch").first()


def due_rows() -> QuerySet[Obligation]:
    """Return due payments with `batch_pk` and `batch_number` of the batch they are in, if any.

    `payees_now` of their agreements are the payees in use or asked for; two statements.
    """
    live = Payout.objects.filter(obligation=OuterRef("pk"), state__in=LIVE_PAYOUTS)
    payees = PayeeAccount.objects.filter(state__in=[PayeeState.CURRENT, PayeeState.ASKED])
    return (
        due_payments()
        .annotate(
            batch_pk=Subquery(live.values("batch_id")[:1]),
            batch_number=Subquery(live.values("batch__number")[:1]),
        )
        .prefetch_related(
            Prefetch("agreement__payees", queryset=payees, to_attr="payees_now"),
        )
    )


def due_cells() -> list[list[Any]]:
    """Return what is due as rows of a table: day, case, agreement, words, amount, batch."""
    return [
        [
            duty.due_on.isoformat(),
            duty.agreement.case.reference,
            duty.agreement.number,
            duty.description,
            duty.left,
            duty.currency,
            duty.batch_number or "",
        ]
        for duty in due_rows()
    ]


def batches() -> QuerySet[PayoutBatch]:
    """Return batches, the newest first, with `waiting`: payouts without the bank's answer."""
    waiting = Count("payouts", filter=Q(payouts__state=PayoutState.SENT))
    lost = Count("payouts", filter=Q(payouts__state__in=[PayoutState.FAILED, PayoutState.RETURNED]))
    return (
        PayoutBatch.objects.annotate(waiting=waiting, lost=lost)
        .select_related("made_by", "released_by")
        .order_by("-pk")
    )


def payouts_of(batch: PayoutBatch) -> QuerySet[Payout]:
    """Return a batch's payouts in the order of the file."""
    return (
        batch.payouts.exclude(state=PayoutState.REMOVED)
        .select_related("payee__agreement__case__consumer", "obligation__agreement__case__consumer")
        .order_by("pk")
    )


def payouts_of_case(case: Case) -> QuerySet[Payout]:
    """Return a case's payouts, the newest first."""
    return (
        Payout.objects.filter(obligation__agreement__case=case)
        .exclude(state=PayoutState.REMOVED)
        .select_related("batch", "payee", "obligation")
        .order_by("-pk")
    )


def statements() -> QuerySet[Statement]:
    """Return statements, the newest first, with the number of entries, and of odd ones left."""
    odd = Q(entries__outcome__in=sorted(ODD_OUTCOMES), entries__handled_at=None)
    return (
        Statement.objects.annotate(count=Count("entries"), odd=Count("entries", filter=odd))
        .select_related("imported_by")
        .order_by("-pk")
    )


def entries_of(statement: Statement) -> QuerySet[StatementEntry]:
    """Return a statement's entries in its order."""
    return statement.entries.select_related(
        "statement", "payout__obligation__agreement__case", "payout__batch", "handled_by"
    ).order_by("position")


def odd_entries() -> QuerySet[StatementEntry]:
    """Return entries that nobody has looked after yet, the oldest first."""
    return (
        StatementEntry.objects.filter(outcome__in=sorted(ODD_OUTCOMES), handled_at=None)
        .select_related("statement", "payout__obligation__agreement__case")
        .order_by("booked_on", "pk")
    )


def outcome_counts(entries: list[StatementEntry]) -> list[dict[str, Any]]:
    """Return how many entries came to which outcome, those that occur."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.get_outcome_display()] = counts.get(entry.get_outcome_display(), 0) + 1
    return [{"label": label, "count": count} for label, count in counts.items()]
