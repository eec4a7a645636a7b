"""A batch as ISO 20022 `pain.001.001.09` (customer credit transfer initiation).

One payment information block: one debtor's account, one day, one currency. Names are written as
they are: UTF-8 carries every character of a Chinese name.
"""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from agreements.banking.orders import LONGEST_PURPOSE, Party, PayFile, PayOrder

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"


def pain_file(file: PayFile) -> bytes:
    """Return the file's bytes. The same batch gives the same bytes."""
    root = Element("Document", {"xmlns": NAMESPACE})
    whole = SubElement(root, "CstmrCdtTrfInitn")
    head = SubElement(whole, "GrpHdr")
    _text(head, "MsgId", file.message_id)
    _text(head, "CreDtTm", file.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _sums(head, file)
    _text(SubElement(head, "InitgPty"), "Nm", file.payer.name)
    block = SubElement(whole, "PmtInf")
    _text(block, "PmtInfId", f"{file.message_id}-1")
    _text(block, "PmtMtd", "TRF")
    _text(block, "BtchBookg", "false")
    _sums(block, file)
    _text(SubElement(block, "ReqdExctnDt"), "Dt", file.execute_on.isoformat())
    _text(SubElement(block, "Dbtr"), "Nm", file.payer.name)
    _account(SubElement(block, "DbtrAcct"), file.payer)
    _agent(SubElement(block, "DbtrAgt"), file.payer)
    for order in file.orders:
        _transfer(block, order)
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def _transfer(block: Element, order: PayOrder) -> None:
    row = SubElement(block, "CdtTrfTxInf")
    names = SubElement(row, "PmtId")
    _text(names, "InstrId", order.key)
    _text(names, "EndToEndId", order.key)
    amount = SubElement(SubElement(row, "Amt"), "InstdAmt", {"Ccy": order.currency})
    amount.text = as_amount(order.amount)
    if order.payee.bank_code or order.payee.bank:
        _agent(SubElement(row, "CdtrAgt"), order.payee)
    _text(SubElement(row, "Cdtr"), "Nm", order.payee.name)
    _account(SubElement(row, "CdtrAcct"), order.payee)
    _text(SubElement(row, "RmtInf"), "Ustrd", order.purpose[:LONGEST_PURPOSE])


def _sums(parent: Element, file: PayFile) -> None:
    _text(parent, "NbOfTxs", str(len(file.orders)))
    _text(parent, "CtrlSum", as_amount(file.control_sum))


def _account(parent: Element, party: Party) -> None:
    names = SubElement(parent, "Id")
    if party.is_iban:
        _text(names, "IBAN", party.account)
    else:
        _text(SubElement(names, "Othr"), "Id", party.account)


def _agent(parent: Element, party: Party) -> None:
    bank = SubElement(parent, "FinInstnId")
    if party.is_bic:
        _text(bank, "BICFI", party.bank_code)
    elif party.bank_code:
        member = SubElement(bank, "ClrSysMmbId")
        _text(SubElement(member, "ClrSysId"), "Cd", "CNAPS")
        _text(member, "MmbId", party.bank_code)
    if party.bank:
        _text(bank, "Nm", party.bank)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def as_amount(amount: Decimal) -> str:
    """Return an amount as files have it: two decimals, a point, no grouping."""
    return f"{amount:.2f}"
