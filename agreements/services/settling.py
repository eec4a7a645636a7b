"""What the bank or a provider says of a payout: paid, not paid, or not known yet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.models import Agreement, Obligation, Payment, Payout
from agreements.selectors.summaries import masked
from agreements.services.batches import finance_user
from agreements.services.notices import tell_not_paid
from agreements.services.performing import book_payment
from agreements.states import PaymentMethod, PayoutState
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case


def settle_paid(
    payout: Payout, *, by: Actor, amount: Decimal, paid_at: datetime, reference: str
) -> Payment:
    """Record that a released payout was paid: it becomes a payment, booked like any other.

    Must run with the case locked. A payout that was paid before gives its payment again; raises
    CaseError when it waits for no answer.
    """
    case = locked_case(payout.obligation.agreement.case)
    payout = _fresh(payout)
    if payout.state == PayoutState.PAID:
        return Payment.objects.get(payout=payout)
    _check_waits(payout)
    obligation = Obligation.objects.select_for_update(of=("self",)).get(pk=payout.obligation_id)
    obligation.agreement = Agreement.objects.get(pk=obligation.agreement_id)
    obligation.agreement.case = case
    payout.state, payout.paid, payout.settled_at = PayoutState.PAID, amount, now()
    payout.reference = reference[:80]
    payout.save(update_fields=["state", "paid", "settled_at", "reference"])
    row = Payment.objects.create(
        obligation=obligation,
        payout=payout,
        amount=amount,
        method=PaymentMethod.BANK_TRANSFER,
        payee_sealed=sealing.seal(case.consumer.key_sealed, _account(payout))
        if case.consumer.key_sealed
        else b"",
        payee_masked=masked(_account(payout))[:60] or payout.payee.masked,
        reference=reference[:80],
        paid_at=min(paid_at, now()),
        recorded_by=by.user or payout.batch.released_by or payout.batch.made_by,
        recorded_at=now(),
        key=f"payout:{payout.key}",
    )
    book_payment(row, obligation, by=by)
    return row


def _account(payout: Payout) -> str:
    party = payout.payee.party
    return party.account if party else ""


def _fresh(payout: Payout) -> Payout:
    rows = Payout.objects.select_for_update(of=("self",)).select_related(
        "batch__released_by", "batch__made_by", "payee__agreement__case__consumer"
    )
    return rows.get(pk=payout.pk)


def _check_waits(payout: Payout) -> None:
    if payout.state != PayoutState.SENT:
        raise CaseError(
            _("这一笔现在是「%(state)s」，不能再登记结果。") % {"state": payout.get_state_display()}
        )


@transaction.atomic
def fail_payout(payout: Payout, *, by: Actor, reason: str) -> Payout:
    """Record that a released payout was not paid: it can go into another batch.

    Finance and the consumer are told. A second time changes nothing. Raises CaseError without a
    reason, or for a payout that was paid: that one came back, which is another thing.
    """
    if by.user is not None:
        finance_user(by)
    if not reason.strip():
        raise CaseError(_("请写明没有付成的原因。"), field="reason")
    case = locked_case(payout.obligation.agreement.case)
    payout = _fresh(payout)
    if payout.state == PayoutState.FAILED:
        return payout
    _check_waits(payout)
    payout.state, payout.settled_at = PayoutState.FAILED, now()
    payout.reason = reason.strip()[:200]
    payout.save(update_fields=["state", "settled_at", "reason"])
    data = {"obligation": payout.obligation_id, "payout": payout.pk}
    case = touch(
        case, "payout_failed", by=by, data=data, text={"reason": payout.reason}, for_consumer=True
    )
    tell_not_paid(case, key=f"payout:{payout.pk}:failed")
    return payout


def noon_of(day: date) -> datetime:
    """Return the middle of a day that the bank names, as a moment: no day is lost in any zone."""
    return working_calendar().end_of(day) - timedelta(hours=12)


def case_of(payout: Payout) -> Case:
    """Return the case that a payout belongs to."""
    return payout.obligation.agreement.case
