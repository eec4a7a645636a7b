"""The moment of the last signature, and the moment from which an agreement binds."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from agreements.days import ONE_DAY, today
from agreements.models import Agreement, Breach, Obligation
from agreements.services.consumers_clock import (
    start_consumers_clocks,
    stop_all_consumers_clocks,
)
from agreements.services.printing import request_sealed
from agreements.services.rights import locked_agreement
from agreements.states import AgreementStatus, Debtor, ObligationKind, ObligationStatus
from compensation.models import MarkKind
from compensation.services.funds import commit_owed
from compensation.services.marking import note_mark
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.people import finance_staff
from complaints.selectors.policies import working_calendar
from complaints.services.cases import move, touch
from complaints.services.outbox import tell_staff
from complaints.services.stage_clocks import ClockStart
from complaints.states import ClockKind, Stage


def conclude(agreement: Agreement, *, by: Actor) -> Agreement:
    """Make a locked, fully signed agreement the one that counts; the case moves with it.

    Without an agreed condition it binds at once and its obligations' clocks start; otherwise the
    clock of entry into force runs until that day. The final PDF is asked for in any case.
    """
    case, moment = agreement.case, now()
    replace_earlier(case, keep=agreement, by=by)
    agreement.status, agreement.signed_at = AgreementStatus.SIGNED, moment
    agreement.save(update_fields=["status", "signed_at"])
    write_obligations(agreement)
    earmark(agreement, by=by)
    data = {"agreement": agreement.pk, "number": agreement.number, "total": str(agreement.total)}
    case = move(case, "sign", by=by, data=data, clocks=_waiting(agreement))
    case = touch(
        case,
        "amount_agreed",
        by=by,
        changes={"amount_agreed": agreement.total},
        data={"agreement": agreement.pk},
    )
    agreement.case = case
    agreement.sealed = request_sealed(agreement)
    agreement.save(update_fields=["sealed"])
    return agreement if waits(agreement) else bind(agreement, by=by)


def waits(agreement: Agreement) -> bool:
    """Say whether an agreed day is still to come."""
    return agreement.effective_on is not None and agreement.effective_on > today()


def _waiting(agreement: Agreement) -> list[ClockStart] | None:
    if not waits(agreement) or agreement.effective_on is None:
        return None
    until = working_calendar().end_of(agreement.effective_on - ONE_DAY) + timedelta(hours=1)
    return [ClockStart(ClockKind.ENTRY_INTO_FORCE, until=until)]


def replace_earlier(case: Case, *, keep: Agreement, by: Actor) -> None:
    """Let a new agreement take the place of a signed one: what was still owed is owed no more."""
    stop_all_consumers_clocks(case, by=by, cause="agreement_replaced")
    for earlier in Agreement.objects.filter(case=case, status=AgreementStatus.SIGNED).exclude(
        pk=keep.pk
    ):
        pending = earlier.obligations.filter(status=ObligationStatus.PENDING)
        Breach.objects.filter(obligation__in=pending, remedied_at=None).update(remedied_at=now())
        pending.update(status=ObligationStatus.WAIVED)
        earlier.status = AgreementStatus.SUPERSEDED
        earlier.save(update_fields=["status"])


def write_obligations(agreement: Agreement) -> None:
    """Turn what the text promises into obligations, in its order."""
    Obligation.objects.bulk_create(
        Obligation(
            agreement=agreement,
            position=position,
            kind=duty.kind,
            debtor=duty.debtor,
            description=duty.description,
            amount=duty.amount,
            currency=agreement.currency,
            due_on=duty.due_on or agreement.performance_due_on,
            proof_wanted=duty.proof[:120],
            pickup=duty.pickup,
            freight=duty.freight,
        )
        for position, duty in enumerate(agreement.text.undertakings, start=1)
    )


def earmark(agreement: Agreement, *, by: Actor) -> None:
    """Commit the money that a locked agreement promises, and remember the payee for screening.

    Finance is told what is missing: it has to be allotted before it can be paid.
    """
    case = agreement.case
    money = agreement.obligations.filter(
        kind=ObligationKind.PAYMENT, debtor=Debtor.COMPANY, status=ObligationStatus.PENDING
    )
    owed = money.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    missing = commit_owed(case, by=by, owed=owed)
    note_mark(case, MarkKind.PAYEE, agreement.party.payee)
    if missing > 0:
        tell_staff(
            case,
            "fund_short",
            users=finance_staff(),
            key=f"fund_short:{agreement.pk}",
            data={"missing": str(missing)},
        )


def bind(agreement: Agreement, *, by: Actor) -> Agreement:
    """Let a locked, signed agreement enter into force: its obligations' clocks start."""
    agreement.effective_at = now()
    agreement.save(update_fields=["effective_at"])
    case = move(
        agreement.case,
        "start_fulfilment",
        by=by,
        data={"agreement": agreement.pk},
        clocks=obligation_clocks(agreement.case),
    )
    agreement.case = start_consumers_clocks(case, by=by, cause="start_fulfilment")
    return agreement


def obligation_clocks(case: Case) -> list[ClockStart]:
    """Return a clock for each thing that the company still owes."""
    pending = Obligation.objects.filter(
        agreement__case=case,
        agreement__status=AgreementStatus.SIGNED,
        debtor=Debtor.COMPANY,
        status=ObligationStatus.PENDING,
    ).order_by("position")
    return [
        ClockStart(ClockKind.OBLIGATION, subject=duty.subject, until=duty.due_at)
        for duty in pending
    ]


@transaction.atomic
def enter_into_force(agreement: Agreement, *, by: Actor) -> Agreement:
    """Let an agreement bind whose agreed day has come; does nothing before it or a second time."""
    agreement = locked_agreement(agreement)
    due = agreement.status == AgreementStatus.SIGNED and agreement.effective_at is None
    if not due or waits(agreement) or agreement.case.stage != Stage.AGREED:
        return agreement
    return bind(agreement, by=by)
