"""Recourse opens by itself, is notified in time, and never brings more than what was paid."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.selectors.policies import working_calendar
from liability.models import (
    InsurancePolicy,
    LiabilityFinding,
    RecourseBasis,
    RecourseClaim,
    RecourseEntry,
    RecourseTerm,
    Recovery,
    Supplier,
)
from liability.recourse import covered_by_policy, covered_by_share
from liability.selectors.recourse import claims_of, net_costs
from liability.services.findings import determine_liability
from liability.services.investigating import reinvestigate
from liability.services.recourse import (
    add_entry,
    close_claim,
    open_claims,
    pursue_recourse,
    record_paid,
    record_recovery,
    withdraw_paid,
)
from liability.states import Party
from tests.factories import make_product, make_user, staff
from tests.liability.doors import staff_client
from tests.liability.makers import hear_respondent, investigating_case, inward, liable, outward

SPLIT = (
    outward(),
    inward(Party.SUPPLIER, "60", name="恒泰电子"),
    inward(Party.PRODUCTION_DEPT, "30"),
    inward(Party.LOGISTICS, "10", name="快运"),
)


def today():
    return working_calendar().local_date(now())


def split_case(*shares, **fields) -> Case:
    finding = liable(*(shares or SPLIT), **fields)
    case = investigating_case()
    hear_respondent(case, "恒泰电子", "快运")
    return determine_liability(case, by=staff(Role.INVESTIGATOR), finding=finding)


def pay(case: Case, amount: str, source: str = "") -> RecourseBasis:
    return record_paid(
        case,
        by=Actor.system(),
        source=source or f"test:{uuid4().hex}",
        amount=Decimal(amount),
        currency="CNY",
        paid_at=now(),
    )


def claim_against(case: Case, party: str) -> RecourseClaim:
    return RecourseClaim.objects.get(case=case, party=party)


def recover(claim: RecourseClaim, amount: str, **fields) -> Recovery:
    return record_recovery(
        claim,
        by=fields.pop("by", None) or staff(Role.FINANCE),
        amount=Decimal(amount),
        received_on=fields.pop("received_on", today()),
        key=fields.pop("key", uuid4().hex),
    )


def policy(**fields) -> InsurancePolicy:
    given = {
        "insurer": "平安财险",
        "number": uuid4().hex[:8],
        "coverage": 100_000,
        "deductible": 1000,
        "starts_on": today() - timedelta(days=30),
        "ends_on": today() + timedelta(days=300),
    }
    return InsurancePolicy.objects.create(**{**given, **fields})


@pytest.mark.django_db
def test_claims_open_with_the_finding_against_outside_parties_only() -> None:
    supplier = Supplier.objects.create(name="恒泰电子")

    case = split_case()

    claims = list(RecourseClaim.objects.filter(case=case).order_by("pk"))
    assert [(claim.party, claim.percent) for claim in claims] == [
        ("supplier", 60),
        ("logistics", 10),
    ]
    assert claims[0].supplier == supplier
    assert claims[0].notice_due_on >= today() + timedelta(days=30)
    assert claims[1].notice_due_on < claims[0].notice_due_on


@pytest.mark.django_db
def test_a_supplier_s_own_term_comes_before_the_usual_one() -> None:
    supplier = Supplier.objects.create(name="恒泰电子")
    RecourseTerm.objects.create(party="supplier", supplier=supplier, days=7)

    claim = claim_against(split_case(), Party.SUPPLIER)

    assert today() + timedelta(days=7) <= claim.notice_due_on < today() + timedelta(days=20)


@pytest.mark.django_db
def test_opening_again_changes_nothing_and_the_task_opens_what_is_missing() -> None:
    case = split_case()
    assert open_claims(case, by=Actor.system()) == []
    RecourseClaim.objects.all().delete()

    assert pursue_recourse() == 1
    assert pursue_recourse() == 0

    assert RecourseClaim.objects.filter(case=case).count() == 2


@pytest.mark.django_db
def test_a_new_finding_changes_claims_and_lets_go_who_is_not_named() -> None:
    case = reinvestigate(split_case(), by=staff(Role.AGENT), reason="新的检测报告")
    hear_respondent(case)
    finding = liable(
        outward(),
        inward(Party.SUPPLIER, "75", name="恒泰电子"),
        inward(Party.PRODUCTION_DEPT, "25"),
    )

    determine_liability(case, by=staff(Role.INVESTIGATOR), finding=finding)

    assert claim_against(case, Party.SUPPLIER).percent == 75
    assert claim_against(case, Party.LOGISTICS).status == "withdrawn"
    assert RecourseClaim.objects.filter(case=case).count() == 2


@pytest.mark.django_db
def test_money_comes_back_up_to_what_is_covered_of_what_was_paid() -> None:
    case = split_case()
    claim = claim_against(case, Party.SUPPLIER)
    with pytest.raises(CaseError, match=r"0\.00"):
        recover(claim, "0.01")
    pay(case, "1000.00")
    recover(claim, "400.00")

    with pytest.raises(CaseError, match=r"200\.00") as refusal:
        recover(claim, "200.01")
    recover(claim, "200.00")

    assert refusal.value.field == "amount"
    line = next(each for each in claims_of(case) if each.claim.pk == claim.pk)
    assert (line.covered, line.recovered, line.outstanding) == (600, 600, 0)


@pytest.mark.django_db
def test_the_database_itself_refuses_too_much() -> None:
    case = split_case()
    pay(case, "1000.00")
    claim, user = claim_against(case, Party.SUPPLIER), make_user(Role.FINANCE)

    with pytest.raises(IntegrityError, match="covers"), transaction.atomic():
        Recovery.objects.create(
            claim=claim,
            amount=Decimal("600.01"),
            received_on=today(),
            recorded_by=user,
            recorded_at=now(),
            key="x",
        )


@pytest.mark.django_db
def test_all_claims_together_bring_no_more_than_was_paid() -> None:
    policy(deductible=100)
    case = split_case(expected_amount=Decimal(1000))
    pay(case, "1000.00")
    recover(claim_against(case, Party.SUPPLIER), "600.00")

    with pytest.raises(CaseError, match=r"400\.00"):
        recover(claim_against(case, "insurer"), "400.01")
    recover(claim_against(case, "insurer"), "400.00")

    with pytest.raises(CaseError, match=r"0\.00"):
        recover(claim_against(case, Party.LOGISTICS), "1.00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE liability_recovery SET amount = 1",
        "DELETE FROM liability_recovery",
        "UPDATE liability_recoursebasis SET amount = 5000",
        "DELETE FROM liability_recoursebasis",
        "UPDATE liability_recourseentry SET text = 'x'",
        "UPDATE liability_recourseclaim SET status = 'closed'",
    ],
)
def test_the_books_do_not_change(sql: str) -> None:
    case = split_case()
    pay(case, "1000.00")
    claim = claim_against(case, Party.SUPPLIER)
    recover(claim, "100.00")
    add_entry(claim, by=staff(Role.FINANCE), kind="call", text="对方同意核对")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_the_same_recovery_twice_is_one() -> None:
    case = split_case()
    pay(case, "1000.00")
    claim = claim_against(case, Party.SUPPLIER)

    first, second = recover(claim, "100.00", key="k1"), recover(claim, "100.00", key="k1")

    assert first.pk == second.pk
    with pytest.raises(CaseError, match="内容不同"):
        recover(claim, "50.00", key="k1")


@pytest.mark.django_db
def test_money_that_comes_back_to_us_covers_nothing_any_more() -> None:
    case = split_case()
    pay(case, "1000.00", source="payment:1")
    assert pay(case, "1000.00", source="payment:1").amount == 1000
    assert RecourseBasis.objects.count() == 1

    assert withdraw_paid("payment:1")
    assert not withdraw_paid("payment:1")

    with pytest.raises(CaseError):
        recover(claim_against(case, Party.SUPPLIER), "1.00")


@pytest.mark.django_db
def test_a_notice_in_time_stops_the_term_and_is_mailed() -> None:
    case = split_case()
    claim = claim_against(case, Party.SUPPLIER)

    add_entry(
        claim,
        by=staff(Role.FINANCE),
        kind="notice",
        text="按供货合同第 9 条，请承担 60%。",
        address="legal@example.test",
    )

    claim.refresh_from_db()
    assert (claim.status, claim.notified_at is not None) == ("notified", True)
    assert OutboxMessage.objects.filter(kind="recourse_letter", case=case).count() == 1
    shift_to(now() + timedelta(days=60))
    pursue_recourse()
    told = Notification.objects.filter(case=case, kind__startswith="recourse_")
    assert {notice.data["claim"] for notice in told} == {claim_against(case, Party.LOGISTICS).pk}


@pytest.mark.django_db
def test_people_are_reminded_once_and_managers_told_once() -> None:
    manager = make_user(Role.MANAGER)
    case = split_case(outward(), inward(Party.LOGISTICS, "100", name="快运"))
    due = claim_against(case, Party.LOGISTICS).notice_due_on
    assert pursue_recourse() == 0

    shift_to(working_calendar().end_of(due) - timedelta(days=2))
    assert (pursue_recourse(), pursue_recourse()) == (1, 0)
    assert Notification.objects.filter(kind="recourse_due").exists()
    assert not Notification.objects.filter(kind="recourse_overdue").exists()
    shift_to(working_calendar().end_of(due) + timedelta(seconds=1))
    assert (pursue_recourse(), pursue_recourse()) == (1, 0)

    assert Notification.objects.filter(kind="recourse_overdue", user=manager).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({}, True),
        ({"deductible": 5000}, False),
        ({"currency": "USD"}, False),
        ({"ends_on": None}, False),
    ],
)
def test_a_policy_is_called_on_when_it_covers_the_case(fields: dict, opens: bool) -> None:
    if "ends_on" in fields:
        fields["ends_on"] = today() - timedelta(days=1)
    policy(**fields)

    case = split_case(expected_amount=Decimal(5000))

    assert RecourseClaim.objects.filter(case=case, party="insurer").exists() is opens


@pytest.mark.django_db
def test_a_policy_for_other_products_covers_nothing() -> None:
    policy().products.add(make_product())

    case = split_case(expected_amount=Decimal(5000))

    assert not RecourseClaim.objects.filter(case=case, party="insurer").exists()


@pytest.mark.django_db
def test_an_ended_claim_takes_nothing_more() -> None:
    case = split_case()
    pay(case, "1000.00")
    claim = claim_against(case, Party.SUPPLIER)
    with pytest.raises(CaseError):
        close_claim(claim, by=staff(Role.FINANCE), reason=" ")
    close_claim(claim, by=staff(Role.FINANCE), reason="协商减免")

    with pytest.raises(CaseError, match="已经结束"):
        recover(claim, "1.00")
    with pytest.raises(CaseError, match="已经结束"):
        add_entry(claim, by=staff(Role.FINANCE), kind="note", text="x")


@pytest.mark.django_db
def test_other_roles_do_not_touch_recourse() -> None:
    case = split_case()
    pay(case, "1000.00")

    with pytest.raises(StepForbidden):
        recover(claim_against(case, Party.SUPPLIER), "1.00", by=staff(Role.AGENT))

    assert not Recovery.objects.exists()
    assert not RecourseEntry.objects.exists()


@pytest.mark.django_db
def test_net_costs_by_case_batch_and_supplier() -> None:
    product = make_product()
    batch = product.batches.create(code="2609B")
    actor = staff(Role.MANAGER)
    for amount, back in (("1000.00", "600.00"), ("500.00", "")):
        case = split_case()
        Case.objects.filter(pk=case.pk).update(product=product, batch=batch)
        pay(case, amount)
        if back:
            recover(claim_against(case, Party.SUPPLIER), back)

    by_case = net_costs(actor, "case")
    by_batch = net_costs(actor, "batch")
    by_supplier = net_costs(actor, "supplier")

    assert [(row.paid, row.recovered, row.net) for row in by_case] == [
        (500, 0, 500),
        (1000, 600, 400),
    ]
    assert [(row.cases, row.paid, row.net) for row in by_batch] == [(2, 1500, 900)]
    assert [(row.label, row.paid, row.net) for row in by_supplier] == [("恒泰电子", 900, 300)]


@pytest.mark.django_db
def test_the_pages_work_without_scripts() -> None:
    case, client = split_case(), staff_client(Role.MANAGER)
    pay(case, "1000.00")
    claim = claim_against(case, Party.SUPPLIER)
    page = reverse("liability:claim", args=[claim.pk])
    assert case.reference in client.get(reverse("liability:recourse")).content.decode()
    for by in ("batch", "supplier", "nonsense"):
        assert client.get(reverse("liability:recourse"), {"by": by}).status_code == 200
    assert client.get(page).status_code == 200

    notice = {"do": "entry", "kind": "notice", "text": "请承担 60%"}
    assert client.post(page, notice).status_code == 303
    day = today().isoformat()
    money = {"do": "recovery", "amount": "700", "received_on": day, "key": "a"}
    refused = client.post(page, money)
    assert (refused.status_code, "最多还能追回 600.00" in refused.content.decode()) == (422, True)
    assert client.post(page, {**money, "amount": "600"}).status_code == 303
    assert client.post(page, {"do": "close", "reason": "已全部追回"}).status_code == 303
    assert client.post(page, {"do": "else"}).status_code == 404

    claim.refresh_from_db()
    assert (claim.status, claim.recoveries.get().amount) == ("closed", 600)
    assert staff_client(Role.AGENT).get(page).status_code == 403


@pytest.mark.django_db
def test_policies_are_added_and_checked() -> None:
    client, page = staff_client(Role.MANAGER), reverse("liability:policy_new")
    said = {
        "insurer": "平安财险",
        "number": "PL-1",
        "coverage": "100000",
        "deductible": "1000",
        "currency": "CNY",
        "starts_on": "2026-01-01",
        "ends_on": "2025-12-31",
        "notice_days": "5",
    }

    assert "不能早于起保日期" in client.post(page, said).content.decode()
    assert client.post(page, {**said, "ends_on": "2026-12-31"}).status_code == 303
    assert "PL-1" in client.get(reverse("liability:policies")).content.decode()


MONEY = st.decimals("0", "1000000", places=2)
PERCENT = st.decimals("0.01", "100", places=2)


@given(MONEY, st.lists(PERCENT, min_size=1, max_size=5))
def test_a_share_covers_no_more_than_was_paid(paid: Decimal, percents: list[Decimal]) -> None:
    for percent in percents:
        covered = covered_by_share(paid, percent)
        assert 0 <= covered <= paid
        assert abs(covered - paid * percent / 100) <= Decimal("0.005")


@given(MONEY, MONEY, MONEY)
def test_an_insurer_covers_what_is_over_the_deductible(
    paid: Decimal, coverage: Decimal, deductible: Decimal
) -> None:
    covered = covered_by_policy(paid, coverage, deductible)

    assert 0 <= covered <= min(paid, coverage)
    assert covered == 0 or covered + deductible <= paid


@pytest.mark.django_db
def test_a_finding_without_inward_shares_opens_nothing() -> None:
    case = split_case(outward())

    assert LiabilityFinding.objects.filter(case=case).exists()
    assert not RecourseClaim.objects.filter(case=case).exists()


@pytest.mark.django_db
def test_finance_claims_back_from_the_finding_on_though_the_case_is_not_theirs_yet() -> None:
    case, client = split_case(), staff_client(Role.FINANCE)
    pay(case, "1000.00")

    page = client.get(reverse("liability:recourse")).content.decode()
    tab = reverse("desk:case_tab", args=[case.reference, "liability"])
    assert case.reference in page and "600.00" in page
    assert tab not in page
    claim = client.get(reverse("liability:claim", args=[claim_against(case, "supplier").pk]))
    assert claim.status_code == 200
    assert (
        reverse("desk:case_tab", args=[case.reference, "liability"]) not in claim.content.decode()
    )
    assert client.get(reverse("desk:case", args=[case.reference])).status_code == 404
    assert staff_client(Role.MEDIATOR).get(reverse("liability:recourse")).status_code == 403
