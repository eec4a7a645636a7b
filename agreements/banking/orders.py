"""Orders to pay, as every bank file and every provider takes them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

LONGEST_NAME = 70
LONGEST_KEY = 35
LONGEST_PURPOSE = 140
_ACCOUNT = re.compile(r"[0-9A-Z]{5,34}\Z")
_CNAPS = re.compile(r"[0-9]{12}\Z")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?\Z")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\Z")
_FORMULA = tuple("=+-@＝＋－＠")


@dataclass(frozen=True)
class Party:
    """Who pays or is paid: the holder of an account at a bank.

    `bank_code` is a BIC or the twelve digits of a Chinese bank's branch (CNAPS); it may be empty.
    """

    name: str
    account: str
    bank: str = ""
    bank_code: str = ""

    @property
    def is_iban(self) -> bool:
        """Whether the account is an IBAN whose check digits hold."""
        if not _IBAN.match(self.account):
            return False
        turned = self.account[4:] + self.account[:4]
        return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1

    @property
    def is_bic(self) -> bool:
        """Whether the bank is named by its BIC."""
        return bool(_BIC.match(self.bank_code))


@dataclass(frozen=True)
class PayOrder:
    """One payment. `key` is the same in every repetition and comes back in the statement."""

    key: str
    payee: Party
    amount: Decimal
    currency: str
    purpose: str


@dataclass(frozen=True)
class PayFile:
    """A batch as it goes to the bank; the same batch gives the same bytes at any time."""

    message_id: str
    made_at: datetime
    execute_on: date
    payer: Party
    currency: str
    orders: tuple[PayOrder, ...]

    @property
    def control_sum(self) -> Decimal:
        """What all orders add up to."""
        return sum((order.amount for order in self.orders), Decimal("0.00"))


def tidy_account(text: str) -> str:
    """Return an account without the spaces and hyphens in which people group it."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def faults_of(party: Party) -> list[tuple[str, str]]:
    """Return (field, code) of what no bank would take; empty for a payee that can be paid."""
    faults = [
        (field, code)
        for field, text, longest in (
            ("name", party.name, LONGEST_NAME),
            ("bank", party.bank, LONGEST_NAME),
        )
        if (code := _fault_of_text(text, longest))
    ]
    if not party.name.strip():
        faults.append(("name", "empty"))
    if not _ACCOUNT.match(party.account):
        faults.append(("account", "account"))
    elif _IBAN.match(party.account) and not party.is_iban and not party.account.isdigit():
        faults.append(("account", "check_digits"))
    if party.bank_code and not (party.is_bic or _CNAPS.match(party.bank_code)):
        faults.append(("bank_code", "bank_code"))
    return faults


def _fault_of_text(text: str, longest: int) -> str:
    if len(text) > longest:
        return "too_long"
    if any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for char in text
    ):
        return "control"
    return "formula" if text.strip().startswith(_FORMULA) else ""
