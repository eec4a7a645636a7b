"""Makers of batches, statements and payees, by the services."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from accounts.states import Role
from agreements.banking.orders import Party
from agreements.days import today
from agreements.models import Obligation, Payout, PayoutBatch
from agreements.services.batches import make_batch, release_batch
from agreements.services.payees import ask_for_payee, decide_payee
from agreements.terms import PartyData
from complaints.actors import Actor
from complaints.models import Case
from tests.agreements.makers import NAME, only_obligation, signed
from tests.compensation.makers import chosen_case
from tests.factories import staff

ACCOUNT = "6222021234567890123"
OURS = "31050161360000000018"
_keys = itertools.count(1)


def paid_case(account: str = ACCOUNT, *, name: str = NAME, **fields: Any) -> Case:
    """A case whose agreement names a bank account and is being performed."""
    party = PartyData(name=name, phone="13800000001", payee=account)
    return signed(chosen_case(**fields), party=party).case


def duty_of(case: Case) -> Obligation:
    """The one payment of a case."""
    return only_obligation(case)


def finance() -> Actor:
    """Somebody in finance."""
    return staff(Role.FINANCE)


def batch_of(*cases: Case, by: Actor | None = None, **fields: Any) -> PayoutBatch:
    """A batch of the payments of some cases, not released."""
    pks = [
        duty.pk
        for case in cases
        for duty in Obligation.objects.filter(
            agreement__case=case, agreement__status="signed", kind="payment", status="pending"
        )
    ]
    return make_batch(
        pks, by=by or finance(), key=fields.pop("key", None) or f"batch-{next(_keys)}", **fields
    )


def released(*cases: Case, **fields: Any) -> PayoutBatch:
    """A batch that somebody else released."""
    return release(batch_of(*cases, **fields))


def release(batch: PayoutBatch, *, by: Actor | None = None) -> PayoutBatch:
    """Release what is in a batch."""
    lines = list(batch.payouts.filter(state="planned"))
    total = sum((line.amount for line in lines), Decimal(0))
    return release_batch(batch, by=by or finance(), seen_count=len(lines), seen_total=total)


def only_payout(case: Case) -> Payout:
    """The latest payout of a case."""
    rows = Payout.objects.filter(obligation__agreement__case=case)
    return rows.select_related("batch", "obligation__agreement__case").latest("pk")


def csv_of(*rows: tuple[str, str, str, str], account: str = OURS, day: str = "") -> bytes:
    """A CSV statement of rows (direction, amount, end-to-end id, bank reference)."""
    head = (
        "account,booked_on,direction,amount,currency,"
        "end_to_end_id,bank_reference,counterpart,reason"
    )
    day = day or today().isoformat()
    lines = [
        f"{account},{day},{way},{amount},CNY,{key},{ref},周小华,"
        + ("AC01 账号不符" if way == "credit" else "")
        for way, amount, key, ref in rows
    ]
    return "\r\n".join([head, *lines, ""]).encode()


def other_payee(case: Case, account: str = "6217001234567890999") -> None:
    """Another account of the consumer's, asked for by one and confirmed by another."""
    duty = duty_of(case)
    asked = ask_for_payee(
        duty.agreement,
        by=finance(),
        party=Party(name=NAME, account=account, bank="招商银行"),
        reason="消费者来电更换，已回拨核实",
    )
    decide_payee(asked, by=finance(), confirmed=True)
