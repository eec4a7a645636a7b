"""Duties of an agreement: instalments to the cent, proofs, goods that come back, objections."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from agreements.days import today
from agreements.forms import DraftForm
from agreements.instalments import FORTNIGHTLY, MONTHLY, WEEKLY, amounts, days
from agreements.models import Obligation
from agreements.selectors import agreement_in_force, proposed_terms
from agreements.selectors.proposals import _duty
from agreements.services.handing_over import say_goods_sent
from agreements.services.performing import record_performance
from agreements.states import ObligationKind
from agreements.terms import AgreementTerms, PartyData, as_json, from_json
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent
from complaints.states import Stage
from tests.agreements.makers import NAME, paid, perform_all, picture, signed
from tests.compensation.makers import chosen_case
from tests.factories import staff
from tests.liability.doors import consumer_client


@given(st.integers(1, 10**10), st.integers(1, 24))
def test_parts_add_up_to_the_cent(cents: int, count: int) -> None:
    total = Decimal(cents) / 100
    if cents < count:
        with pytest.raises(ValueError, match=str(count)):
            amounts(total, count)
        return
    parts = amounts(total, count)

    assert sum(parts) == total and len(parts) == count
    assert max(parts) - min(parts) <= Decimal("0.01") and min(parts) > 0
    assert list(parts) == sorted(parts, reverse=True)


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.integers(1, 24),
    st.sampled_from([WEEKLY, FORTNIGHTLY, MONTHLY]),
)
def test_days_go_up_and_begin_with_the_first(first: date, count: int, every: str) -> None:
    found = days(first, count, every=every)

    assert found[0] == first and len(found) == count
    assert all(earlier < later for earlier, later in itertools.pairwise(found))
    if every == MONTHLY:
        assert all(day.day == first.day or (day + timedelta(days=1)).day == 1 for day in found)


def test_last_day_of_a_month_stays_the_last() -> None:
    found = days(date(2027, 1, 31), 4, every=MONTHLY)

    assert [day.isoformat()[5:] for day in found] == ["01-31", "02-28", "03-31", "04-30"]


def agreed(case: Case, **fields: str) -> AgreementTerms:
    """What the desk's form makes of a case's offer."""
    terms = proposed_terms(case)
    assert terms is not None
    form = DraftForm(
        {"method": "原路退回", "name": NAME, **_days(terms), **fields},
        terms=terms,
        known=PartyData(name=NAME, phone="13800000001"),
        signed=False,
        language=case.language,
    )
    assert form.is_valid(), form.errors
    return form.agreed_terms()


def _days(terms: AgreementTerms) -> dict[str, str]:
    due = (today() + timedelta(days=9)).isoformat()
    return {f"due_{number}": due for number, _duty in enumerate(terms.undertakings)}


GOODS = {"handover": "ship", "goods": "K7 电热水壶", "freight": "company"}


@pytest.mark.django_db
def test_instalments_and_goods_become_obligations_with_their_days() -> None:
    case = chosen_case()
    back = (today() + timedelta(days=5)).isoformat()
    terms = agreed(case, instalments="3", every="month", goods_due=back, **GOODS)
    assert from_json(as_json(terms)) == terms
    agreement = agreement_in_force(signed(case, terms=terms).case)
    assert agreement is not None
    *money, goods = agreement.obligations.order_by("position")

    assert [duty.amount for duty in money] == [Decimal("99.67"), Decimal("99.67"), Decimal("99.66")]
    assert [duty.due_on for duty in money] == list(
        days(today() + timedelta(days=9), 3, every=MONTHLY)
    )
    assert money[0].description == "支付补偿款（第 1 期，共 3 期）"
    assert (goods.kind, goods.debtor) == (ObligationKind.RETURN_OF_GOODS, "consumer")
    assert (goods.pickup, goods.freight) == ("ship", "company")
    assert "运费甲方承担" in goods.description
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Obligation.objects.filter(pk=goods.pk).update(freight="consumer")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"instalments": "25"}, "instalments"),
        ({"instalments": "0"}, "instalments"),
        ({"handover": "ship", "goods_due": "2030-01-01"}, "goods"),
        ({"handover": "pickup", "goods": "水壶"}, "goods_due"),
        ({"handover": "drone"}, "handover"),
    ],
)
def test_what_does_not_fit_is_said(fields: dict[str, str], field: str) -> None:
    terms = proposed_terms(chosen_case())
    assert terms is not None
    data = {"method": "原路退回", **_days(terms), **fields}
    form = DraftForm(data, terms=terms, known=PartyData(name=NAME), signed=False)

    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.django_db
def test_instalments_are_paid_one_by_one() -> None:
    case = chosen_case()
    case = signed(case, terms=agreed(case, instalments="2")).case
    agreement = agreement_in_force(case)
    assert agreement is not None
    first, second = agreement.obligations.select_related("agreement__case").order_by("position")
    paid(first, "149.50")
    assert Case.objects.get(pk=case.pk).stage == Stage.FULFILLING
    paid(second, "149.50")

    assert Case.objects.get(pk=case.pk).stage == Stage.FOLLOWING_UP


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("书面道歉", ObligationKind.APOLOGY),
        ("向公益基金捐赠 100 元", ObligationKind.DONATION),
        ("补发 500 积分", ObligationKind.POINTS),
        ("工程师上门安装", ObligationKind.VISIT),
        ("延长保修一年", ObligationKind.OTHER),
    ],
)
def test_duties_are_known_by_their_words(text: str, kind: str) -> None:
    assert _duty(text, due_on=today()).kind == kind


@pytest.mark.django_db
def test_proof_that_was_agreed_is_asked_for() -> None:
    case = chosen_case(position=2)
    terms = agreed(case, proof_1="快递签收单")
    case = signed(case, terms=terms).case
    agreement = agreement_in_force(case)
    assert agreement is not None
    duty = agreement.obligations.select_related("agreement__case").get(kind="replacement")
    with pytest.raises(CaseError, match="快递签收单") as caught:
        record_performance(duty, by=staff(Role.AGENT), note="已寄出")
    assert caught.value.field == "proof"

    done = record_performance(
        duty, by=staff(Role.AGENT), note="", proof=picture(), proof_name="签收.jpg"
    )
    assert done.is_done


@pytest.mark.django_db
def test_consumer_says_that_goods_are_on_their_way() -> None:
    case = chosen_case()
    back = (today() + timedelta(days=5)).isoformat()
    case = signed(case, terms=agreed(case, goods_due=back, **GOODS)).case
    goods = Obligation.objects.select_related("agreement__case").get(kind="return_of_goods")
    money = Obligation.objects.select_related("agreement__case").get(kind="payment")
    for duty, words in ((goods, " "), (money, "顺丰 SF1")):
        with pytest.raises(CaseError):
            say_goods_sent(duty, by=Actor.consumer(), tracking=words)
    client = consumer_client(case)
    page = client.get(reverse("track:case", args=[case.reference])).content.decode()
    assert "寄出后填快递公司和单号" in page
    address = reverse("agreements:answer_obligation", args=[case.reference, goods.pk])
    assert client.post(address, {"tracking": "顺丰 SF123"}).status_code == 303

    event = CaseEvent.objects.get(case=case, kind="goods_sent")
    assert "SF123" not in str(event.data)
    record_performance(goods, by=staff(Role.AGENT), note="仓库已收到，完好")
    with pytest.raises(CaseError, match="已经收到"):
        say_goods_sent(goods, by=Actor.consumer(), tracking="顺丰 SF1")
    assert perform_all(Case.objects.get(pk=case.pk)).stage == Stage.FOLLOWING_UP


@pytest.mark.django_db
def test_objection_is_kept_sealed_with_its_reason() -> None:
    case = chosen_case()
    case = signed(case, terms=agreed(case, instalments="2")).case
    first = Obligation.objects.select_related("agreement__case").order_by("position").first()
    assert first is not None
    paid(first, "149.50")
    client = consumer_client(case)
    address = reverse("agreements:answer_obligation", args=[case.reference, first.pk])
    client.post(address, {"missing": "1", "note": "卡里没有这笔钱"})
    first.refresh_from_db()

    assert (first.status, first.dispute) == ("pending", "卡里没有这笔钱")
    assert "卡里".encode() not in bytes(first.dispute_sealed)
