"""Finance's desk in the demonstration: a batch to release, one at the bank, a payee to check."""

from __future__ import annotations

from accounts.models import User
from agreements.banking.orders import Party
from agreements.days import today
from agreements.models import Obligation
from agreements.selectors.payouts import due_rows
from agreements.services.batches import make_batch, our_account, release_batch
from agreements.services.payees import ask_for_payee, decide_payee
from agreements.services.reconciling import import_statement
from complaints.actors import Actor

BANKS = ("招商银行上海闵行支行", "中国工商银行上海徐汇支行", "中国农业银行杭州西湖支行")
REASON = "消费者来电改为银行卡，已按登记的电话回拨核实。"


def lay_payouts(users: dict[str, User]) -> None:
    """Put due payments into every state that finance looks at, and read a statement of the bank.

    Makes as much of it as there are due payments: a batch that waits for its release, one that
    was released, and an account that a second person has to check.
    """
    maker, checker = Actor.staff(users["finance"]), Actor.staff(users["finance2"])
    due = [duty for duty in due_rows() if duty.outstanding > 0][:3]
    for place, duty in enumerate(due):
        confirmed = _ask(duty, place, by=maker, checker=checker if place < 2 else None)
        if confirmed:
            _collect(duty, place, by=maker, checker=checker if place == 1 else None)
    _read_fee(by=maker)


def _ask(duty: Obligation, place: int, *, by: Actor, checker: Actor | None) -> bool:
    party = Party(
        name=duty.agreement.party.name,
        account=f"62220210010012345{place:02d}",
        bank=BANKS[place],
    )
    asked = ask_for_payee(duty.agreement, by=by, party=party, reason=REASON)
    if checker is not None:
        decide_payee(asked, by=checker, confirmed=True)
    return checker is not None


def _collect(duty: Obligation, place: int, *, by: Actor, checker: Actor | None) -> None:
    batch = make_batch([duty.pk], by=by, key=f"demo-batch-{place}")
    if checker is not None:
        line = batch.payouts.get()
        release_batch(batch, by=checker, seen_count=1, seen_total=line.amount)


def _read_fee(*, by: Actor) -> None:
    head = "account,booked_on,direction,amount,currency,end_to_end_id,bank_reference,reason"
    row = f"{our_account().account},{today()},debit,12.50,CNY,,B20261122001,账户管理费"
    import_statement(f"{head}\r\n{row}\r\n".encode(), by=by, name="建行对账单.csv")
