"""Reading ISO 20022 `pain.002` (payment status report), any version: what the bank says of a batch.

A rejection says that nothing was paid. Nothing else in a report is money: that a payment was booked
is told by the statement alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from agreements.banking.iso import read_document, text_at
from agreements.banking.matching import (
    BACK,
    DUPLICATE,
    FAILED,
    PAID,
    SENT,
    UNMATCHED,
    WRONG_AMOUNT,
    KnownOrder,
)
from agreements.banking.statements import MOST_ENTRIES, NotAStatement, amount_of, date_of

REJECTED, ACCEPTED, PENDING = "rejected", "accepted", "pending"
REFUSALS = frozenset({"RJCT", "CANC"})
ACCEPTANCES = frozenset({"ACCP", "ACSP", "ACSC", "ACCC", "ACTC", "ACFC", "ACWC", "ACWP"})
OPEN = frozenset({"PDNG", "RCVD", "PATC", "PART", ""})
_COUNT = re.compile(r"[0-9]{1,15}\Z", re.ASCII)


@dataclass(frozen=True)
class StatusRow:
    """What the bank says of one order. `amount` is None where the report doesn't repeat it."""

    position: int
    key: str
    code: str
    reason: str = ""
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class StatusReport:
    """A whole report. `code` is the bank's word on the batch, `rows` that on single orders."""

    reference: str
    original: str
    made_on: date
    code: str
    reason: str
    rows: tuple[StatusRow, ...]
    count: int | None = None
    total: Decimal | None = None


@dataclass(frozen=True)
class StatusVerdict:
    """What a row leads to; `problem` says why it is not simply a refusal or an acceptance."""

    row: StatusRow
    outcome: str
    problem: str = ""


def read_report(data: bytes) -> StatusReport:
    """Return what a pain.002 file says. Raises NotAStatement, with the reason and the place."""
    root = read_document(data, "pain.002")
    body = root.find("CstmrPmtStsRpt")
    group = body.find("OrgnlGrpInfAndSts") if body is not None else None
    original = text_at(group, "OrgnlMsgId") if group is not None else ""
    if body is None or group is None or not original:
        raise NotAStatement("no_original")
    blocks = body.findall("OrgnlPmtInfAndSts")
    rows = tuple(_rows(blocks))
    if len(rows) > MOST_ENTRIES:
        raise NotAStatement("too_many")
    code, reason = _status(group, "GrpSts", original), _reason(group)
    if not code and len(blocks) == 1:
        code, reason = _status(blocks[0], "PmtInfSts", original), _reason(blocks[0])
    if not code and not rows:
        raise NotAStatement("no_entries")
    if code in REFUSALS and any(row.code not in REFUSALS | {""} for row in rows):
        raise NotAStatement("contradiction", original[:80])
    count, total = text_at(group, "OrgnlNbOfTxs"), text_at(group, "OrgnlCtrlSum")
    return StatusReport(
        reference=text_at(body, "GrpHdr/MsgId")[:80],
        original=original[:80],
        made_on=date_of(text_at(body, "GrpHdr/CreDtTm"), place="CreDtTm"),
        code=code,
        reason=reason,
        rows=rows,
        count=int(count) if _COUNT.match(count) else None,
        total=amount_of(total, place="OrgnlCtrlSum") if total else None,
    )


def _rows(blocks: list[Element]) -> Iterator[StatusRow]:
    position = 0
    for block in blocks:
        whole = _status(block, "PmtInfSts", text_at(block, "OrgnlPmtInfId"))
        for detail in block.findall("TxInfAndSts"):
            position += 1
            key = text_at(detail, "OrgnlEndToEndId") or text_at(detail, "OrgnlInstrId")
            amount = detail.find("OrgnlTxRef/Amt/InstdAmt")
            yield StatusRow(
                position=position,
                key=key[:80],
                code=_status(detail, "TxSts", key) or (whole if whole in REFUSALS else ""),
                reason=_reason(detail) or (_reason(block) if whole in REFUSALS else ""),
                amount=None if amount is None else amount_of(amount.text or "", place=key),
                currency="" if amount is None else amount.get("Ccy", ""),
            )


def _status(node: Element, name: str, place: str) -> str:
    code = text_at(node, name)
    if code not in REFUSALS | ACCEPTANCES | OPEN:
        raise NotAStatement("status", f"{place} {code}".strip()[:80])
    return code


def _reason(node: Element) -> str:
    parts = []
    for info in node.findall("StsRsnInf"):
        parts += [text_at(info, "Rsn/Cd") or text_at(info, "Rsn/Prtry")]
        parts += [(more.text or "").strip() for more in info.findall("AddtlInf")]
    return " ".join(filter(None, parts))[:140]


def judge(
    report: StatusReport, orders: Mapping[str, KnownOrder], *, members: Collection[str]
) -> list[StatusVerdict]:
    """Return a verdict for each order that the report speaks of.

    `orders` are those we know, by key; `members` the keys of the batch that the report is about.
    A batch that is refused as a whole refuses every order of it, named or not.
    """
    verdicts: list[StatusVerdict] = []
    told: set[str] = set()
    for row in _with_silent(report, members):
        twice = bool(row.key) and row.key in told
        told.add(row.key)
        if twice:
            verdicts.append(StatusVerdict(row, DUPLICATE, "row_twice"))
        else:
            verdicts.append(_judge(row, orders.get(row.key), member=row.key in members))
    return verdicts


def _with_silent(report: StatusReport, members: Collection[str]) -> list[StatusRow]:
    """Return the rows; of a batch that is refused as a whole, also those that it does not name."""
    if report.code not in REFUSALS:
        return [replace(row, code=row.code or report.code) for row in report.rows]
    rows = [
        replace(row, code=report.code, reason=row.reason or report.reason) for row in report.rows
    ]
    named = {row.key for row in rows}
    silent = sorted(key for key in members if key not in named)
    return rows + [
        StatusRow(number, key, report.code, report.reason)
        for number, key in enumerate(silent, start=len(rows) + 1)
    ]


def _judge(row: StatusRow, order: KnownOrder | None, *, member: bool) -> StatusVerdict:
    if order is None:
        return StatusVerdict(row, UNMATCHED, "unknown_key" if row.key else "no_key")
    if not member:
        return StatusVerdict(row, UNMATCHED, "other_batch")
    differs = row.amount is not None and row.amount != order.amount
    if differs or (row.currency and row.currency != order.currency):
        return StatusVerdict(row, WRONG_AMOUNT, "order_differs")
    if row.code in REFUSALS:
        return _refused(row, order.state)
    if order.state == FAILED:
        return StatusVerdict(row, UNMATCHED, "taken_after_failed")
    return StatusVerdict(row, ACCEPTED if row.code in ACCEPTANCES else PENDING)


def _refused(row: StatusRow, state: str) -> StatusVerdict:
    known = {
        SENT: (REJECTED, ""),
        FAILED: (DUPLICATE, "failed_known"),
        BACK: (DUPLICATE, "returned_before"),
        PAID: (UNMATCHED, "rejected_after_paid"),
    }
    outcome, problem = known.get(state, (UNMATCHED, "not_released"))
    return StatusVerdict(row, outcome, problem)
