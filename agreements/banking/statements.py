"""A statement of the bank as values, and what is said of a file that is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MOST_BYTES = 10 * 1024 * 1024
MOST_ENTRIES = 10_000
_PLAIN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?\Z", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3}){1,3}(\.[0-9]{1,2})?\Z", re.ASCII)


class NotAStatement(Exception):
    """A file that can't be read as a statement. `code` says why, `place` where (a line, an id)."""

    def __init__(self, code: str, place: str = "") -> None:
        super().__init__(code, place)
        self.code = code
        self.place = place


@dataclass(frozen=True)
class BankEntry:
    """One movement on our account. `key` is the order's own name, if the bank gave it back."""

    position: int
    amount: Decimal
    currency: str
    outgoing: bool
    booked_on: date
    key: str = ""
    bank_ref: str = ""
    counterpart: str = ""
    reason: str = ""


@dataclass(frozen=True)
class BankStatement:
    """All movements that a file tells, of one account."""

    account: str
    entries: tuple[BankEntry, ...]
    reference: str = ""


def amount_of(text: str, *, place: str) -> Decimal:
    """Return a positive amount of at most two decimals; raises NotAStatement for anything else."""
    text = text.strip()
    if not (_PLAIN.match(text) or _GROUPED.match(text)):
        raise NotAStatement("amount", place)
    amount = Decimal(text.replace(",", "")).quantize(Decimal("0.01"))
    if amount <= 0:
        raise NotAStatement("amount", place)
    return amount


def date_of(text: str, *, place: str) -> date:
    """Return a day written 2026-11-22 (or 20261122, or a moment that begins so)."""
    text = text.strip()[:10].replace("/", "-")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAStatement("date", place) from None
