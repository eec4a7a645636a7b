"""The bank's report on a batch (pain.002): what was refused is due again, no more is booked."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agreements.banking.iso import kind_of
from agreements.banking.reports import StatusReport, StatusVerdict, judge, read_report
from agreements.banking.statements import NotAStatement
from agreements.days import today
from agreements.models import Payout, PayoutBatch, Statement, StatementEntry
from agreements.services.batches import finance_user
from agreements.services.reconciling import (
    as_refusal,
    digest_of,
    import_statement,
    known_order,
    locked_payouts,
)
from agreements.services.settling import fail_payout
from agreements.states import BatchState, EntryOutcome, PayoutState, StatementFormat
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.moments import now


def import_bank_file(data: bytes, *, by: Actor, name: str) -> tuple[Statement, bool]:
    """Read whatever file the bank gave: a statement, or its report on a batch.

    Returns it and whether it is new. Raises CaseError, and books nothing, for anything else.
    """
    if kind_of(data) == "pain.002":
        return import_report(data, by=by, name=name)
    return import_statement(data, by=by, name=name)


def import_report(data: bytes, *, by: Actor, name: str) -> tuple[Statement, bool]:
    """Read a report on a batch; return it and whether it is new.

    What the bank refused is due again, with the bank's reason; accepted payments wait for the
    statement as before; the rest is listed for a person. The same file again gives the first
    reading. Raises CaseError, and books nothing at all, for what is no report on a batch of ours.
    """
    user = finance_user(by)
    digest = digest_of(data)
    earlier = Statement.objects.filter(sha256=digest).first()
    if earlier is not None:
        return earlier, False
    try:
        report = read_report(data)
    except NotAStatement as fault:
        raise as_refusal(fault) from fault
    batch = _batch_of(report)
    try:
        with transaction.atomic():
            return _keep(report, batch, digest, by=by, user=user, name=name), True
    except IntegrityError:
        earlier = Statement.objects.filter(sha256=digest).first()
        if earlier is None:
            raise
        return earlier, False


def _batch_of(report: StatusReport) -> PayoutBatch:
    batch = PayoutBatch.objects.filter(number=report.original).first()
    said = {"batch": report.original}
    if batch is None:
        raise CaseError(_("报告说的批次 %(batch)s 不是我们的，请核对。") % said, field="file")
    if batch.state != BatchState.RELEASED:
        words = _("批次 %(batch)s 没有放行过，银行却有报告，请马上核对。")
        raise CaseError(words % said, field="file")
    differs = (report.count is not None and report.count != batch.count) or (
        report.total is not None and report.total != batch.total
    )
    if differs:
        words = _("报告里的笔数或合计和批次 %(batch)s 不一样，没有登记，请和银行核对。")
        raise CaseError(words % said, field="file")
    if report.made_on > today():
        raise CaseError(_("报告的日期在今天以后，请核对。"), field="file")
    return batch


def _keep(
    report: StatusReport, batch: PayoutBatch, digest: str, *, by: Actor, user: User, name: str
) -> Statement:
    row = Statement.objects.create(
        name=name[:120],
        format=StatementFormat.STATUS,
        sha256=digest,
        reference=report.reference,
        first_day=report.made_on,
        last_day=report.made_on,
        imported_by=user,
        imported_at=now(),
    )
    members = set(batch.payouts.exclude(state=PayoutState.REMOVED).values_list("key", flat=True))
    payouts = locked_payouts(members | {line.key for line in report.rows if line.key})
    known = {key: known_order(payout) for key, payout in payouts.items()}
    verdicts = judge(report, known, members=members)
    StatementEntry.objects.bulk_create(
        _entry(row, verdict, payouts.get(verdict.row.key), batch, day=report.made_on)
        for verdict in verdicts
    )
    for verdict in verdicts:
        if verdict.outcome == EntryOutcome.REJECTED:
            reason = verdict.row.reason or _("银行没有付，也没有写原因")
            fail_payout(payouts[verdict.row.key], by=by, reason=reason)
    return row


def _entry(
    statement: Statement,
    verdict: StatusVerdict,
    payout: Payout | None,
    batch: PayoutBatch,
    *,
    day: date,
) -> StatementEntry:
    row = verdict.row
    ours = payout.amount if payout is not None else None
    return StatementEntry(
        statement=statement,
        position=row.position,
        amount=row.amount if row.amount is not None else ours,
        currency=row.currency or batch.currency,
        outgoing=True,
        booked_on=day,
        key=row.key,
        reason=" ".join(filter(None, [row.code, row.reason]))[:140],
        outcome=verdict.outcome,
        problem=verdict.problem,
        payout=payout,
    )
