"""Performing what was promised: payments with proof, other duties, the consumer's word on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today, working_days_after
from agreements.errors import PaymentConflict
from agreements.models import Obligation, Payment
from agreements.money import shown
from agreements.periods import REOPENED_DAYS
from agreements.selectors.payouts import live_payout
from agreements.selectors.performance import PAYABLE_STAGES, overdue_obligations, worth_of
from agreements.selectors.summaries import masked
from agreements.services.consumers_clock import stop_consumers_clock
from agreements.services.lapses import performed_after_all
from agreements.services.lateness import charge_lateness
from agreements.services.rights import locked_obligation, require
from agreements.services.surveying import begin_follow_up
from agreements.states import (
    DONE_STATUSES,
    Debtor,
    ObligationKind,
    ObligationStatus,
    PaymentMethod,
)
from compensation.services.funds import pay_out
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services.cases import move, touch
from complaints.services.clocks import start_clock
from complaints.services.outbox import tell_staff
from complaints.services.stage_clocks import ClockStart, save_next_due, stop_kind
from complaints.states import ActorKind, ClockKind, Stage
from documents.models import StoredFile
from documents.services.files import discard_file, store_file
from liability.services.recourse import record_paid, withdraw_paid


@dataclass(frozen=True)
class PaymentData:
    """A payment as finance records it; `payee` is the account in clear, kept sealed."""

    amount: Decimal
    method: str
    paid_at: datetime
    payee: str = ""
    reference: str = ""


def record_payment(
    obligation: Obligation,
    *,
    by: Actor,
    payment: PaymentData,
    proof: IO[bytes],
    proof_name: str,
    key: str,
    seen: int | None = None,
) -> Payment:
    """Record money that went out, with its proof; paid in full, the obligation is performed.

    The same `key` with the same amount gives the first payment again. Raises CaseError when more
    would be paid than was promised, PaymentConflict for a key used otherwise, FileRefused for a
    proof that is no picture or PDF.
    """
    require(by, Permission.RECORD_PAYMENT)
    earlier = _recorded(obligation, payment, key=key)
    if earlier is not None:
        return earlier
    stored = store_file(proof, name=proof_name)
    try:
        return _record_payment(obligation, by=by, payment=payment, proof=stored, key=key, seen=seen)
    except CaseError:
        discard_file(stored)
        raise


def _recorded(obligation: Obligation, payment: PaymentData, *, key: str) -> Payment | None:
    earlier = Payment.objects.filter(key=key).first()
    if earlier is None:
        return None
    if earlier.obligation_id != obligation.pk or earlier.amount != payment.amount:
        raise PaymentConflict(_("这次提交和之前的一笔编号相同、内容不同。请刷新页面再登记。"))
    return earlier


@transaction.atomic
def _record_payment(
    obligation: Obligation,
    *,
    by: Actor,
    payment: PaymentData,
    proof: StoredFile,
    key: str,
    seen: int | None,
) -> Payment:
    obligation = locked_obligation(obligation, seen=seen)
    earlier = _recorded(obligation, payment, key=key)
    if earlier is not None:
        discard_file(proof)
        return earlier
    case = obligation.agreement.case
    _check_payment(obligation, payment, case)
    if by.user is None:
        raise StepForbidden(_("付款要由一位财务同事登记。"))
    row = Payment.objects.create(
        obligation=obligation,
        amount=payment.amount,
        method=payment.method,
        payee_sealed=sealing.seal(case.consumer.key_sealed, payment.payee),
        payee_masked=masked(payment.payee)[:60],
        reference=payment.reference.strip(),
        paid_at=payment.paid_at,
        recorded_by=by.user,
        recorded_at=now(),
        proof=proof,
        key=key,
    )
    book_payment(row, obligation, by=by)
    return row


def book_payment(row: Payment, obligation: Obligation, *, by: Actor) -> None:
    """Book a new payment of a locked obligation: recourse, the fund's journal, the log.

    Paid in full, what is still owed is performed.
    """
    case = obligation.agreement.case
    record_paid(
        case,
        by=by,
        source=basis_of(row),
        amount=row.amount,
        currency=obligation.currency,
        paid_at=row.paid_at,
    )
    pay_out(case, by=by, amount=row.amount, key=f"payment:{row.pk}")
    data = {"obligation": obligation.pk, "payment": row.pk, "amount": str(row.amount)}
    case = touch(case, "payment_recorded", by=by, data=data, for_consumer=True)
    if obligation.status == ObligationStatus.PENDING and obligation.paid == obligation.amount:
        _perform(obligation, case, by=by, at=row.paid_at, proof=row.proof)


def basis_of(payment: Payment) -> str:
    """Return the name under which recourse knows a payment."""
    return f"payment:{payment.pk}"


def _check_payment(obligation: Obligation, payment: PaymentData, case: Case) -> None:
    if obligation.kind != ObligationKind.PAYMENT or obligation.debtor != Debtor.COMPANY:
        raise CaseError(_("这一项不是我们要付的款。"))
    if live_payout(obligation) is not None:
        raise CaseError(_("这一项已经在付款批次里，等银行的结果，不能再登记一笔。"))
    if obligation.agreement.effective_at is None or case.stage not in PAYABLE_STAGES:
        raise CaseError(_("协议还没有生效，或者已经履行完，现在不能登记付款。"))
    if payment.method not in PaymentMethod.values:
        raise CaseError(_("请选择付款方式。"), field="method")
    if payment.paid_at > now():
        raise CaseError(_("付款时间不能晚于现在。"), field="paid_at")
    if payment.amount <= 0:
        raise CaseError(_("金额要大于 0。"), field="amount")
    if payment.amount > obligation.outstanding:
        left = shown(obligation.outstanding, obligation.currency)
        raise CaseError(_("这一项还剩 %(left)s 没付，不能多付。") % {"left": left}, field="amount")


def record_performance(
    obligation: Obligation,
    *,
    by: Actor,
    note: str,
    proof: IO[bytes] | None = None,
    proof_name: str = "",
    performed_on: date | None = None,
    seen: int | None = None,
) -> Obligation:
    """Record that a duty other than a payment was done, with a note or a proof.

    A payment that the consumer missed and that is proved to have arrived is recorded so as well.
    A second time changes nothing. Raises CaseError when nothing is said, or money is still owed.
    """
    _require_performer(obligation, by=by)
    if not note.strip() and proof is None:
        raise CaseError(_("请写清楚怎么履行的，或者附上凭证。"), field="note")
    if performed_on is not None and performed_on > today():
        raise CaseError(_("履行日期不能晚于今天。"), field="performed_on")
    stored = store_file(proof, name=proof_name) if proof is not None else None
    try:
        return _record_performance(obligation, by=by, note=note, proof=stored, seen=seen)
    except CaseError:
        if stored is not None:
            discard_file(stored)
        raise


def _require_performer(obligation: Obligation, *, by: Actor) -> None:
    money = obligation.kind == ObligationKind.PAYMENT
    require(by, Permission.RECORD_PAYMENT if money else Permission.HANDLE_CASE)


@transaction.atomic
def _record_performance(
    obligation: Obligation, *, by: Actor, note: str, proof: StoredFile | None, seen: int | None
) -> Obligation:
    obligation = locked_obligation(obligation, seen=seen)
    case = obligation.agreement.case
    if obligation.is_done:
        return obligation
    if case.stage not in _stages_of(obligation):
        raise CaseError(_("协议还没有生效，或者已经履行完，现在不能登记。"))
    if obligation.kind == ObligationKind.PAYMENT and obligation.outstanding > 0:
        raise CaseError(_("这一项是付款，请登记付款和凭证。"))
    if obligation.proof_wanted and proof is None:
        wanted = {"wanted": obligation.proof_wanted}
        raise CaseError(_("约定了要有凭证：%(wanted)s，请附上。") % wanted, field="proof")
    obligation.note = note.strip()
    _perform(obligation, case, by=by, at=now(), proof=proof)
    return obligation


def _stages_of(obligation: Obligation) -> tuple[Stage, ...]:
    """Return when performance may be recorded; what the consumer owes may also come later."""
    if obligation.debtor == Debtor.CONSUMER:
        return (*PAYABLE_STAGES, Stage.FOLLOWING_UP)
    return PAYABLE_STAGES


def _perform(
    obligation: Obligation, case: Case, *, by: Actor, at: datetime, proof: StoredFile | None
) -> Case:
    obligation.status, obligation.performed_at = ObligationStatus.PERFORMED, at
    obligation.performed_by, obligation.proof = by.user, proof or obligation.proof
    obligation.save(update_fields=["status", "performed_at", "performed_by", "proof", "note"])
    case = charge_lateness(obligation, case, by=by, at=at)
    performed_after_all(obligation, by=by)
    obligation.breaches.filter(remedied_at=None).update(remedied_at=now())
    _count_worth(obligation, case, by=by, at=at)
    if obligation.debtor == Debtor.CONSUMER:
        case = stop_consumers_clock(case, obligation, by=by, cause="obligation_performed")
    case = touch(
        case,
        "obligation_performed",
        by=by,
        data={"obligation": obligation.pk, "kind": obligation.kind},
        for_consumer=True,
    )
    return settle_stage(case, obligation, by=by)


def _count_worth(obligation: Obligation, case: Case, *, by: Actor, at: datetime) -> None:
    """Let a remedy in kind count at its worth, as money does: claims may bring it back."""
    worth = worth_of(obligation)
    if worth > 0:
        record_paid(
            case,
            by=by,
            source=_worth_basis(obligation),
            amount=worth,
            currency=obligation.currency,
            paid_at=at,
            in_kind=True,
        )


def _worth_basis(obligation: Obligation) -> str:
    return f"obligation:{obligation.pk}:{obligation.times_reopened}"


def settle_stage(case: Case, obligation: Obligation, *, by: Actor) -> Case:
    """Stop the obligation's clock; when nothing is owed any more, the follow-up begins.

    In a breach the case waits for the desk: mending it is a step of its own.
    """
    if case.stage == Stage.FULFILLING:
        if not still_owed(case):
            return begin_follow_up(case, by=by, data={"obligation": obligation.pk})
        return stop_kind(
            case,
            ClockKind.OBLIGATION,
            by=by,
            cause="obligation_performed",
            subject=obligation.subject,
        )
    mended = case.stage == Stage.BREACHED and not overdue_obligations(case).exists()
    if mended and case.owner is not None:
        key = f"obligation:{obligation.pk}:{obligation.times_reopened}:mended"
        tell_staff(case, "breach_mended", users=[case.owner], key=key)
    return case


def still_owed(case: Case) -> bool:
    """Say whether the company still owes anything under the agreement in force."""
    return (
        Obligation.objects.filter(
            agreement__case=case, agreement__status="signed", debtor=Debtor.COMPANY
        )
        .exclude(status__in=DONE_STATUSES)
        .exists()
    )


@transaction.atomic
def confirm_obligation(obligation: Obligation, *, by: Actor) -> Obligation:
    """Record the consumer's word that something arrived; a second time changes nothing."""
    obligation = locked_obligation(obligation)
    if obligation.status == ObligationStatus.CONFIRMED:
        return obligation
    if obligation.status != ObligationStatus.PERFORMED or obligation.debtor != Debtor.COMPANY:
        raise CaseError(_("这一项我们还没有登记完成，请稍后再确认。"))
    obligation.status, obligation.confirmed_at = ObligationStatus.CONFIRMED, now()
    obligation.save(update_fields=["status", "confirmed_at"])
    obligation.agreement.case = touch(
        obligation.agreement.case,
        "obligation_confirmed",
        by=by,
        data={"obligation": obligation.pk},
        for_consumer=True,
    )
    return obligation


