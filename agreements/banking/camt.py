"""Reading ISO 20022 `camt.053` (bank to customer statement), any version of it.

The file comes from outside; see `read_document` for what is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import Element

from agreements.banking.iso import read_document, text_at
from agreements.banking.orders import tidy_account
from agreements.banking.statements import (
    MOST_ENTRIES,
    BankEntry,
    BankStatement,
    NotAStatement,
    amount_of,
    date_of,
)

NO_KEY = "NOTPROVIDED"


def read_camt(data: bytes) -> BankStatement:
    """Return what a camt.053 file says. Raises NotAStatement, with the reason and the place.

    Balances that the entries don't lead from one to the other, details that don't add up to their
    entry, and several accounts in one file are refused as well: such a file is not whole.
    """
    root = read_document(data, "camt.053")
    statements = root.findall("BkToCstmrStmt/Stmt")
    if not statements:
        raise NotAStatement("no_entries")
    accounts = {_account(stmt) for stmt in statements}
    if len(accounts) != 1:
        raise NotAStatement("accounts")
    entries: list[BankEntry] = []
    for stmt in statements:
        own = [entry for row in stmt.findall("Ntry") for entry in _entries(row)]
        _check_balances(stmt, own)
        entries += own
        if len(entries) > MOST_ENTRIES:
            raise NotAStatement("too_many")
    if not entries:
        raise NotAStatement("no_entries")
    numbered = tuple(replace(entry, position=n) for n, entry in enumerate(entries, start=1))
    return BankStatement(
        account=accounts.pop(), entries=numbered, reference=text_at(statements[0], "Id")[:80]
    )


def _account(stmt: Element) -> str:
    found = text_at(stmt, "Acct/Id/IBAN") or text_at(stmt, "Acct/Id/Othr/Id")
    if not found:
        raise NotAStatement("no_account")
    return tidy_account(found)


def _entries(row: Element) -> Iterator[BankEntry]:
    """Yield an entry's transactions; one that is only announced (not booked) yields nothing."""
    place = text_at(row, "AcctSvcrRef") or text_at(row, "NtryRef")
    status = text_at(row, "Sts/Cd") or text_at(row, "Sts")
    if status not in ("BOOK", ""):
        return
    whole = _whole(row, place)
    details = row.findall("NtryDtls/TxDtls")
    if len(details) <= 1:
        yield _detailed(whole, details[0]) if details else whole
        return
    parts = [_detailed(_part(whole, detail, place), detail) for detail in details]
    signed = sum((p.amount if p.outgoing == whole.outgoing else -p.amount) for p in parts)
    if signed != whole.amount:
        raise NotAStatement("entry_sum", place)
    yield from parts


def _whole(row: Element, place: str) -> BankEntry:
    amount = row.find("Amt")
    if amount is None:
        raise NotAStatement("amount", place)
    day = text_at(row, "BookgDt/Dt") or text_at(row, "BookgDt/DtTm")
    return BankEntry(
        position=0,
        amount=amount_of(amount.text or "", place=place),
        currency=amount.get("Ccy", ""),
        outgoing=_outgoing(text_at(row, "CdtDbtInd"), place),
        booked_on=date_of(day, place=place),
        bank_ref=text_at(row, "AcctSvcrRef")[:80],
        reason=text_at(row, "AddtlNtryInf")[:140],
    )


def _outgoing(mark: str, place: str) -> bool:
    if mark not in ("DBIT", "CRDT"):
        raise NotAStatement("direction", place)
    return mark == "DBIT"


def _part(whole: BankEntry, detail: Element, place: str) -> BankEntry:
    amount = detail.find("Amt")
    if amount is None:
        amount = detail.find("AmtDtls/TxAmt/Amt")
    if amount is None:
        raise NotAStatement("entry_sum", place)
    mark = text_at(detail, "CdtDbtInd")
    return replace(
        whole,
        amount=amount_of(amount.text or "", place=place),
        currency=amount.get("Ccy", whole.currency),
        outgoing=_outgoing(mark, place) if mark else whole.outgoing,
    )


def _detailed(entry: BankEntry, detail: Element) -> BankEntry:
    key = text_at(detail, "Refs/EndToEndId")
    side = "Cdtr" if entry.outgoing else "Dbtr"
    name = text_at(detail, f"RltdPties/{side}/Pty/Nm") or text_at(detail, f"RltdPties/{side}/Nm")
    code = text_at(detail, "RtrInf/Rsn/Cd") or text_at(detail, "RtrInf/Rsn/Prtry")
    more = [node.text or "" for node in detail.findall("RtrInf/AddtlInf")]
    reason = " ".join(filter(None, [code, *(text.strip() for text in more)]))
    return replace(
        entry,
        key="" if key == NO_KEY else key[:80],
        bank_ref=(
            text_at(detail, "Refs/AcctSvcrRef") or text_at(detail, "Refs/TxId") or entry.bank_ref
        )[:80],
        counterpart=name[:140],
        reason=(reason or text_at(detail, "AddtlTxInf") or entry.reason)[:140],
    )


def _check_balances(stmt: Element, entries: list[BankEntry]) -> None:
    opening, closing = _balance(stmt, ("OPBD", "PRCD")), _balance(stmt, ("CLBD",))
    if opening is None or closing is None:
        return
    moved = sum((-e.amount if e.outgoing else e.amount for e in entries), Decimal(0))
    if opening + moved != closing:
        raise NotAStatement("balances", text_at(stmt, "Id")[:80])


def _balance(stmt: Element, codes: tuple[str, ...]) -> Decimal | None:
    for row in stmt.findall("Bal"):
        if text_at(row, "Tp/CdOrPrtry/Cd") in codes:
            text = text_at(row, "Amt")
            amount = (
                Decimal(0) if re.fullmatch(r"0+(\.0+)?", text) else amount_of(text, place="Bal")
            )
            return -amount if text_at(row, "CdtDbtInd") == "DBIT" else amount
    return None
