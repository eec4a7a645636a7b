"""What is owed: obligations of a case, and payments that finance has to make."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from agreements.days import today
from agreements.models import (
    Breach,
    ConsumerLapse,
    FollowUpAttempt,
    GoodsReturn,
    Obligation,
    Payment,
)
from agreements.states import (
    AgreementStatus,
    CallOutcome,
    Debtor,
    Handover,
    LapseOutcome,
    ObligationKind,
    ObligationStatus,
)
from complaints.models import Case
from complaints.states import Stage

PAYABLE_STAGES = (
    Stage.FULFILLING,
    Stage.BREACHED,
    Stage.MEDIATING,
    Stage.EXTERNAL,
    Stage.CLOSED,
)
"""Where money may still be owed: the bank may send it back after the case was closed."""


def obligations_in_force(case: Case) -> QuerySet[Obligation]:
    """Return the obligations of the agreement in force, in its order."""
    return (
        Obligation.objects.filter(agreement__case=case, agreement__status=AgreementStatus.SIGNED)
        .select_related("agreement", "proof")
        .order_by("position")
    )


def pending_obligations(case: Case) -> QuerySet[Obligation]:
    """Return what the company still owes in a case, the next due first."""
    return (
        obligations_in_force(case)
        .filter(debtor=Debtor.COMPANY, status=ObligationStatus.PENDING)
        .order_by("due_on", "position")
    )


def overdue_obligations(case: Case) -> QuerySet[Obligation]:
    """Return what the company owes and whose day is over."""
    return pending_obligations(case).filter(due_on__lt=today())


def outstanding_money(case: Case) -> list[Obligation]:
    """Return the payments that the company still has to make in a case."""
    return list(pending_obligations(case).filter(kind=ObligationKind.PAYMENT))


def consumers_overdue() -> QuerySet[Obligation]:
    """Return what consumers promised and whose day is over, unless it is being seen to already.

    What was taken to somebody who decides is seen to, as long as its day stays the same. Goods are
    not late that were handed over, or that we were to fetch and did not arrange to.
    """
    seen_to = ConsumerLapse.objects.filter(obligation=OuterRef("pk")).filter(
        Q(closed_at=None) | Q(outcome=LapseOutcome.PURSUED, due_was=OuterRef("due_on"))
    )
    return Obligation.objects.filter(
        ~Exists(seen_to),
        ~Exists(_goods_rows(handed_over_at__isnull=False)),
        ~Q(pickup=Handover.PICKUP)
        | Exists(_goods_rows(arranged_at__isnull=False, refused_at=None)),
        debtor=Debtor.CONSUMER,
        status=ObligationStatus.PENDING,
        due_on__lt=today(),
        agreement__status=AgreementStatus.SIGNED,
    ).order_by("due_on", "pk")


def _goods_rows(**which: Any) -> QuerySet[GoodsReturn]:
    return GoodsReturn.objects.filter(obligation=OuterRef("pk"), **which)


def pickups_to_arrange() -> QuerySet[Obligation]:
    """Return goods that we are to fetch and have arranged nothing for, not asked for yet."""
    return Obligation.objects.filter(
        ~Exists(_goods_rows(arranged_at__isnull=False, refused_at=None)),
        ~Exists(_goods_rows(handed_over_at__isnull=False)),
        ~Exists(_goods_rows(asked_for=OuterRef("due_on"))),
        kind=ObligationKind.RETURN_OF_GOODS,
        pickup=Handover.PICKUP,
        debtor=Debtor.CONSUMER,
        status=ObligationStatus.PENDING,
        agreement__status=AgreementStatus.SIGNED,
        agreement__effective_at__isnull=False,
        agreement__case__stage__in=(*PAYABLE_STAGES[:-1], Stage.FOLLOWING_UP),
    )


def with_paid() -> QuerySet[Obligation]:
    """Return obligations with `paid_sum`, what was paid and did not come back."""
    money = DecimalField(max_digits=14, decimal_places=2)
    sums = (
        Payment.objects.filter(obligation=OuterRef("pk"), returned_at=None)
        .order_by()
        .values("obligation")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    return Obligation.objects.annotate(
        paid_sum=Coalesce(Subquery(sums, output_field=money), Value(Decimal(0)), output_field=money)
    )


def worth_of(obligation: Obligation) -> Decimal:
    """Return what a remedy in kind is worth by the plan that was chosen; 0 where no plan says it.

    Of several alike the first duty goes with the first line.
    """
    option = obligation.agreement.option
    ours = obligation.debtor == Debtor.COMPANY and obligation.kind != ObligationKind.PAYMENT
    if option is None or not ours:
        return Decimal(0)
    alike = Obligation.objects.filter(
        agreement=obligation.agreement_id,
        debtor=obligation.debtor,
        kind=obligation.kind,
        description=obligation.description,
    ).order_by("position")
    place = list(alike.values_list("pk", flat=True)).index(obligation.pk)
    lines = option.lines.filter(is_cash=False, description=obligation.description)
    worths = list(lines.order_by("position").values_list("amount", flat=True))
    return worths[place] if place < len(worths) else Decimal(0)


def due_payments() -> QuerySet[Obligation]:
    """Return the payments that finance has to make, by date; two queries whatever their number."""
    return (
        with_paid()
        .filter(
            kind=ObligationKind.PAYMENT,
            debtor=Debtor.COMPANY,
            status=ObligationStatus.PENDING,
            agreement__status=AgreementStatus.SIGNED,
            agreement__effective_at__isnull=False,
            agreement__case__stage__in=PAYABLE_STAGES,
        )
        .annotate(left=F("amount") - F("paid_sum"))
        .select_related("agreement__case__consumer", "agreement__sealed")
        .order_by("due_on", "pk")
    )


def payments_of(case: Case) -> QuerySet[Payment]:
    """Return every payment of a case, the newest first."""
    return (
        Payment.objects.filter(obligation__agreement__case=case)
        .select_related("obligation__agreement__case__consumer")
        .order_by("-recorded_at", "-pk")
    )


def recent_payments(*, limit: int = 20) -> QuerySet[Payment]:
    """Return what was paid lately, the newest first."""
    return Payment.objects.select_related(
        "obligation__agreement__case", "recorded_by", "proof"
    ).order_by("-recorded_at", "-pk")[:limit]


def open_breaches(case: Case) -> QuerySet[Breach]:
    """Return the breaches of a case that are not mended yet."""
    return (
        Breach.objects.filter(obligation__agreement__case=case, remedied_at=None)
        .filter(Q(obligation__agreement__status=AgreementStatus.SIGNED))
        .select_related("obligation", "declared_by")
        .order_by("declared_at")
    )


def follow_up_round(case: Case) -> int:
    """Return the number of the follow-up that is to come or under way."""
    return case.follow_ups.count() + 1


def unanswered_tries(case: Case) -> QuerySet[FollowUpAttempt]:
    """Return the tries of the present round that nobody answered."""
    return calls_of(case).filter(outcome=CallOutcome.NO_ANSWER)


def calls_of(case: Case) -> QuerySet[FollowUpAttempt]:
    """Return the calls of the present round in which the questions could not be asked."""
    return FollowUpAttempt.objects.filter(case=case, round=follow_up_round(case)).order_by(
        "tried_at"
    )
