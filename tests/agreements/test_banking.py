"""The pure part of paying: files for the bank, statements from it, matching, the sandbox."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from agreements.banking import matching
from agreements.banking.camt import read_camt
from agreements.banking.matching import KnownOrder, match, sign_of
from agreements.banking.orders import Party, PayFile, PayOrder, faults_of
from agreements.banking.pain import NAMESPACE, pain_file
from agreements.banking.providers import (
    ACCEPTED,
    PENDING,
    REJECTED,
    ProviderUnreachable,
    SandboxProvider,
)
from agreements.banking.statements import BankEntry, NotAStatement
from agreements.banking.table import COLUMNS, table_file
from agreements.banking.tables import read_table
from tests.agreements.camt_files import camt, entry_xml

OURS = Party("安居电器", "31050161360000000018", "中国建设银行上海闵行支行", "105290061006")
NAMES = ["周小华", "𠮷田・㙓", "O’Brien & Söhne <GmbH>", 'Ng\u00e9 "X"']
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "pain.001.001.09.subset.xsd"))
DAY = date(2026, 11, 22)
SPACE = {"p": NAMESPACE}


def order(number: int = 1, amount: str = "299.00", **fields: str) -> PayOrder:
    payee = {"name": "周小华", "account": "6222021234567890", "bank": "", "bank_code": "", **fields}
    return PayOrder(
        f"PB2026000001-{number:04d}", Party(**payee), Decimal(amount), "CNY", "RD-1 AG-1"
    )


def file_of(*orders: PayOrder) -> PayFile:
    made = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    return PayFile("PB-2026-000001", made, DAY, OURS, "CNY", orders)


def texts(data: bytes, path: str) -> list[str]:
    return [node.text or "" for node in fromstring(data).findall(path, SPACE)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bank_code", ["", "105290061006", "DEUTDEFF", "DEUTDEFF500"])
def test_pain_file_is_as_the_standard_says(name: str, bank_code: str) -> None:
    data = pain_file(file_of(order(name=name, bank_code=bank_code, bank="招商银行")))

    SCHEMA.assertValid(etree.fromstring(data))
    assert texts(data, ".//p:Cdtr/p:Nm") == [name]


@given(
    st.lists(st.decimals("0.01", "999999.99", places=2), min_size=1, max_size=30),
    st.text(st.characters(categories=["L", "N", "Zs"]), min_size=1, max_size=70),
)
def test_sums_and_counts_hold_for_any_amounts(amounts: list[Decimal], name: str) -> None:
    party = Party(name.strip() or "周", "6222021234567890")
    orders = [replace(order(n), amount=a, payee=party) for n, a in enumerate(amounts, start=1)]
    data = pain_file(file_of(*orders))
    rows = list(csv.reader(io.StringIO(table_file(file_of(*orders)).decode("utf-8-sig"))))

    SCHEMA.assertValid(etree.fromstring(data))
    assert texts(data, ".//p:CtrlSum") == [f"{sum(amounts):.2f}"] * 2
    assert texts(data, ".//p:NbOfTxs") == [str(len(amounts))] * 2
    assert [Decimal(text) for text in texts(data, ".//p:InstdAmt")] == amounts
    assert [Decimal(row[6]) for row in rows[1:-1]] == amounts
    assert Decimal(rows[-1][6]) == sum(amounts)
    assert tuple(rows[0]) == COLUMNS


def test_schema_can_refuse() -> None:
    data = pain_file(file_of(order())).replace(b"<PmtMtd>TRF</PmtMtd>", b"")

    assert not SCHEMA.validate(etree.fromstring(data))


def test_iban_is_written_as_one() -> None:
    data = pain_file(file_of(order(account="DE89370400440532013000")))

    assert texts(data, ".//p:CdtrAcct/p:Id/p:IBAN") == ["DE89370400440532013000"]
    assert faults_of(order(account="DE89370400440532013001").payee) == [("account", "check_digits")]


def test_camt_is_read_with_what_was_paid_and_what_came_back() -> None:
    data = camt(
        entry_xml("299.00", key="PB2026000001-0001", ref="B1", name="周小华"),
        entry_xml("38.00", out=False, key="PB2026000001-0002", ref="B2", reason="AC04"),
        opening="1000.00",
        closing="739.00",
    )
    statement = read_camt(data)

    assert statement.account == OURS.account
    first, second = statement.entries
    assert (first.outgoing, first.amount, first.key) == (
        True,
        Decimal("299.00"),
        "PB2026000001-0001",
    )
    assert (first.counterpart, first.bank_ref, first.booked_on) == ("周小华", "B1", DAY)
    assert (second.outgoing, second.reason) == (False, "AC04 账户已销户")


def test_camt_entry_of_several_details_is_taken_apart() -> None:
    parts = [("100.00", "A-1"), ("199.00", "A-2")]
    statement = read_camt(camt(entry_xml("299.00", parts=parts, ref="B1")))

    assert [(e.key, e.amount) for e in statement.entries] == [
        ("A-1", Decimal("100.00")),
        ("A-2", Decimal("199.00")),
    ]
    with pytest.raises(NotAStatement, match="entry_sum"):
        read_camt(camt(entry_xml("300.00", parts=parts, ref="B1")))


def test_what_is_only_announced_is_not_booked() -> None:
    data = camt(entry_xml("1.00", status="PDNG"), entry_xml("2.00", key="NOTPROVIDED"))

    assert [(e.amount, e.key) for e in read_camt(data).entries] == [(Decimal("2.00"), "")]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY a{n} "{("&a" + (str(n - 1) if n else "") + ";") * 10}">' for n in range(9))
    + "]><lolz>&a8;</lolz>"
).encode()
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
DTD = b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (BOMB, "entities"),
        (OUTSIDE, "entities"),
        (DTD, "entities"),
        (b"<a><b></a>", "not_xml"),
        (b"<a/>", "other_document"),
        (camt(entry_xml("1.00")).replace(b"camt.053", b"camt.054"), "other_document"),
        (camt(), "no_entries"),
        (camt(entry_xml("1.00"))[:400], "not_xml"),
        (camt(entry_xml("-1.00")), "amount"),
        (camt(entry_xml("1.005")), "amount"),
        (camt(entry_xml("0.00")), "amount"),
        (camt(entry_xml("1e3")), "amount"),
        (camt(entry_xml("1.00", day="22.11.2026")), "date"),
        (camt(entry_xml("1.00")).replace(b"DBIT", b"DEBT"), "direction"),
        (camt(entry_xml("1.00"), opening="10.00", closing="10.00"), "balances"),
        (camt(entry_xml("1.00"), account=""), "no_account"),
    ],
)
def test_what_is_no_statement_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(NotAStatement) as caught:
        read_camt(data)
    assert caught.value.code == code


HEAD = "account,booked_on,direction,amount,currency,end_to_end_id,bank_reference\n"
LINE = "31050161360000000018,2026-11-22,debit,299.00,CNY,K1,B1\n"


def test_table_is_read_in_either_language_and_encoding() -> None:
    english = read_table((HEAD + LINE).encode())
    chinese = (
        "本方账号,记账日期,借贷,金额,币种,客户流水号,银行流水号,对方户名,摘要\r\n"
        '3105 0161 3600 0000 0018,2026/11/22,借,"1,299.00",CNY,K1,B1,周小华,补偿\r\n'
    )
    other = read_table(chinese.encode("gb18030"))

    assert english.entries[0].key == "K1"
    assert other.account == english.account == OURS.account
    assert other.entries[0].amount == Decimal("1299.00")
    assert other.entries[0].counterpart == "周小华"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "no_entries", ""),
        (HEAD, "no_entries", ""),
        ("a,b\n1,2\n", "columns", None),
        (HEAD + LINE.replace("299.00", "2,99"), "currency", None),
        (HEAD + LINE.replace("299.00", "二百"), "amount", "2"),
        (HEAD + LINE + LINE.replace("299.00", "１"), "amount", "3"),
        (HEAD + LINE.replace("debit", "out"), "direction", "2"),
        (HEAD + LINE.replace("2026-11-22", "2026-02-30"), "date", "2"),
        (HEAD + LINE.replace("CNY", "RMB1"), "currency", "2"),
        (HEAD + LINE + LINE.replace("310501", "999999"), "accounts", ""),
        (HEAD + '31050161360000000018,"2026', "not_csv", ""),
    ],
)
def test_wrong_table_is_refused_with_its_line(text: str, code: str, place: str | None) -> None:
    with pytest.raises(NotAStatement) as caught:
        read_table(text.encode())
    assert caught.value.code == code
    assert place is None or caught.value.place == place


def test_picture_is_no_table() -> None:
    with pytest.raises(NotAStatement, match="not_csv"):
        read_table(b"\x89PNG\r\n\x1a\n\0\0\0")


def entry(amount: str = "299.00", key: str = "K1", **fields: object) -> BankEntry:
    defaults = {"position": 1, "currency": "CNY", "outgoing": True, "booked_on": DAY}
    return BankEntry(amount=Decimal(amount), key=key, **{**defaults, **fields})


def known(state: str = matching.SENT, **fields: object) -> dict[str, KnownOrder]:
    rest = {"amount": Decimal("299.00"), "currency": "CNY", "released_on": DAY, **fields}
    return {"K1": KnownOrder(state=state, **rest)}


@pytest.mark.parametrize(
    ("found", "orders", "outcome", "problem"),
    [
        (entry(), known(), "matched", ""),
        (entry("298.99"), known(), "partial", "less"),
        (entry("299.01"), known(), "wrong_amount", "more"),
        (entry(currency="USD"), known(), "wrong_amount", "currency"),
        (entry(), known(matching.PAID), "duplicate", "paid_before"),
        (entry(), known(matching.BACK), "duplicate", "paid_before"),
        (entry(), known(matching.FAILED), "unmatched", "failed_before"),
        (entry(), known(matching.PLANNED), "unmatched", "not_released"),
        (entry(booked_on=date(2026, 11, 21)), known(), "unmatched", "before_release"),
        (entry(key="K2"), known(), "unmatched", "unknown_key"),
        (entry(key=""), known(), "unmatched", "no_key"),
        (entry(outgoing=False), known(matching.PAID), "returned", ""),
        (entry("1.00", outgoing=False), known(matching.PAID), "wrong_amount", "return_amount"),
        (entry(outgoing=False), known(matching.BACK), "duplicate", "returned_before"),
        (entry(outgoing=False), known(), "unmatched", "return_before_paid"),
    ],
)
def test_verdicts(
    found: BankEntry, orders: dict[str, KnownOrder], outcome: str, problem: str
) -> None:
    (verdict,) = match([found], orders)
    assert (verdict.outcome, verdict.problem) == (outcome, problem)


def test_one_file_tells_payment_and_return_and_the_same_movement_counts_once() -> None:
    back = entry(position=1, outgoing=False, bank_ref="B2")
    out, again = entry(position=2, bank_ref="B1"), entry(position=3, bank_ref="B1")
    verdicts = match([back, out, again], known())

    assert [v.outcome for v in verdicts] == ["returned", "matched", "duplicate"]
    assert [v.problem for v in match([out], known(), seen=[sign_of(out)])] == ["entry_before"]


ENTRIES = st.builds(
    entry,
    st.sampled_from(["298.99", "299.00", "299.01"]),
    st.sampled_from(["", "K1", "K2", "K3"]),
    outgoing=st.booleans(),
    bank_ref=st.sampled_from(["", "B1", "B2"]),
    booked_on=st.sampled_from([date(2026, 11, 21), DAY, date(2026, 11, 23)]),
)


@given(st.lists(ENTRIES, max_size=25), st.sampled_from([matching.SENT, matching.PAID, "failed"]))
def test_whatever_the_bank_says_an_order_is_paid_and_returned_once(
    entries: list[BankEntry], state: str
) -> None:
    entries = [replace(e, position=n) for n, e in enumerate(entries, start=1)]
    orders = {**known(), "K2": replace(known()["K1"], state=state)}
    verdicts = match(entries, orders)

    assert [v.entry for v in verdicts] == entries
    for key in ("K1", "K2", "K3", ""):
        paid = [v for v in verdicts if v.entry.key == key and v.outcome == "matched"]
        back = [v for v in verdicts if v.entry.key == key and v.outcome == "returned"]
        before = key == "K2" and state == matching.PAID
        assert len(paid) <= (key in orders and orders[key].state == matching.SENT)
        assert len(back) <= len(paid) + before
        assert all(v.entry.amount == Decimal("299.00") for v in [*paid, *back])
    assert all(v.problem for v in verdicts if v.outcome not in ("matched", "returned"))


def test_sandbox_answers_by_the_account_and_pays_a_key_once() -> None:
    sandbox = SandboxProvider()
    fine, closed = order(1), order(2, account="6222020001")
    slow, mute = order(3, account="6222020002"), order(4, account="6222020003")

    assert sandbox.send(fine) == sandbox.send(fine)
    assert sandbox.send(fine).state == ACCEPTED
    assert sandbox.send(closed).state == REJECTED
    assert sandbox.send(slow).state == PENDING
    assert sandbox.look_up(slow.key).state == ACCEPTED
    with pytest.raises(ProviderUnreachable):
        sandbox.send(mute)
    assert sandbox.look_up(mute.key).state == ACCEPTED
    assert sandbox.look_up("never") is None
    assert sandbox.send(replace(fine, amount=Decimal("1.00"))).state == REJECTED
    assert len(sandbox.orders) == 4
