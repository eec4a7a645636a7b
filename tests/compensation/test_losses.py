"""The loss sheet: what is claimed stays, what is shown counts, nothing is converted silently."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from compensation.incoterms import SELLERS, buyer_carries, may_be_claimed
from compensation.models import LossItem
from compensation.selectors.losses import injury_facts, loss_facts, loss_sums, losses_of
from compensation.selectors.proposals import itemised, proposal_for
from compensation.services.losses import LossData, enter_loss, interest, verify_loss
from compensation.services.sheets import record_sheet
from compensation.states import Incoterm, Leg, LossKind
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now
from tests.factories import staff
from tests.liability.doors import staff_client
from tests.liability.makers import determined_case

YESTERDAY = timedelta(days=1)


def loss(**fields) -> LossData:
    begun = {
        "kind": LossKind.FREIGHT,
        "description": "寄回运费",
        "incurred_on": now().date() - YESTERDAY,
        "claimed": Decimal("38.00"),
    }
    return LossData(**{**begun, **fields})


def entered(case, **fields) -> LossItem:
    return enter_loss(case, by=staff(Role.AGENT), loss=loss(**fields))


@pytest.mark.django_db
def test_only_what_was_verified_counts() -> None:
    case, agent = determined_case(), staff(Role.AGENT)
    first = entered(case)
    entered(case, kind=LossKind.PROPERTY, description="台面", claimed=Decimal("120.00"))
    assert loss_facts(case) == {}

    verify_loss(first, by=agent, amount=Decimal("30.00"), reason="票据 30 元")

    assert loss_facts(case) == {"other_losses": Decimal("30.00")}
    sums = loss_sums(losses_of(case))
    assert (sums.claimed, sums.verified, sums.waiting) == (158, 30, 1)


@pytest.mark.django_db
def test_another_currency_states_its_rate_source_and_day() -> None:
    case, day = determined_case(), now().date()
    dollars = {"currency": "USD", "claimed": Decimal("10.05")}
    for told in ({}, {"rate": Decimal(7)}, {"rate": Decimal(7), "rate_on": day}):
        with pytest.raises(CaseError) as refusal, transaction.atomic():
            entered(case, **dollars, **told)
        assert refusal.value.field == "rate"

    rate = {"rate": Decimal("7.1234"), "rate_on": day, "rate_source": "中国银行折算价"}
    item = entered(case, **dollars, **rate)

    assert item.due == Decimal("71.59") and item.claimed == Decimal("10.05")
    with pytest.raises(CaseError):
        entered(case, **rate)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"claimed": Decimal("-1")}, "claimed"),
        ({"claimed": Decimal(0)}, "claimed"),
        ({"claimed": Decimal("NaN")}, "claimed"),
        ({"claimed": Decimal("Infinity")}, "claimed"),
        ({"claimed": Decimal("1e30")}, "claimed"),
        ({"claimed": Decimal("1.005")}, "claimed"),
        ({"claimed": None}, "claimed"),
        ({"kind": "gold"}, "description"),
        ({"description": " "}, "description"),
        ({"incurred_on": date(2019, 12, 31)}, "incurred_on"),
        ({"incurred_on": date(2999, 1, 1)}, "incurred_on"),
        ({"currency": "yuan"}, "currency"),
        ({"currency": "人民币"}, "currency"),
        ({"incoterm": "FOB"}, "leg"),
        ({"incoterm": "CIF", "leg": "main_carriage"}, "leg"),
        ({"kind": "property", "incoterm": "EXW", "leg": "loading"}, "incoterm"),
        ({"incoterm": "XXX", "leg": "loading"}, "incoterm"),
        ({"kind": "interest", "principal": Decimal(100)}, "principal"),
    ],
)
def test_a_loss_that_cannot_be_names_its_field(fields, field: str) -> None:
    case = determined_case(purchased_on=date(2020, 1, 1))

    with pytest.raises(CaseError) as refusal:
        entered(case, **fields)

    assert refusal.value.field == field
    assert not LossItem.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "reason", "field"),
    [("38.01", "", "amount"), ("-1", "x", "amount"), ("NaN", "x", "amount"), ("5", " ", "reason")],
)
def test_a_verification_stays_within_the_claim_and_says_why(amount, reason, field) -> None:
    item = entered(determined_case())

    with pytest.raises(CaseError) as refusal:
        verify_loss(item, by=staff(Role.AGENT), amount=Decimal(amount), reason=reason)

    assert refusal.value.field == field


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE compensation_lossitem SET claimed = 1, due = 1",
        "UPDATE compensation_lossitem SET verified = 99, verified_at = now(), "
        "verified_by_id = entered_by_id",
        "UPDATE compensation_lossitem SET verified = 5, verified_at = now(), "
        "verified_by_id = entered_by_id",
        "DELETE FROM compensation_lossitem",
    ],
)
def test_the_database_keeps_the_claim(sql: str) -> None:
    entered(determined_case())

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
def test_other_roles_enter_no_losses() -> None:
    with pytest.raises(StepForbidden):
        enter_loss(determined_case(), by=staff(Role.FINANCE), loss=loss())


@pytest.mark.django_db
def test_injuries_go_to_their_own_rules() -> None:
    case, agent = determined_case(), staff(Role.AGENT)
    for kind, amount in (("medical", "300.00"), ("nursing", "200.00"), ("freight", "38.00")):
        item = entered(case, kind=kind, claimed=Decimal(amount))
        verify_loss(item, by=agent, amount=Decimal(amount))

    assert loss_facts(case) == {"other_losses": Decimal("38.00")}
    assert injury_facts(case) == {
        "medical": Decimal("300.00"),
        "losses": Decimal("238.00"),
    }


@pytest.mark.django_db
def test_the_options_tell_the_losses_one_by_one() -> None:
    case, agent = determined_case(amount_paid=Decimal("299.00")), staff(Role.AGENT)
    for told, amount in (("寄回运费", "38.00"), ("台面修复", "100.00")):
        item = entered(case, description=told, claimed=Decimal(amount))
        verify_loss(item, by=agent, amount=Decimal(amount))
    facts = {"price_paid": "299.00", "return_and_refund": True, "other_losses": "138.00"}

    sheet = record_sheet(case, by=agent, facts={**facts, "as_described": False})

    refund = proposal_for(case, sheet).options[0]
    assert [line.description for line in refund.lines][1:] == ["寄回运费", "台面修复"]
    other = record_sheet(case, by=agent, facts={**facts, "claimant_fault": "0.5"})
    assert len(proposal_for(case, other).options[0].lines) == 2
    assert itemised([], [("x", Decimal(1))]) == []


@pytest.mark.parametrize("term", Incoterm.values)
def test_each_leg_is_carried_by_one_side_and_the_way_back_by_nobody_agreed(term: str) -> None:
    for leg in Leg.values:
        assert may_be_claimed(term, leg) == (leg == Leg.RETURN_TRIP or buyer_carries(term, leg))
    assert not buyer_carries(term, Leg.RETURN_TRIP)


def test_from_works_to_delivered_the_seller_only_takes_on_more() -> None:
    order = ["EXW", "FCA", "FOB", "CFR", "CIF", "DAP", "DDP"]

    for less, more in pairwise(order):
        assert SELLERS[less] <= SELLERS[more]
    assert buyer_carries("EXW", "export_clearance") and not buyer_carries("DDP", "import_clearance")
    assert SELLERS["DPU"] - SELLERS["DAP"] == {Leg.UNLOADING}
    assert buyer_carries("CFR", "insurance") and not buyer_carries("CIF", "insurance")


def test_interest_is_simple_and_to_the_fen() -> None:
    first = date(2026, 1, 1)

    assert interest(Decimal(1000), Decimal("0.0345"), first, date(2027, 1, 1)) == Decimal("34.50")
    assert interest(Decimal(1000), Decimal("0.0345"), first, date(2026, 1, 31)) == Decimal("2.84")


@given(
    principal=st.decimals(min_value=1, max_value=10**6, places=2),
    days=st.integers(min_value=1, max_value=3000),
)
def test_longer_is_never_less_interest(principal: Decimal, days: int) -> None:
    first, rate = date(2020, 1, 1), Decimal("0.06")

    shorter = interest(principal, rate, first, first + timedelta(days=days))
    assert interest(principal, rate, first, first + timedelta(days=days + 1)) >= shorter


@pytest.mark.django_db
def test_losses_are_entered_and_verified_on_their_pages() -> None:
    case, client = determined_case(), staff_client(Role.AGENT)
    pages = [reverse(f"compensation:{x}", args=[case.reference]) for x in ("losses", "loss_verify")]
    post = {
        "kind": "interest", "description": "预付款利息", "currency": "CNY", "principal": "1000.00",
        "percent": "3.45", "incurred_on": "2026-01-01", "until": "2026-01-31",
    }  # fmt: skip

    assert client.post(pages[0], {**post, "until": "2025-01-31"}).status_code == 422
    assert client.post(pages[0], post).status_code == 303
    item = LossItem.objects.get()
    assert (item.due, item.yearly_rate) == (Decimal("2.84"), Decimal("0.034500"))
    said = {"loss": item.pk, "amount": "2.00", "reason": ""}
    assert client.post(pages[1], said).status_code == 422
    assert client.post(pages[1], {**said, "reason": "按 20 天"}).status_code == 303
    assert "按 20 天" in client.get(pages[0]).content.decode()
    assert staff_client(Role.FINANCE).get(pages[0]).status_code == 404
