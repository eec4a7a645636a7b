"""Money that came back: its obligation is owed again, and everybody is told."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.models import Agreement, Obligation, Payment, Payout
from agreements.services.notices import tell_not_paid
from agreements.services.performing import back_to_work, basis_of, reopen
from agreements.services.rights import require
from agreements.states import AgreementStatus, ObligationStatus, PayoutState
from compensation.services.funds import take_back
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.states import Stage
from liability.services.recourse import withdraw_paid


@transaction.atomic
def return_payment(payment: Payment, *, by: Actor, reason: str) -> Payment:
    """Record that a payment came back (a wrong account): its obligation is owed again.

    Finance and the consumer are told. Raises CaseError without a reason, or a second time.
    """
    require(by, Permission.RECORD_PAYMENT)
    if not reason.strip():
        raise CaseError(_("请写明款项退回的原因。"), field="reason")
    case = locked_case(payment.obligation.agreement.case)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if payment.returned_at is not None:
        raise CaseError(_("这笔款已经登记过退回。"))
    payment.returned_at, payment.return_reason = now(), reason.strip()[:200]
    payment.save(update_fields=["returned_at", "return_reason"])
    Payout.objects.filter(payment=payment).update(
        state=PayoutState.RETURNED, reason=payment.return_reason
    )
    withdraw_paid(basis_of(payment))
    take_back(case, by=by, amount=payment.amount, key=f"returned:{payment.pk}")
    obligation = Obligation.objects.select_for_update(of=("self",)).get(pk=payment.obligation_id)
    data = {"obligation": obligation.pk, "payment": payment.pk}
    text = {"reason": payment.return_reason}
    case = touch(case, "payment_returned", by=by, data=data, text=text, for_consumer=True)
    _owe_again(obligation, case, by=by)
    tell_not_paid(case, key=f"payment:{payment.pk}:returned")
    return payment


def _owe_again(obligation: Obligation, case: Case, *, by: Actor) -> None:
    """Make a locked obligation owed again whose money came back; one without force stays so."""
    if obligation.status not in (ObligationStatus.PERFORMED, ObligationStatus.CONFIRMED):
        return
    obligation.agreement = Agreement.objects.get(pk=obligation.agreement_id)
    if obligation.agreement.status != AgreementStatus.SIGNED:
        return
    reopen([obligation])
    if case.stage in (Stage.FULFILLING, Stage.FOLLOWING_UP):
        back_to_work(case, obligation, by=by, note="")
