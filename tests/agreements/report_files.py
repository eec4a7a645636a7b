"""Reports of a bank on a batch, as pain.002 files."""

from __future__ import annotations

from xml.sax.saxutils import escape

from agreements.days import today


def word(code: str = "", reason: str = "", text: str = "") -> str:
    """The reason of a status."""
    if not (reason or text):
        return ""
    cause = f"<Rsn><Cd>{reason}</Cd></Rsn>" if reason else ""
    more = f"<AddtlInf>{escape(text)}</AddtlInf>" if text else ""
    return f"<StsRsnInf>{cause}{more}</StsRsnInf>"


def told(key: str, status: str, *, reason: str = "", text: str = "", amount: str = "") -> str:
    """What the bank says of one order."""
    named = f"<OrgnlEndToEndId>{escape(key)}</OrgnlEndToEndId>" if key else ""
    sts = f"<TxSts>{status}</TxSts>" if status else ""
    sum_ = f'<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">{amount}</InstdAmt></Amt></OrgnlTxRef>'
    return (
        f"<TxInfAndSts>{named}{sts}{word(status, reason, text)}"
        f"{sum_ if amount else ''}</TxInfAndSts>"
    )


def report(
    original: str,
    *rows: str,
    group: str = "",
    block: str = "",
    reason: str = "",
    count: str = "",
    total: str = "",
    day: str = "",
    number: str = "R-1",
) -> bytes:
    """A whole report on the batch `original`."""
    sums = (f"<OrgnlNbOfTxs>{count}</OrgnlNbOfTxs>" if count else "") + (
        f"<OrgnlCtrlSum>{total}</OrgnlCtrlSum>" if total else ""
    )
    whole = f"<GrpSts>{group}</GrpSts>{word(group, reason)}" if group else ""
    part = f"<PmtInfSts>{block}</PmtInfSts>{word(block, reason)}" if block else ""
    inner = (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{original}-1</OrgnlPmtInfId>{part}"
        f"{''.join(rows)}</OrgnlPmtInfAndSts>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{number}</MsgId><CreDtTm>{day or today()}T08:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{sums}{whole}</OrgnlGrpInfAndSts>"
        f"{inner if rows or part else ''}</CstmrPmtStsRpt></Document>"
    ).encode()
