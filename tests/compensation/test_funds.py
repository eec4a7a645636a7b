"""Funds: what moves when, what the database refuses, and that it always adds up."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.states import Role
from agreements.services.performing import deny_arrival
from agreements.services.returning import return_payment
from compensation.models import Fund, FundBalance, FundClose, FundEntry, FundHold, FundLine
from compensation.selectors.funds import fund_for, journal_is_kept, sums_of
from compensation.services.answering import accept_option, counter
from compensation.services.funds import (
    FundShort,
    allot,
    close_month,
    commit_owed,
    open_fund,
    pay_out,
    recover,
    release_ended,
    reserve_for_offers,
    take_back,
)
from compensation.services.journal import journal_csv
from compensation.services.offering import expire_offers, send_offer, withdraw_offer
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Notification
from complaints.moments import now, shifted_to
from complaints.services.triage import withdraw
from tests.agreements.makers import fulfilling_case, only_obligation, paid, signed
from tests.compensation.makers import (
    approved_plan,
    chosen_case,
    dear_plan,
    offer_of,
    offered_case,
)
from tests.compensation.money_makers import fund_of
from tests.complaints.walking import check_at_commit, traces
from tests.factories import make_case, make_user, staff
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db
_keys = iter(range(10**9))


def money(text: str) -> Decimal:
    return Decimal(text)


def sums(fund: Fund) -> tuple[str, ...]:
    """Free, reserved, committed, paid; the journal agrees and all adds up."""
    held = sums_of(Fund.objects.get(pk=fund.pk))
    assert journal_is_kept(fund)
    return tuple(str(getattr(held, name)) for name in ("free", "reserved", "committed", "paid"))


def test_without_a_fund_nothing_is_kept() -> None:
    case = fulfilling_case()
    paid(only_obligation(case))

    assert fund_for(case) is None
    assert not FundEntry.objects.exists()


def test_from_offer_to_payment_money_goes_its_way() -> None:
    fund = fund_of()

    case = offered_case()
    assert sums(fund) == ("9701.00", "299.00", "0.00", "0.00")
    offer = offer_of(case)
    case = accept_option(
        case,
        by=Actor.consumer(),
        offer=offer,
        option=offer.plan.options.get(position=2),
        seen_digest=offer.content_digest,
    )
    assert sums(fund) == ("9962.00", "38.00", "0.00", "0.00")
    case = signed(case).case
    assert sums(fund) == ("9962.00", "0.00", "38.00", "0.00")
    duties = case.agreements.get().obligations.select_related("agreement__case__consumer")
    paid(duties.get(kind="payment"), "30.00")
    assert sums(fund) == ("9962.00", "0.00", "8.00", "30.00")
    paid(duties.get(kind="payment"), "8.00")
    assert sums(fund) == ("9962.00", "0.00", "0.00", "38.00")
    check_at_commit()


def test_a_fund_that_is_too_small_lets_no_offer_out() -> None:
    fund = fund_of("298.99")
    case = determined_case()
    plan = approved_plan(case)
    before = traces(case)

    with pytest.raises(FundShort, match=r"还差 0\.01"):
        send_offer(case, by=staff(Role.AGENT), plan=plan)

    assert traces(case) == before
    assert sums(fund) == ("298.99", "0.00", "0.00", "0.00")


@pytest.mark.parametrize("how", ["withdrawn", "countered", "expired", "superseded", "ended"])
def test_what_an_ended_offer_reserved_is_free_again(how: str) -> None:
    fund = fund_of()
    case = offered_case()
    offer = offer_of(case)

    if how == "withdrawn":
        withdraw_offer(case, by=staff(Role.AGENT), offer=offer, reason="算错了")
    elif how == "countered":
        counter(case, by=Actor.consumer(), offer=offer, text="想要现金")
    elif how == "expired":
        with shifted_to(offer.expires_at + timedelta(seconds=1)):
            expire_offers()
    elif how == "ended":
        withdraw(case, by=Actor.consumer(), reason="解决了")
        assert sums(fund)[1] == "299.00"
        assert release_ended() == 1
        assert release_ended() == 0
    else:
        send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case, plan=dear_plan()))
        assert sums(fund) == ("8563.00", "1437.00", "0.00", "0.00")
        return

    assert sums(fund) == ("10000.00", "0.00", "0.00", "0.00")


def test_a_choice_is_never_refused_for_our_money() -> None:
    fund = fund_of("299.00")
    case = offered_case()
    withdrawn = withdraw(case, by=Actor.consumer(), reason="再想想")
    release_ended()
    allot(fund, by=staff(Role.MANAGER), amount=money("-200.00"), note="挪用", key="less")

    reserve_for_offers(withdrawn, by=Actor.system())
    assert sums(fund) == ("99.00", "0.00", "0.00", "0.00")
    open_again = Case.objects.get(pk=case.pk)
    open_again.__dict__["stage"] = "negotiating"
    reserve_for_offers(open_again, by=Actor.consumer())

    assert sums(fund) == ("0.00", "99.00", "0.00", "0.00")


def test_an_agreement_binds_whatever_the_fund_has_and_finance_is_told() -> None:
    case = chosen_case()
    finance = make_user(Role.FINANCE)
    fund = fund_of("100.00")

    case = signed(case).case

    assert sums(fund) == ("0.00", "0.00", "100.00", "0.00")
    assert Notification.objects.get(user=finance, kind="fund_short").data == {"missing": "199.00"}
    before = traces(case)
    with pytest.raises(FundShort):
        paid(only_obligation(case))
    assert traces(case) == before
    allot(fund, by=staff(Role.FINANCE), amount=money("199.00"), note="追加", key="more")
    paid(only_obligation(case))
    assert sums(fund) == ("0.00", "0.00", "0.00", "299.00")


def test_a_payment_is_booked_once_and_one_that_came_back_is_owed_again() -> None:
    fund = fund_of()
    case = fulfilling_case()
    payment = paid(only_obligation(case))
    paid(only_obligation(case))
    assert sums(fund) == ("9701.00", "0.00", "0.00", "299.00")

    deny_arrival(only_obligation(case), by=Actor.consumer())
    return_payment(payment, by=staff(Role.FINANCE), reason="账号错了")

    assert sums(fund) == ("9701.00", "0.00", "299.00", "0.00")
    paid(only_obligation(case), key="again")
    assert sums(fund) == ("9701.00", "0.00", "0.00", "299.00")


def test_recovered_money_is_free_again_and_never_more_than_was_paid() -> None:
    fund = fund_of()
    case = fulfilling_case()
    paid(only_obligation(case))
    hold, by = FundHold.objects.get(case=case), staff(Role.FINANCE)

    with pytest.raises(CaseError, match="收回不能更多"):
        recover(hold, by=by, amount=money("299.01"), note="供应商", key="r1")
    first = recover(hold, by=by, amount=money("200.00"), note="供应商赔付", key="r2")
    again = recover(hold, by=by, amount=money("200.00"), note="供应商赔付", key="r2")

    assert first == again
    assert sums(fund) == ("9901.00", "0.00", "0.00", "99.00")


@pytest.mark.parametrize(
    ("amount", "note", "field"),
    [
        ("0", "说明", "amount"),
        ("0.001", "说明", "amount"),
        ("10000000000000", "说明", "amount"),
        ("5", "  ", "note"),
        ("-10000.01", "说明", "amount"),
    ],
)
def test_a_bad_allotment_is_refused(amount: str, note: str, field: str) -> None:
    fund = fund_of()

    with pytest.raises(CaseError) as refused:
        allot(fund, by=staff(Role.FINANCE), amount=money(amount), note=note, key="bad")

    assert refused.value.field == field
    assert sums(fund) == ("10000.00", "0.00", "0.00", "0.00")


def test_a_key_is_one_entry_and_no_other() -> None:
    fund, by = fund_of(), staff(Role.FINANCE)
    first = allot(fund, by=by, amount=money("5"), note="追加", key="one")

    assert allot(fund, by=by, amount=money("5"), note="追加", key="one") == first
    for other in ("-5", "6"):
        with pytest.raises(CaseError):
            allot(fund, by=by, amount=money(other), note="另一笔", key="one")
    assert sums(fund)[0] == "10005.00"


@pytest.mark.parametrize("role", [Role.AGENT, Role.APPROVER, Role.REVIEWER])
def test_who_may_not_is_refused(role: Role) -> None:
    fund = fund_of()
    with pytest.raises(StepForbidden):
        allot(fund, by=staff(role), amount=money("5"), note="追加", key="x")
    with pytest.raises(StepForbidden):
        open_fund(by=staff(role), name="另一笔")


def test_a_category_has_its_own_fund_and_currencies_never_mix() -> None:
    general = fund_of()
    quality = fund_of(name="质量", category="QUALITY")
    dollars = fund_of(name="海外", currency="USD")

    assert fund_for(make_case(category="QUALITY")) == quality
    assert fund_for(make_case(category="PRICE")) == general
    assert fund_for(make_case(currency="USD")) == dollars
    assert fund_for(make_case(currency="EUR")) is None
    with pytest.raises(CaseError, match="同币种"):
        open_fund(by=staff(Role.MANAGER), name="又一笔", category="QUALITY")


def _entry(fund: Fund, **fields: Any) -> FundEntry:
    day = fields.pop("booked_on", now().date())
    return FundEntry.objects.create(fund=fund, kind="allot", at=now(), booked_on=day, **fields)


def test_the_database_refuses_what_does_not_balance() -> None:
    fund = fund_of()
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        FundLine.objects.create(entry=_entry(fund), account="free", amount=money("5"))
        check_at_commit()


def test_the_database_refuses_an_entry_without_lines() -> None:
    fund = fund_of()
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        _entry(fund)
        check_at_commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE compensation_fundentry SET note = 'x'",
        "DELETE FROM compensation_fundline",
        "UPDATE compensation_fundline SET amount = amount * 2",
        "UPDATE compensation_fundbalance SET amount = 1",
        "DELETE FROM compensation_fundbalance",
        "UPDATE compensation_fundhold SET paid = 1",
        "DELETE FROM compensation_fundhold",
        "TRUNCATE compensation_fundline",
        "UPDATE compensation_fundclose SET free = free",
    ],
)
def test_the_database_keeps_what_was_booked(statement: str) -> None:
    fund = fund_of()
    offered_case()
    with shifted_to(now() + timedelta(days=40)):
        close_month(fund, by=staff(Role.FINANCE), month=(now() - timedelta(days=31)).date())

    check_at_commit()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_overdraws_nothing() -> None:
    fund = fund_of("10.00")
    entry = _entry(fund)
    with pytest.raises(IntegrityError, match="not_negative"), transaction.atomic():
        FundLine.objects.create(entry=entry, account="free", amount=money("-10.01"))
    FundLine.objects.create(entry=entry, account="free", amount=money("-10.00"))
    FundLine.objects.create(entry=entry, account="allotted", amount=money("10.00"))


def test_a_closed_month_keeps_its_sums_and_takes_nothing_more() -> None:
    fund, by = fund_of(), staff(Role.FINANCE)
    this = now().date().replace(day=1)
    for over in (this, date(9999, 12, 1)):
        with pytest.raises(CaseError, match="还没有结束"):
            close_month(fund, by=by, month=over)

    with shifted_to(now() + timedelta(days=32)):
        offered_case()
        closed = close_month(fund, by=by, month=this)
        assert (closed.allotted, closed.free, closed.reserved) == (10000, 10000, 0)
        with pytest.raises(CaseError, match="结过账"):
            close_month(fund, by=by, month=this)
        with pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
            entry = _entry(fund, booked_on=this)
            FundLine.objects.create(entry=entry, account="free", amount=money("1"))
        assert FundClose.objects.count() == 1


def test_the_journal_is_a_table_without_formulas() -> None:
    fund = fund_of(name="=cmd|' /C calc'!A0")
    offered_case()

    text = b"".join(journal_csv(fund)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert [row["account"] for row in rows] == ["allotted", "free", "free", "reserved"]
    assert sum(Decimal(row["amount"]) for row in rows) == 0
    assert {row["fund"] for row in rows} == {"'=cmd|' /C calc'!A0"}
    assert rows[-1]["case"].startswith("RD-")
    assert not list(csv.DictReader(io.StringIO(
        b"".join(journal_csv(fund, month=date(2020, 1, 1))).decode("utf-8-sig")
    )))  # fmt: skip


def test_the_pages_from_a_new_fund_to_its_journal(client: Client) -> None:
    client.force_login(make_user(Role.FINANCE))
    made = client.post(reverse("compensation:funds"), {"name": "年度补偿", "currency": "CNY"})
    fund = Fund.objects.get()
    page = reverse("compensation:fund", args=[fund.pk])
    assert (made.status_code, made["Location"]) == (303, page)

    asked = {"what": "allot", "allot-amount": "500.00", "allot-note": "年初", "allot-key": "k"}
    assert client.post(page, asked).status_code == 303
    assert client.post(page, asked).status_code == 303
    assert sums(fund) == ("500.00", "0.00", "0.00", "0.00")
    case = fulfilling_case()
    paid(only_obligation(case))
    shown = client.get(page).content.decode()
    assert case.reference in shown
    assert "201.00" in shown

    more = {"recover-amount": "300", "recover-note": "供应商", "recover-key": "r"}
    wrong = client.post(page, {"what": "recover", "recover-hold": case.reference, **more})
    assert wrong.status_code == 422
    unknown = client.post(page, {"what": "recover", "recover-hold": "RD-1", **more})
    assert unknown.status_code == 422
    more["recover-amount"] = "99.00"
    right = client.post(page, {"what": "recover", "recover-hold": case.reference, **more})
    assert right.status_code == 303
    assert sums(fund) == ("300.00", "0.00", "0.00", "200.00")
    early = client.post(page, {"what": "close", "close-month": f"{now():%Y-%m}"})
    assert early.status_code == 422
    journal = client.get(reverse("compensation:fund_journal", args=[fund.pk]))
    assert case.reference.encode() in b"".join(journal.streaming_content)


def test_an_approver_reads_and_an_agent_does_not(client: Client) -> None:
    fund = fund_of()
    page = reverse("compensation:fund", args=[fund.pk])
    client.force_login(make_user(Role.APPROVER))
    assert "登记追偿收回" not in client.get(page).content.decode()
    asked = {"what": "allot", "allot-amount": "5", "allot-note": "x", "allot-key": "k"}
    client.post(page, asked)
    assert sums(fund)[0] == "10000.00"
    client.force_login(make_user(Role.AGENT))
    for path in (page, reverse("compensation:funds"), f"{page}journal.csv"):
        assert client.get(path).status_code == 403


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["commit", "pay", "back", "recover", "allot"]),
        st.integers(0, 2),
        st.integers(1, 60000),
    ),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(STEPS)
def test_whatever_happens_it_adds_up_to_the_fen(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        fund, by = fund_of("500.00", name=f"资金{next(_keys)}"), staff(Role.MANAGER)
        cases = [make_case() for _ in range(3)]
        for kind, place, fen in steps:
            case, amount, key = cases[place], Decimal(fen) / 100, f"s{next(_keys)}"
            try:
                with transaction.atomic():
                    _step(kind, fund, case, amount, key, by)
            except CaseError:
                pass
            assert journal_is_kept(fund)
        check_at_commit()
        transaction.set_rollback(True)


def _step(kind: str, fund: Fund, case: Case, amount: Decimal, key: str, by: Actor) -> None:
    if kind == "commit":
        commit_owed(case, by=by, owed=amount)
    elif kind == "pay":
        pay_out(case, by=by, amount=amount, key=key)
    elif kind == "back":
        take_back(case, by=by, amount=amount, key=key)
    elif kind == "allot":
        allot(fund, by=by, amount=amount - 300, note="调整", key=key)
    else:
        hold = FundHold.objects.filter(case=case).first()
        if hold is not None:
            recover(hold, by=by, amount=amount, note="追偿", key=key)


def test_balances_are_there_from_the_first_moment() -> None:
    fund = open_fund(by=staff(Role.MANAGER), name="新")
    assert FundBalance.objects.filter(fund=fund, amount=0).count() == 5
