"""Reading a statement as a table: the CSV that is described in docs/payments.md."""

from __future__ import annotations

import csv
import io

from agreements.banking.orders import tidy_account
from agreements.banking.statements import (
    MOST_ENTRIES,
    BankEntry,
    BankStatement,
    NotAStatement,
    amount_of,
    date_of,
)

ALIASES = {
    "account": ("account", "本方账号"),
    "booked_on": ("booked_on", "记账日期"),
    "direction": ("direction", "借贷"),
    "amount": ("amount", "金额"),
    "currency": ("currency", "币种"),
    "end_to_end_id": ("end_to_end_id", "客户流水号"),
    "bank_reference": ("bank_reference", "银行流水号"),
    "counterpart": ("counterpart", "对方户名"),
    "reason": ("reason", "摘要"),
}
OPTIONAL = frozenset({"counterpart", "reason"})
OUT = frozenset({"debit", "借"})
IN = frozenset({"credit", "贷"})


def read_table(data: bytes) -> BankStatement:
    """Return what a CSV statement says. Raises NotAStatement with the reason and the line."""
    try:
        rows = list(csv.reader(io.StringIO(_text(data), newline=""), strict=True))
    except csv.Error:
        raise NotAStatement("not_csv") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise NotAStatement("no_entries")
    places = _places(rows[0])
    if len(rows) == 1:
        raise NotAStatement("no_entries")
    if len(rows) - 1 > MOST_ENTRIES:
        raise NotAStatement("too_many")
    read = [_entry(row, places, number) for number, row in enumerate(rows[1:], start=1)]
    accounts = {account for account, _entry in read}
    if len(accounts) != 1:
        raise NotAStatement("accounts")
    return BankStatement(account=accounts.pop(), entries=tuple(entry for _account, entry in read))


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotAStatement("not_csv")


def _places(header: list[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in header]
    places = {
        column: next((names.index(alias) for alias in aliases if alias in names), -1)
        for column, aliases in ALIASES.items()
    }
    missing = [name for name, place in places.items() if place < 0 and name not in OPTIONAL]
    if missing:
        raise NotAStatement("columns", ", ".join(missing))
    return places


def _entry(row: list[str], places: dict[str, int], number: int) -> tuple[str, BankEntry]:
    line = str(number + 1)

    def cell(name: str) -> str:
        place = places[name]
        return row[place].strip().removeprefix("'") if 0 <= place < len(row) else ""

    mark = cell("direction").lower()
    if mark not in OUT | IN:
        raise NotAStatement("direction", line)
    currency = cell("currency").upper()
    if len(currency) != 3 or not currency.isalpha():
        raise NotAStatement("currency", line)
    account = tidy_account(cell("account"))
    if not account:
        raise NotAStatement("no_account", line)
    return account, BankEntry(
        position=number,
        amount=amount_of(cell("amount"), place=line),
        currency=currency,
        outgoing=mark in OUT,
        booked_on=date_of(cell("booked_on"), place=line),
        key=cell("end_to_end_id")[:80],
        bank_ref=cell("bank_reference")[:80],
        counterpart=cell("counterpart")[:140],
        reason=cell("reason")[:140],
    )
