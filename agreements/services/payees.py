"""Where money goes: the account that the consumer signed, or another that two people looked at."""

from __future__ import annotations

import re
from dataclasses import asdict, replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agreements.banking.orders import Party, faults_of, tidy_account
from agreements.models import Agreement, PayeeAccount
from agreements.selectors.payouts import current_payee
from agreements.selectors.summaries import masked
from agreements.services.rights import locked_agreement, require
from agreements.states import AgreementStatus, PayeeState
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.people import finance_staff
from complaints.services.cases import touch
from complaints.services.outbox import tell_consumer, tell_staff

_DIGITS = re.compile(r"(?<![0-9])[0-9](?:[ \-]?[0-9]){11,33}(?![0-9])")
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?![A-Z0-9])")
_NO_BANK = re.compile(r"支付宝|微信|原路|alipay|wechat|paypal", re.IGNORECASE)


def signed_account(text: str) -> str:
    """Return the bank account that a text names; "" for none, for several, or for a wallet."""
    if _NO_BANK.search(text):
        return ""
    ibans = _IBAN.findall(text)
    found = {tidy_account(match) for match in ibans + _DIGITS.findall(_IBAN.sub(" ", text))}
    return found.pop() if len(found) == 1 else ""


def signed_party(agreement: Agreement) -> Party | None:
    """Return the payee as the consumer signed it; None where that names no bank account."""
    party = agreement.party
    account = signed_account(party.payee)
    found = Party(name=party.name.strip(), account=account)
    return found if account and not faults_of(found) else None


def payee_to_pay(agreement: Agreement, *, by: User) -> PayeeAccount | None:
    """Return the payee that counts; the first time it is taken from the signed agreement.

    None where the agreement names no account, or another one waits to be confirmed.
    """
    found = current_payee(agreement)
    if found is not None or agreement.payees.filter(state=PayeeState.ASKED).exists():
        return found
    party = signed_party(agreement)
    return _write(agreement, party, by=by, state=PayeeState.CURRENT) if party else None


def _write(
    agreement: Agreement, party: Party, *, by: User, state: PayeeState, reason: str = ""
) -> PayeeAccount:
    return PayeeAccount.objects.create(
        agreement=agreement,
        sealed=sealing.seal(agreement.case.consumer.key_sealed, asdict(party)),
        masked=masked(party.account)[:60],
        as_signed=not reason,
        reason=reason,
        state=state,
        asked_by=by,
        asked_at=now(),
    )


@transaction.atomic
def ask_for_payee(agreement: Agreement, *, by: Actor, party: Party, reason: str) -> PayeeAccount:
    """Write down where money is to go. It counts after somebody else in finance confirmed it.

    What the consumer signed needs no reason and counts at once; the bank may be added to it.
    Raises CaseError for what no bank would take, or while another one waits.
    """
    user = _finance(by)
    agreement = locked_agreement(agreement)
    party = replace(party, name=party.name.strip(), account=tidy_account(party.account))
    _check(party)
    if agreement.status != AgreementStatus.SIGNED:
        raise CaseError(_("这份协议已经不再执行。"))
    if agreement.payees.filter(state=PayeeState.ASKED).exists():
        raise CaseError(_("已经有一个账户在等核对，先处理完那一个。"))
    signed = signed_party(agreement)
    if signed is not None and (signed.name, signed.account) == (party.name, party.account):
        _replace_current(agreement)
        return _write(agreement, party, by=user, state=PayeeState.CURRENT)
    if not reason.strip():
        raise CaseError(_("和协议上的账户不一样，请写明原因和怎样核实的。"), field="reason")
    asked = _write(agreement, party, by=user, state=PayeeState.ASKED, reason=reason.strip()[:200])
    case = touch(agreement.case, "payee_asked", by=by, data={"payee": asked.pk})
    others = [person for person in finance_staff() if person.pk != user.pk]
    tell_staff(case, "payee_asked", users=others, key=f"payee:{asked.pk}:asked")
    return asked


@transaction.atomic
def decide_payee(payee: PayeeAccount, *, by: Actor, confirmed: bool) -> PayeeAccount:
    """Confirm another account, or refuse it: somebody else than who asked for it.

    The consumer is told of a confirmed one, so that a wrong one is noticed.
    """
    user = _finance(by)
    agreement = locked_agreement(payee.agreement)
    payee = PayeeAccount.objects.select_for_update().get(pk=payee.pk)
    payee.agreement = agreement
    if payee.state != PayeeState.ASKED:
        raise CaseError(_("这个账户已经核对过了。"))
    if payee.asked_by_id == user.pk:
        raise StepForbidden(_("更换收款账户要由另一位财务同事核对。"))
    if confirmed:
        _replace_current(agreement)
    payee.state = PayeeState.CURRENT if confirmed else PayeeState.REFUSED
    payee.decided_by, payee.decided_at = user, now()
    payee.save(update_fields=["state", "decided_by", "decided_at"])
    kind = "payee_changed" if confirmed else "payee_refused"
    case = touch(agreement.case, kind, by=by, data={"payee": payee.pk}, for_consumer=confirmed)
    if confirmed:
        key = f"payee:{payee.pk}:changed"
        tell_consumer(case, "payee_changed", key=key, secret={"account": payee.masked})
    return payee


def _replace_current(agreement: Agreement) -> None:
    agreement.payees.filter(state=PayeeState.CURRENT).update(state=PayeeState.REPLACED)


def _finance(by: Actor) -> User:
    require(by, Permission.RECORD_PAYMENT)
    if by.user is None:
        raise StepForbidden(_("付款要由一位财务同事登记。"))
    return by.user


def _check(party: Party) -> None:
    words = {
        "empty": _("请填写户名。"),
        "too_long": _("户名和开户行不能超过 70 个字。"),
        "control": _("里面有看不见的字符，请重新输入。"),
        "formula": _("不能以 =、+、-、@ 开头。"),
        "account": _("账号是 5 到 34 位数字或字母，请核对。"),
        "check_digits": _("IBAN 的校验位不对，请核对。"),
        "bank_code": _("开户行行号是 12 位数字，或者 BIC 代码。"),
    }
    for field, code in faults_of(party):
        raise CaseError(words[code], field=field)
