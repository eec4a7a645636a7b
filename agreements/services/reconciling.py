"""Reading a statement of the bank: every entry gets its verdict, and all is booked or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from agreements.banking import matching
from agreements.banking.camt import read_camt
from agreements.banking.matching import KnownOrder, Verdict
from agreements.banking.orders import tidy_account
from agreements.banking.statements import (
    MOST_BYTES,
    BankEntry,
    BankStatement,
    NotAStatement,
)
from agreements.banking.tables import read_table
from agreements.days import today
from agreements.models import Payment, Payout, PayoutBatch, Statement, StatementEntry
from agreements.services.batches import finance_user, our_account
from agreements.services.returning import return_payment
from agreements.services.settling import case_of, noon_of, settle_paid
from agreements.states import SETTLED_OUTCOMES, EntryOutcome, PayoutState, StatementFormat
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.locking import locked_cases


def import_statement(data: bytes, *, by: Actor, name: str) -> tuple[Statement, bool]:
    """Read a statement file; return it and whether it is new.

    Payments that the bank made are booked, those that came back are owed again, all the rest is
    listed for a person. The same file again gives the first reading. Raises CaseError, and books
    nothing at all, for a file that is no statement of our account.
    """
    user = finance_user(by)
    digest = digest_of(data)
    earlier = Statement.objects.filter(sha256=digest).first()
    if earlier is not None:
        return earlier, False
    format_, statement = _read(data)
    _check_ours(statement)
    try:
        with transaction.atomic():
            return _keep(statement, format_, digest, by=by, user=user, name=name), True
    except IntegrityError:
        earlier = Statement.objects.filter(sha256=digest).first()
        if earlier is None:
            raise
        return earlier, False


def digest_of(data: bytes) -> str:
    """Return by what a file of the bank is known again; raises CaseError for none, or too much."""
    if not data or len(data) > MOST_BYTES:
        raise CaseError(_("文件是空的，或者超过 10 MB，请换一个。"), field="file")
    return hashlib.sha256(data).hexdigest()


def _read(data: bytes) -> tuple[StatementFormat, BankStatement]:
    is_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or data[:2] in (
        b"\xff\xfe",
        b"\xfe\xff",
    )
    try:
        if is_xml:
            return StatementFormat.CAMT, read_camt(data)
        return StatementFormat.CSV, read_table(data)
    except NotAStatement as fault:
        raise as_refusal(fault) from fault


def as_refusal(fault: NotAStatement) -> CaseError:
    """Return what is wrong with a file of the bank as a sentence for finance."""
    return CaseError(_words(fault), field="file")


def _words(fault: NotAStatement) -> str:
    place = {"place": fault.place or "?"}
    words = {
        "not_xml": _("这个 XML 文件不完整，读不出来（第 %(place)s 行），请重新下载。"),
        "entities": _("这个文件里有实体或 DTD 声明，对账单不会有，已拒绝读取。"),
        "other_document": _("这不是对账单（camt.053），而是 %(place)s，请换成对账单。"),
        "no_original": _("付款状态报告没有写是哪个批次，请重新下载。"),
        "status": _("付款状态读不懂（%(place)s）。"),
        "contradiction": _("报告说整个批次没有付，又说其中有的受理了（%(place)s），请问银行。"),
        "not_csv": _("这个文件不是 CSV，也不是 camt.053，请换一个。"),
        "columns": _("表头缺少这些列：%(place)s。"),
        "no_entries": _("文件里没有一笔明细。"),
        "too_many": _("明细超过 10000 笔，请分几天导出。"),
        "no_account": _("文件没有写是哪个账户（%(place)s）。"),
        "accounts": _("文件里有几个账户，请每个账户分开导出。"),
        "amount": _("金额读不懂（%(place)s），要写成 1437.00 这样。"),
        "currency": _("币种读不懂（第 %(place)s 行）。"),
        "date": _("日期读不懂（%(place)s），要写成 2026-11-22 这样。"),
        "direction": _("看不出是付出还是收入（%(place)s）。"),
        "entry_sum": _("明细加起来和总额不一致（%(place)s），文件不完整。"),
        "balances": _("期初、明细和期末余额对不上（%(place)s），文件不完整。"),
    }
    return words[fault.code] % place


def _check_ours(statement: BankStatement) -> None:
    if statement.account != tidy_account(our_account().account):
        raise CaseError(_("这份对账单不是我们付款账户的，请核对账号。"), field="file")
    if any(entry.booked_on > today() for entry in statement.entries):
        raise CaseError(_("对账单里有今天以后的记账日期，请核对。"), field="file")


def _keep(
    statement: BankStatement,
    format_: StatementFormat,
    digest: str,
    *,
    by: Actor,
    user: User,
    name: str,
) -> Statement:
    days = [entry.booked_on for entry in statement.entries]
    row = Statement.objects.create(
        name=name[:120],
        format=format_,
        sha256=digest,
        reference=statement.reference,
        first_day=min(days),
        last_day=max(days),
        imported_by=user,
        imported_at=now(),
    )
    payouts = locked_payouts({entry.key for entry in statement.entries if entry.key})
    known = {key: known_order(payout) for key, payout in payouts.items()}
    verdicts = matching.match(statement.entries, known, seen=_seen(statement.entries))
    StatementEntry.objects.bulk_create(_row(row, verdict, payouts) for verdict in verdicts)
    for verdict in sorted(verdicts, key=lambda v: (v.entry.booked_on, not v.entry.outgoing)):
        _book(verdict, payouts.get(verdict.entry.key), by=by)
    return row


def locked_payouts(keys: set[str]) -> dict[str, Payout]:
    """Return payouts by key, freshly read: locked are the batches, then the cases, in order."""
    found = _with_cases(Payout.objects.filter(key__in=keys))
    batches = sorted({payout.batch_id for payout in found})
    list(PayoutBatch.objects.select_for_update().filter(pk__in=batches).order_by("pk"))
    cases = {case_of(payout).pk: case_of(payout) for payout in found}
    locked_cases(*cases.values())
    return {payout.key: payout for payout in _with_cases(Payout.objects.filter(key__in=keys))}


def _with_cases(rows: QuerySet[Payout]) -> QuerySet[Payout]:
    return rows.select_related("batch", "obligation__agreement__case").order_by("pk")


def known_order(payout: Payout) -> KnownOrder:
    """Return a payout as matching takes it."""
    at = payout.batch.released_at
    return KnownOrder(
        amount=payout.amount if payout.paid is None else payout.paid,
        currency=payout.batch.currency,
        state=payout.state,
        released_on=working_calendar().local_date(at) if at else None,
    )


def _seen(entries: Iterable[BankEntry]) -> list[matching.Sign]:
    names = {entry.bank_ref for entry in entries if entry.bank_ref}
    rows = StatementEntry.objects.filter(bank_ref__in=names).values_list(
        "bank_ref", "outgoing", "amount", "booked_on"
    )
    return [(ref, out, amount, day) for ref, out, amount, day in rows if amount is not None]


def _row(statement: Statement, verdict: Verdict, payouts: dict[str, Payout]) -> StatementEntry:
    entry = verdict.entry
    return StatementEntry(
        statement=statement,
        position=entry.position,
        amount=entry.amount,
        currency=entry.currency,
        outgoing=entry.outgoing,
        booked_on=entry.booked_on,
        key=entry.key,
        bank_ref=entry.bank_ref,
        counterpart_sealed=sealing.seal_for_installation(entry.counterpart)
        if entry.counterpart
        else b"",
        reason=entry.reason,
        outcome=verdict.outcome,
        problem=verdict.problem,
        payout=payouts.get(entry.key),
    )


def _book(verdict: Verdict, payout: Payout | None, *, by: Actor) -> None:
    if payout is None:
        return
    entry = verdict.entry
    if verdict.outcome == EntryOutcome.MATCHED:
        settle_paid(
            payout,
            by=by,
            amount=entry.amount,
            paid_at=noon_of(entry.booked_on),
            reference=entry.bank_ref,
        )
    elif verdict.outcome == EntryOutcome.RETURNED:
        payment = Payment.objects.select_related("obligation__agreement__case").get(payout=payout)
        return_payment(payment, by=by, reason=entry.reason or _("银行退回，没有写原因"))


@transaction.atomic
def accept_partial(entry: StatementEntry, *, by: Actor) -> Payment:
    """Book a payment of which the bank paid only a part; the rest is due as before.

    Raises CaseError when the entry is not one of less money, or somebody looked after it before.
    """
    user = finance_user(by)
    amount = entry.amount
    if entry.payout is None or amount is None or entry.outcome != EntryOutcome.PARTIAL:
        raise CaseError(_("这一笔不是少付，不能这样登记。"))
    payout = locked_payouts({entry.payout.key})[entry.payout.key]
    _handle(entry, user=user, note=_("按实付金额登记"))
    if payout.state != PayoutState.SENT:
        raise CaseError(_("这一笔付款已经有结果，不能再登记。"))
    return settle_paid(
        payout,
        by=by,
        amount=amount,
        paid_at=noon_of(entry.booked_on),
        reference=entry.bank_ref,
    )


@transaction.atomic
def handle_entry(entry: StatementEntry, *, by: Actor, note: str) -> None:
    """Write down what was done about an odd entry; raises CaseError without words."""
    user = finance_user(by)
    if not note.strip():
        raise CaseError(_("请写明怎么处理的。"), field="note")
    _handle(entry, user=user, note=note.strip()[:200])


def _handle(entry: StatementEntry, *, user: User, note: str) -> None:
    fresh = StatementEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if fresh.handled_at is not None or fresh.outcome in SETTLED_OUTCOMES:
        raise CaseError(_("这一笔已经处理过了。"))
    fresh.handled_by, fresh.handled_at, fresh.handled_note = user, now(), note
    fresh.save(update_fields=["handled_by", "handled_at", "handled_note"])
