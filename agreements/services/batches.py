"""Putting a batch together, releasing it by somebody else, and the file that goes to the bank."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from agreements.banking.orders import Party, PayFile, PayOrder, faults_of
from agreements.banking.pain import pain_file
from agreements.banking.table import table_file
from agreements.days import today
from agreements.models import Obligation, PayeeAccount, Payout, PayoutBatch
from agreements.selectors.payouts import payouts_of
from agreements.selectors.performance import PAYABLE_STAGES, due_payments
from agreements.services.payees import payee_to_pay
from agreements.services.rights import require
from agreements.states import (
    LIVE_PAYOUTS,
    AgreementStatus,
    BatchState,
    ObligationStatus,
    PayeeState,
    PayoutChannel,
    PayoutState,
)
from compensation.selectors.funds import shortfalls
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services.cases import touch
from complaints.services.locking import locked_cases

MOST_LINES = 500


def make_batch(
    obligations: Iterable[int],
    *,
    by: Actor,
    key: str,
    execute_on: date | None = None,
    channel: str = PayoutChannel.FILE,
) -> PayoutBatch:
    """Collect due payments into a batch that waits for somebody else's release.

    The same key gives the first batch again. Raises CaseError, and collects nothing, when one of
    them is not due, is being paid already, has no payee, or is in another currency.
    """
    user = finance_user(by)
    found = PayoutBatch.objects.filter(key=key).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _make(sorted(set(obligations)), user, key, execute_on or today(), channel)
    except IntegrityError:
        found = PayoutBatch.objects.filter(key=key).first()
        if found is None:
            raise CaseError(_("有同事刚把其中一笔放进了别的批次，请刷新再选。")) from None
        return found


def _make(pks: list[int], user: User, key: str, execute_on: date, channel: str) -> PayoutBatch:
    if not pks:
        raise CaseError(_("请至少选一笔要付的款。"))
    if len(pks) > MOST_LINES:
        raise CaseError(_("一个批次最多 %(most)s 笔。") % {"most": MOST_LINES})
    if execute_on < today():
        raise CaseError(_("付款日期不能早于今天。"), field="execute_on")
    if channel not in PayoutChannel.values:
        raise CaseError(_("请选择付款渠道。"), field="channel")
    list(Obligation.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    duties = {duty.pk: duty for duty in due_payments().filter(pk__in=pks)}
    if len(duties) != len(pks):
        raise CaseError(_("有的款已经不用付了，请刷新再选。"))
    currencies = {duty.currency for duty in duties.values()}
    if len(currencies) != 1:
        raise CaseError(_("一个批次只能有一种币种。"))
    batch = PayoutBatch.objects.create(
        channel=channel,
        currency=currencies.pop(),
        execute_on=execute_on,
        key=key,
        made_by=user,
        made_at=now(),
        changed_by=user,
    )
    batch.refresh_from_db(fields=["number"])
    stem = batch.number.replace("-", "")
    rows = [
        _line(batch, duty, key=f"{stem}-{number:04d}", user=user)
        for number, duty in enumerate(duties.values(), start=1)
    ]
    Payout.objects.bulk_create(rows)
    return batch


def _line(batch: PayoutBatch, duty: Obligation, *, key: str, user: User) -> Payout:
    reference = duty.agreement.case.reference
    if duty.outstanding <= 0:
        raise CaseError(_("案件 %(case)s 的这一项没有要付的钱。") % {"case": reference})
    if duty.payouts.filter(state__in=LIVE_PAYOUTS).exists():
        raise CaseError(_("案件 %(case)s 的这一项已经在别的批次里。") % {"case": reference})
    payee = payee_to_pay(duty.agreement, by=user)
    if payee is None:
        raise CaseError(
            _("案件 %(case)s 还没有能用的收款账户，请先登记并核对。") % {"case": reference}
        )
    return Payout(batch=batch, obligation=duty, payee=payee, key=key, amount=duty.outstanding)


def finance_user(by: Actor) -> User:
    """Return the member of finance who acts; raises StepForbidden for anybody else."""
    require(by, Permission.RECORD_PAYMENT)
    if by.user is None:
        raise StepForbidden(_("付款要由一位财务同事登记。"))
    return by.user


def _locked(batch: PayoutBatch) -> PayoutBatch:
    return PayoutBatch.objects.select_for_update().get(pk=batch.pk)


@transaction.atomic
def remove_payout(payout: Payout, *, by: Actor) -> PayoutBatch:
    """Take a payment out of a batch that is not released; a second time changes nothing."""
    user = finance_user(by)
    batch = _locked(payout.batch)
    if batch.state != BatchState.DRAFT:
        raise CaseError(_("批次已经放行或取消，不能再改。"))
    removed = Payout.objects.filter(pk=payout.pk, state=PayoutState.PLANNED)
    if removed.update(state=PayoutState.REMOVED):
        batch.changed_by = user
        batch.save(update_fields=["changed_by"])
    return batch


@transaction.atomic
def cancel_batch(batch: PayoutBatch, *, by: Actor) -> PayoutBatch:
    """Put a batch away that was not released: its payments are due as before."""
    finance_user(by)
    batch = _locked(batch)
    if batch.state == BatchState.RELEASED:
        raise CaseError(_("批次已经放行，不能取消。没有付成的，请逐笔登记。"))
    if batch.state == BatchState.DRAFT:
        batch.payouts.filter(state=PayoutState.PLANNED).update(state=PayoutState.REMOVED)
        batch.state = BatchState.CANCELLED
        batch.save(update_fields=["state"])
    return batch


@transaction.atomic
def release_batch(
    batch: PayoutBatch, *, by: Actor, seen_count: int, seen_total: Decimal
) -> PayoutBatch:
    """Release a batch: from now on it is frozen, and its files have their digests.

    `seen_count` and `seen_total` are what the person saw. The same person again changes nothing.
    Raises StepForbidden for whoever made or changed it, CaseError when something in it is no longer
    to be paid so, and FundShort where a fund has less.
    """
    user = finance_user(by)
    batch = _locked(batch)
    if batch.state == BatchState.RELEASED and batch.released_by_id == user.pk:
        return batch
    if batch.state != BatchState.DRAFT:
        raise CaseError(_("批次已经放行或取消，不能再改。"))
    if user.pk in (batch.made_by_id, batch.changed_by_id):
        raise StepForbidden(_("制单和放行要由两位财务同事分别做。"))
    lines = list(payouts_of(batch))
    total = sum((line.amount for line in lines), Decimal(0))
    if (len(lines), total) != (seen_count, seen_total):
        raise CaseError(_("批次刚刚改过，请看过最新的笔数和金额再放行。"))
    if not lines:
        raise CaseError(_("批次里没有要付的款。"))
    cases = _locked_cases_of(lines)
    for line in lines:
        _check_line(line, cases[line.obligation.agreement.case_id])
    _check_funds(lines, cases)
    _freeze(batch, lines, user=user, total=total)
    batch.payouts.filter(state=PayoutState.PLANNED).update(state=PayoutState.SENT)
    for line in lines:
        data = {"obligation": line.obligation_id, "payout": line.pk, "amount": str(line.amount)}
        touch(
            cases[line.obligation.agreement.case_id],
            "payout_released",
            by=by,
            data=data,
            for_consumer=True,
        )
    return batch


def _locked_cases_of(lines: list[Payout]) -> dict[int, Case]:
    cases = {line.obligation.agreement.case_id: line.obligation.agreement.case for line in lines}
    return {case.pk: case for case in locked_cases(*cases.values())}


def _check_line(line: Payout, case: Case) -> None:
    duty = Obligation.objects.select_for_update(of=("self",)).select_related("agreement")
    fresh = duty.get(pk=line.obligation_id)
    said = {"case": case.reference}
    owed = (
        case.stage in PAYABLE_STAGES
        and fresh.agreement.status == AgreementStatus.SIGNED
        and fresh.status == ObligationStatus.PENDING
        and fresh.outstanding >= line.amount
    )
    if not owed:
        raise CaseError(_("案件 %(case)s 的这一笔已经不用付了，请先移出批次。") % said)
    payee = PayeeAccount.objects.get(pk=line.payee_id)
    if payee.state != PayeeState.CURRENT or line.payee.party is None:
        raise CaseError(_("案件 %(case)s 的收款账户变了，请移出批次后重新加入。") % said)
    if fresh.agreement.payees.filter(state=PayeeState.ASKED).exists():
        raise CaseError(_("案件 %(case)s 有一个新的收款账户在等核对，请先处理。") % said)


def _check_funds(lines: list[Payout], cases: dict[int, Case]) -> None:
    needs: dict[int, Decimal] = {}
    for line in lines:
        pk = line.obligation.agreement.case_id
        needs[pk] = needs.get(pk, Decimal(0)) + line.amount
    for fund, missing in shortfalls([(cases[pk], amount) for pk, amount in needs.items()]):
        raise CaseError(
            _("资金「%(fund)s」还差 %(missing)s，请先追加预算。")
            % {"fund": fund.name, "missing": missing}
        )


def _freeze(batch: PayoutBatch, lines: list[Payout], *, user: User, total: Decimal) -> None:
    batch.state, batch.released_by, batch.released_at = BatchState.RELEASED, user, now()
    batch.execute_on = max(batch.execute_on, today())
    batch.payer = asdict(_sound_account())
    batch.count, batch.total = len(lines), total
    file = as_file(batch, lines)
    batch.pain_sha256 = hashlib.sha256(pain_file(file)).hexdigest()
    batch.table_sha256 = hashlib.sha256(table_file(file)).hexdigest()
    batch.save()


def _sound_account() -> Party:
    account = our_account()
    if faults_of(account):
        raise CaseError(_("付款账户的户名、账号或行号没有设置好，不能放行，请联系管理员。"))
    return account


def our_account() -> Party:
    """Return the company's own account, from which is paid."""
    return Party(
        name=settings.PAYER_NAME,
        account=settings.PAYER_ACCOUNT,
        bank=settings.PAYER_BANK,
        bank_code=settings.PAYER_BANK_CODE,
    )


