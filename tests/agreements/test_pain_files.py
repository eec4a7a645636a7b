"""pain.001 against the standard, checked without the schema: order, lengths, characters, sums."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from agreements.banking.orders import Party, PayFile, PayOrder, faults_of
from agreements.banking.pain import NAMESPACE, pain_file
from agreements.services.batches import release_batch
from complaints.errors import CaseError
from tests.agreements.pay_makers import batch_of, finance, paid_case

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "pain.001.001.09.subset.xsd"))
ORDER = {
    "Document": "CstmrCdtTrfInitn",
    "CstmrCdtTrfInitn": "GrpHdr PmtInf",
    "GrpHdr": "MsgId CreDtTm Authstn NbOfTxs CtrlSum InitgPty FwdgAgt InitnSrc",
    "InitgPty": "Nm PstlAdr Id CtryOfRes CtctDtls",
    "PmtInf": "PmtInfId PmtMtd ReqdAdvcTp BtchBookg NbOfTxs CtrlSum PmtTpInf ReqdExctnDt "
    "PoolgAdjstmntDt Dbtr DbtrAcct DbtrAgt DbtrAgtAcct InstrForDbtrAgt UltmtDbtr ChrgBr "
    "ChrgsAcct ChrgsAcctAgt CdtTrfTxInf",
    "ReqdExctnDt": "Dt DtTm",
    "Dbtr": "Nm PstlAdr Id CtryOfRes CtctDtls",
    "Cdtr": "Nm PstlAdr Id CtryOfRes CtctDtls",
    "DbtrAcct": "Id Tp Ccy Nm Prxy",
    "CdtrAcct": "Id Tp Ccy Nm Prxy",
    "Id": "IBAN Othr",
    "Othr": "Id SchmeNm Issr",
    "DbtrAgt": "FinInstnId BrnchId",
    "CdtrAgt": "FinInstnId BrnchId",
    "FinInstnId": "BICFI ClrSysMmbId LEI Nm PstlAdr Othr",
    "ClrSysMmbId": "ClrSysId MmbId",
    "ClrSysId": "Cd Prtry",
    "CdtTrfTxInf": "PmtId PmtTpInf Amt XchgRateInf ChrgBr MndtRltdInf ChqInstr UltmtDbtr "
    "IntrmyAgt1 IntrmyAgt1Acct IntrmyAgt2 IntrmyAgt2Acct IntrmyAgt3 IntrmyAgt3Acct CdtrAgt "
    "CdtrAgtAcct Cdtr CdtrAcct UltmtCdtr InstrForCdtrAgt InstrForDbtrAgt Purp RgltryRptg Tax "
    "RltdRmtInf RmtInf SplmtryData",
    "PmtId": "InstrId EndToEndId UETR",
    "Amt": "InstdAmt EqvtAmt",
    "RmtInf": "Ustrd Strd",
}
"""The children of each element of pain.001.001.09, in the order of the message definition."""
REPEATED = {"CdtTrfTxInf"}
LENGTHS = {
    "MsgId": 35, "PmtInfId": 35, "InstrId": 35, "EndToEndId": 35, "Nm": 140, "MmbId": 35,
    "Ustrd": 140,
}  # fmt: skip
PATTERNS = {
    "CreDtTm": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "Dt": r"\d{4}-\d\d-\d\d",
    "NbOfTxs": r"[0-9]{1,15}",
    "CtrlSum": r"[0-9]{1,16}\.[0-9]{2}",
    "InstdAmt": r"[0-9]{1,16}\.[0-9]{2}",
    "PmtMtd": r"TRF",
    "BtchBookg": r"false",
    "IBAN": r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}",
    "BICFI": r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?",
    "Cd": r"CNAPS",
}

names = st.text(
    st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), min_size=1, max_size=70
).filter(lambda text: bool(text.strip()))
accounts = st.one_of(
    st.from_regex(r"[0-9]{8,32}\Z"),
    st.sampled_from(["DE89370400440532013000", "GB82WEST12345698765432"]),
)
codes = st.one_of(
    st.just(""), st.from_regex(r"[0-9]{12}\Z"), st.sampled_from(["DEUTDEFF", "DEUTDEFF500"])
)
parties = st.builds(
    Party, name=names, account=accounts, bank=st.one_of(st.just(""), names), bank_code=codes
).filter(lambda party: not faults_of(party))
sums = st.decimals("0.01", "999999999999.99", places=2)


@st.composite
def files(draw: st.DrawFn) -> PayFile:
    """Any batch whose payees our own check lets through."""
    number = draw(st.integers(1, 999999))
    rows = draw(st.lists(st.tuples(parties, sums, names), min_size=1, max_size=8))
    orders = tuple(
        PayOrder(f"PB2026{number:06d}-{place:04d}", payee, amount, "CNY", words * 3)
        for place, (payee, amount, words) in enumerate(rows, start=1)
    )
    made = draw(st.datetimes(datetime(2026, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC)))
    day = draw(st.dates(date(2026, 1, 1), date(2099, 12, 31)))
    return PayFile(f"PB-2026-{number:06d}", made, day, draw(parties), "CNY", orders)


def tag(node: Element) -> str:
    space, name = node.tag.rsplit("}", 1)
    assert space == f"{{{NAMESPACE}"
    return name


def check_node(node: Element) -> None:
    """Every element has only the children that it may have, in their order, and a sound text."""
    children = [tag(child) for child in node]
    if children:
        assert not (node.text or "").strip()
        places = [ORDER[tag(node)].split().index(name) for name in children]
        assert places == sorted(places)
        assert all(name in REPEATED or children.count(name) == 1 for name in children)
    else:
        check_text(tag(node), node.text or "")
    for child in node:
        check_node(child)


def check_text(name: str, text: str) -> None:
    if name == "FinInstnId":
        assert text == ""
        return
    assert 1 <= len(text) <= LENGTHS.get(name, 34)
    assert text.strip(), name
    if name in PATTERNS:
        assert re.fullmatch(PATTERNS[name], text, re.ASCII), (name, text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]", text)


@given(files())
def test_any_batch_is_in_order_within_lengths_and_adds_up(file: PayFile) -> None:
    data = pain_file(file)
    root = fromstring(data)

    check_node(root)
    SCHEMA.assertValid(etree.fromstring(data))
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    space = f"{{{NAMESPACE}}}"
    amounts = [Decimal(node.text or "") for node in root.iter(f"{space}InstdAmt")]
    assert amounts == [order.amount for order in file.orders]
    assert {node.text for node in root.iter(f"{space}NbOfTxs")} == {str(len(amounts))}
    assert {node.text for node in root.iter(f"{space}CtrlSum")} == {f"{sum(amounts):.2f}"}
    keys = [node.text for node in root.iter(f"{space}EndToEndId")]
    assert keys == [order.key for order in file.orders] and len(set(keys)) == len(keys)
    payees = [node.findtext(f"{space}Nm") for node in root.iter(f"{space}Cdtr")]
    assert payees == [order.payee.name for order in file.orders]
    assert pain_file(file) == data


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=80), st.text(max_size=14))
def test_no_payee_gets_through_that_the_file_could_not_carry(
    name: str, account: str, bank: str, code: str
) -> None:
    party = Party(name, account, bank, code)
    if faults_of(party):
        return
    order = PayOrder("PB2026000001-0001", party, Decimal("1.00"), "CNY", "RD-1")
    made = datetime(2026, 11, 22, tzinfo=UTC)
    ours = Party("安居电器", "31050161360000000018")
    check_node(fromstring(pain_file(PayFile("PB-1", made, made.date(), ours, "CNY", (order,)))))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "setting",
    [
        {"PAYER_ACCOUNT": ""},
        {"PAYER_NAME": ""},
        {"PAYER_BANK_CODE": "CCB"},
        {"PAYER_NAME": "x" * 71},
    ],
)
def test_nothing_is_released_from_an_account_that_no_bank_knows(
    settings: object, setting: dict[str, str]
) -> None:
    batch = batch_of(paid_case())
    for name, value in setting.items():
        setattr(settings, name, value)
    with pytest.raises(CaseError, match="付款账户"):
        release_batch(batch, by=finance(), seen_count=1, seen_total=Decimal("299.00"))
    batch.refresh_from_db()

    assert batch.state == "draft"
