"""Reading ISO 20022 `camt.053` (bank to customer statement), any version of it.

The file comes from outside: a DTD or an entity is refused before anything is expanded, and nothing
is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from agreements.banking.orders import tidy_account
from agreements.banking.statements import (
    MOST_ENTRIES,
    BankEntry,
    BankStatement,
    NotAStatement,
    amount_of,
    date_of,
)

_ROOT = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.[0-9]{2}\}Document\Z")
NO_KEY = "NOTPROVIDED"


def read_camt(data: bytes) -> BankStatement:
    """Return what a camt.053 file says. Raises NotAStatement, with the reason and the place.

    Balances that the entries don't lead from one to the other, details that don't add up to their
    entry, and several accounts in one file are refused as well: such a file is not whole.
    """
    root = _parsed(data)
    if not _ROOT.match(root.tag):
        raise NotAStatement("other_document", root.tag.rsplit("}", 1)[0].strip("{")[:80])
    space = root.tag[: root.tag.index("}") + 1]
    _strip(root, space)
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
        account=accounts.pop(), entries=numbered, reference=_of(statements[0], "Id")[:80]
    )


def _parsed(data: bytes) -> Element:
    try:
        return fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise NotAStatement("entities") from None
    except (ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (0, 0))[0]
        raise NotAStatement("not_xml", str(line or "")) from None


def _strip(root: Element, space: str) -> None:
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag.startswith(space):
            node.tag = node.tag[len(space) :]


def _of(node: Element, path: str) -> str:
    return (node.findtext(path) or "").strip()


def _account(stmt: Element) -> str:
    found = _of(stmt, "Acct/Id/IBAN") or _of(stmt, "Acct/Id/Othr/Id")
    if not found:
        raise NotAStatement("no_account")
    return tidy_account(found)


def _entries(row: Element) -> Iterator[BankEntry]:
    """Yield an entry's transactions; one that is only announced (not booked) yields nothing."""
    place = _of(row, "AcctSvcrRef") or _of(row, "NtryRef")
    status = _of(row, "Sts/Cd") or _of(row, "Sts")
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
    day = _of(row, "BookgDt/Dt") or _of(row, "BookgDt/DtTm")
    return BankEntry(
        position=0,
        amount=amount_of(amount.text or "", place=place),
        currency=amount.get("Ccy", ""),
        outgoing=_outgoing(_of(row, "CdtDbtInd"), place),
        booked_on=date_of(day, place=place),
        bank_ref=_of(row, "AcctSvcrRef")[:80],
        reason=_of(row, "AddtlNtryInf")[:140],
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
    mark = _of(detail, "CdtDbtInd")
    return replace(
        whole,
        amount=amount_of(amount.text or "", place=place),
        currency=amount.get("Ccy", whole.currency),
        outgoing=_outgoing(mark, place) if mark else whole.outgoing,
    )


def _detailed(entry: BankEntry, detail: Element) -> BankEntry:
    key = _of(detail, "Refs/EndToEndId")
    side = "Cdtr" if entry.outgoing else "Dbtr"
    name = _of(detail, f"RltdPties/{side}/Pty/Nm") or _of(detail, f"RltdPties/{side}/Nm")
    code = _of(detail, "RtrInf/Rsn/Cd") or _of(detail, "RtrInf/Rsn/Prtry")
    more = [node.text or "" for node in detail.findall("RtrInf/AddtlInf")]
    reason = " ".join(filter(None, [code, *(text.strip() for text in more)]))
    return replace(
        entry,
        key="" if key == NO_KEY else key[:80],
        bank_ref=(_of(detail, "Refs/AcctSvcrRef") or _of(detail, "Refs/TxId") or entry.bank_ref)[
            :80
        ],
        counterpart=name[:140],
        reason=(reason or _of(detail, "AddtlTxInf") or entry.reason)[:140],
    )


def _check_balances(stmt: Element, entries: list[BankEntry]) -> None:
    opening, closing = _balance(stmt, ("OPBD", "PRCD")), _balance(stmt, ("CLBD",))
    if opening is None or closing is None:
        return
    moved = sum((-e.amount if e.outgoing else e.amount for e in entries), Decimal(0))
    if opening + moved != closing:
        raise NotAStatement("balances", _of(stmt, "Id")[:80])


def _balance(stmt: Element, codes: tuple[str, ...]) -> Decimal | None:
    for row in stmt.findall("Bal"):
        if _of(row, "Tp/CdOrPrtry/Cd") in codes:
            text = _of(row, "Amt")
            amount = (
                Decimal(0) if re.fullmatch(r"0+(\.0+)?", text) else amount_of(text, place="Bal")
            )
            return -amount if _of(row, "CdtDbtInd") == "DBIT" else amount
    return None