def as_file(batch: PayoutBatch, lines: Iterable[Payout]) -> PayFile:
    """Return a released batch as the bank gets it. Raises CaseError for an erased payee."""
    if batch.released_at is None:
        raise CaseError(_("批次还没有放行，不能下载。"))
    return PayFile(
        message_id=batch.number,
        made_at=batch.released_at,
        execute_on=batch.execute_on,
        payer=Party(**batch.payer),
        currency=batch.currency,
        orders=tuple(as_order(line, currency=batch.currency) for line in lines),
    )


def as_order(line: Payout, *, currency: str) -> PayOrder:
    """Return a payout as an order to pay."""
    payee = line.payee.party
    if payee is None:
        raise CaseError(_("收款人的信息已经删除，文件不能再生成。"))
    purpose = f"{line.obligation.agreement.case.reference} {line.obligation.agreement.number}"
    return PayOrder(
        key=line.key, payee=payee, amount=line.amount, currency=currency, purpose=purpose
    )


def batch_file(batch: PayoutBatch, *, by: Actor, kind: str) -> bytes:
    """Return a released batch's file: `pain` or `table`. Raises CaseError if it is not what was
    released: somebody changed rows behind our back, and nothing goes out.
    """
    finance_user(by)
    lines = [line for line in payouts_of(batch) if line.state != PayoutState.PLANNED]
    file = as_file(batch, lines)
    data = pain_file(file) if kind == "pain" else table_file(file)
    released = batch.pain_sha256 if kind == "pain" else batch.table_sha256
    if hashlib.sha256(data).hexdigest() != released:
        raise CaseError(_("文件和放行时的内容不一致，已停止下载，请联系管理员。"))
    PayoutBatch.objects.filter(pk=batch.pk).update(downloads=F("downloads") + 1)
    return data
