"""Which entry of a statement stands for which order, and what is odd about the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agreements.banking.statements import BankEntry

MATCHED, RETURNED, PARTIAL = "matched", "returned", "partial"
WRONG_AMOUNT, DUPLICATE, UNMATCHED = "wrong_amount", "duplicate", "unmatched"
SENT, PAID, BACK, FAILED, PLANNED = "sent", "paid", "returned", "failed", "planned"


@dataclass(frozen=True)
class KnownOrder:
    """An order as we know it: how far it is, and from which day on the bank may have paid it."""

    amount: Decimal
    currency: str
    state: str
    released_on: date | None = None


@dataclass(frozen=True)
class Verdict:
    """What an entry is; `problem` says why it is not simply a payment or a return."""

    entry: BankEntry
    outcome: str
    problem: str = ""


Sign = tuple[str, bool, Decimal, date]


def sign_of(entry: BankEntry) -> Sign | None:
    """Return by what an entry is known again in another file; None without the bank's own name."""
    if not entry.bank_ref:
        return None
    return (entry.bank_ref, entry.outgoing, entry.amount, entry.booked_on)


def match(
    entries: Iterable[BankEntry], orders: Mapping[str, KnownOrder], *, seen: Iterable[Sign] = ()
) -> list[Verdict]:
    """Return a verdict for each entry, in the file's order.

    Money that went out is looked at before money that came back, day by day, so that a file may
    tell both. An order is matched once, whatever the files say.
    """
    states = {key: order.state for key, order in orders.items()}
    known, verdicts = set(seen), {}
    for entry in sorted(entries, key=lambda e: (e.booked_on, not e.outgoing, e.position)):
        sign = sign_of(entry)
        if sign is not None and sign in known:
            verdicts[entry.position] = Verdict(entry, DUPLICATE, "entry_before")
            continue
        if sign is not None:
            known.add(sign)
        verdict = _judge(entry, orders.get(entry.key), states.get(entry.key, ""))
        if verdict.outcome == MATCHED:
            states[entry.key] = PAID
        elif verdict.outcome == RETURNED:
            states[entry.key] = BACK
        verdicts[entry.position] = verdict
    return [verdicts[position] for position in sorted(verdicts)]


def _judge(entry: BankEntry, order: KnownOrder | None, state: str) -> Verdict:
    if order is None:
        return Verdict(entry, UNMATCHED, "unknown_key" if entry.key else "no_key")
    if entry.currency != order.currency:
        return Verdict(entry, WRONG_AMOUNT, "currency")
    judge = _outgoing if entry.outgoing else _incoming
    return judge(entry, order, state)


def _outgoing(entry: BankEntry, order: KnownOrder, state: str) -> Verdict:
    if state in (PAID, BACK):
        return Verdict(entry, DUPLICATE, "paid_before")
    if state == FAILED:
        return Verdict(entry, UNMATCHED, "failed_before")
    if state != SENT or order.released_on is None:
        return Verdict(entry, UNMATCHED, "not_released")
    if entry.booked_on < order.released_on:
        return Verdict(entry, UNMATCHED, "before_release")
    if entry.amount < order.amount:
        return Verdict(entry, PARTIAL, "less")
    if entry.amount > order.amount:
        return Verdict(entry, WRONG_AMOUNT, "more")
    return Verdict(entry, MATCHED)


def _incoming(entry: BankEntry, order: KnownOrder, state: str) -> Verdict:
    if state == BACK:
        return Verdict(entry, DUPLICATE, "returned_before")
    if state != PAID:
        return Verdict(entry, UNMATCHED, "return_before_paid")
    if entry.amount != order.amount:
        return Verdict(entry, WRONG_AMOUNT, "return_amount")
    return Verdict(entry, RETURNED)
