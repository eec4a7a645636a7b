"""Statements as a bank writes them, in camt.053."""

from __future__ import annotations

OURS = "31050161360000000018"


def entry_xml(
    amount: str,
    *,
    key: str = "",
    out: bool = True,
    ref: str = "",
    name: str = "",
    reason: str = "",
    status: str = "BOOK",
    day: str = "2026-11-22",
    parts: list[tuple[str, str]] | None = None,
) -> str:
    """One entry; `parts` are (amount, end-to-end id) of a booking of several."""
    mark = "DBIT" if out else "CRDT"
    details = [(amount, key)] if parts is None else parts
    side = "Cdtr" if out else "Dbtr"
    rows = "".join(
        f"<TxDtls><Refs><EndToEndId>{own_key or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f'<Amt Ccy="CNY">{own}</Amt>'
        + (f"<RltdPties><{side}><Pty><Nm>{name}</Nm></Pty></{side}></RltdPties>" if name else "")
        + (
            f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn><AddtlInf>账户已销户</AddtlInf></RtrInf>"
            if reason
            else ""
        )
        + "</TxDtls>"
        for own, own_key in details
    )
    return (
        f'<Ntry><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>{mark}</CdtDbtInd>'
        f"<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<AcctSvcrRef>{ref}</AcctSvcrRef><NtryDtls>{rows}</NtryDtls></Ntry>"
    )


def camt(*entries: str, account: str = OURS, opening: str = "", closing: str = "") -> bytes:
    """A file with one statement."""
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'
        for code, amount in (("OPBD", opening), ("CLBD", closing))
        if amount
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-23T01:00:00Z</CreDtTm></GrpHdr>"
        f"<Stmt><Id>S-20261122</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>"
        f"{balances}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