@transaction.atomic
def deny_arrival(obligation: Obligation, *, by: Actor, note: str = "") -> Case:
    """Record that something counted as done did not arrive: it is owed again, within two days.

    In the follow-up the case goes back to fulfilling. Raises CaseError when it was not performed.
    """
    if by.kind != ActorKind.CONSUMER:
        require(by, Permission.HANDLE_CASE)
    obligation = locked_obligation(obligation)
    case = obligation.agreement.case
    if obligation.status not in (ObligationStatus.PERFORMED, ObligationStatus.CONFIRMED):
        raise CaseError(_("这一项本来就还在办，我们会按期完成。"))
    if case.stage not in (Stage.FULFILLING, Stage.FOLLOWING_UP):
        raise CaseError(_("这个案件现在不能重新履行，请联系我们。"))
    reopen([obligation])
    if note:
        obligation.dispute_sealed = sealing.seal(case.consumer.key_sealed, note)
        obligation.save(update_fields=["dispute_sealed"])
    case = back_to_work(case, obligation, by=by, note=note)
    users = [case.owner] if case.owner else []
    key = f"obligation:{obligation.pk}:reopened:{obligation.times_reopened}"
    tell_staff(case, "not_arrived", users=users, key=key, by_mail=True)
    return case


def back_to_work(case: Case, obligation: Obligation, *, by: Actor, note: str) -> Case:
    """Let the clock of a reopened obligation run; from the follow-up the case goes back."""
    data, text = {"obligation": obligation.pk}, {"note": note} if note else None
    start = ClockStart(ClockKind.OBLIGATION, subject=obligation.subject, until=obligation.due_at)
    if case.stage == Stage.FOLLOWING_UP:
        return move(case, "resume_fulfilment", by=by, data=data, text=text, clocks=[start])
    case = touch(case, "obligation_reopened", by=by, data=data, text=text, for_consumer=True)
    start_clock(
        case,
        ClockKind.OBLIGATION,
        by=by,
        cause="obligation_reopened",
        subject=start.subject,
        until=start.until,
    )
    save_next_due(case)
    return case


def reopen(obligations: list[Obligation]) -> None:
    """Make performed obligations owed again, due in two working days."""
    due = working_days_after(today(), REOPENED_DAYS)
    for obligation in obligations:
        withdraw_paid(_worth_basis(obligation))
        obligation.status, obligation.due_on = ObligationStatus.PENDING, due
        obligation.performed_at = obligation.performed_by = obligation.confirmed_at = None
        obligation.times_reopened += 1
        obligation.save(
            update_fields=[
                "status",
                "due_on",
                "performed_at",
                "performed_by",
                "confirmed_at",
                "times_reopened",
            ]
        )
