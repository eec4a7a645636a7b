"""What holds for any facts at all."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from compensation.rules import KINDS, SHIPPED, FactError, RuleBook
from compensation.rules.money import shared
from tests.compensation.rules.generated import BOOK, facts_of, reckoned

fen = st.integers(min_value=0, max_value=10_000_000).map(lambda one: f"{one / 100:.2f}")
orders = st.lists(
    st.lists(
        st.fixed_dictionaries(
            {"price_paid": fen, "fraud": st.booleans(), "qty": st.integers(1, 5)}
        ),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=4,
)


def fraud(bought: list[list[dict[str, Any]]], **more: Any) -> dict[str, Any]:
    return {
        "orders": [{"items": items} for items in bought],
        "fraud_found": True,
        "consumer_requests_extra": True,
        **more,
    }


def payable(kind: str, facts: dict[str, Any]) -> Decimal:
    total = reckoned(kind, facts).total
    assert total is not None
    return total


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_facts_give_a_sheet_or_the_name_of_a_fact(kind, data):
    facts = data.draw(facts_of(kind))
    try:
        sheet = reckoned(kind, facts)
    except FactError as error:
        assert error.field and str(error).startswith(error.field)
        return
    assert all((line.amount < 0) == (line.kind == "credit") for line in sheet.lines)
    assert all(line.amount and line.article for line in sheet.lines)
    if sheet.total is not None:
        shown = [Decimal(line["amount"]) for line in sheet.as_data()["lines"]]
        assert sum(shown, Decimal(0)) == sheet.total == Decimal(sheet.result["payable"]) >= 0
    assert json.loads(json.dumps(sheet.as_data())) == reckoned(kind, facts).as_data()


@settings(max_examples=80, deadline=None)
@given(bought=orders, loss=fen, seed=st.randoms(use_true_random=False))
def test_order_of_items_orders_and_rules_changes_nothing(bought, loss, seed):
    mixed = [seed.sample(items, len(items)) for items in seed.sample(bought, len(bought))]
    rules = RuleBook(seed.sample(SHIPPED, len(SHIPPED)))
    before = reckoned("compensation", fraud(bought, other_losses=loss)).result
    assert reckoned("compensation", fraud(mixed, other_losses=loss), rules).result == before


@settings(max_examples=80, deadline=None)
@given(bought=orders, more=fen)
def test_extra_is_three_times_the_price_and_never_under_the_floor_of_each_order(bought, more):
    found = reckoned("compensation", fraud(bought)).result
    hit = [items for items in bought if any(item["fraud"] for item in items)]
    assume(hit)
    assert Decimal(found["extra_damages"]) >= max(500 * len(hit), 3 * Decimal(found["base"]))


@settings(max_examples=80, deadline=None)
@given(bought=orders, more=fen, loss=fen, fault=st.sampled_from(["0", "0.3", "1"]))
def test_more_price_or_more_loss_never_gives_less(bought, more, loss, fault):
    facts = fraud(bought, other_losses=loss, claimant_fault=fault)
    dearer = [[{**bought[0][0], "fraud": True}, *bought[0][1:]], *bought[1:]]
    raised = f"{Decimal(bought[0][0]['price_paid']) + Decimal(more):.2f}"
    dearer[0][0] = {**dearer[0][0], "price_paid": raised}
    worse = f"{Decimal(loss) + Decimal(more):.2f}"
    assert payable("compensation", facts | fraud(dearer)) >= payable("compensation", facts)
    more_lost = payable("compensation", facts | {"other_losses": worse})
    assert more_lost >= payable("compensation", facts)


@settings(max_examples=80, deadline=None)
@given(bought=orders, paid=fen, loss=fen)
def test_credits_are_set_off_as_far_as_they_go(bought, paid, loss):
    facts = fraud(bought, other_losses=loss)
    before = payable("compensation", facts)
    after = payable("compensation", facts | {"compensation_already_paid": paid})
    assert after == max(before - Decimal(paid), Decimal(0))


FAVOURS = [
    {"fraud_found": True},
    {"consumer_requests_extra": True},
    {"food_unsafe": True},
    {"operator_knew": True},
    {"no_lawful_source": True},
    {"below_promised_quality": True},
    {"merchant_promise_multiple": 20},
    {"other_losses": "333.33"},
    {"lost_wages": "0.01"},
    {"as_described": False},
    {"as_described": False, "consumer_choice": "return"},
    {"label_missing": ["producer_name"]},
    {"serious_distress": True, "distress_approved": "100.00"},
    {"defect": True, "loss_art49_51": "70.00"},
]
BOUGHT = [
    {"price_paid": "120.00"},
    {"unit_price": "12.34", "quantity": 3, "purchases": 2},
    {"orders": [{"items": [{"price_paid": "9.99", "qty": 2}]}]},
    {"service_total": "800.00", "undelivered_part": "200.00"},
]


@settings(max_examples=200, deadline=None)
@given(data=st.data(), bought=st.sampled_from(BOUGHT))
def test_a_fact_that_only_favours_the_consumer_never_lowers_the_total(data, bought):
    facts = dict(bought)
    total = payable("compensation", facts)
    for more in data.draw(st.permutations(FAVOURS)):
        facts |= more
        assert payable("compensation", facts) >= total, (facts, more)
        total = payable("compensation", facts)


MULTIPLES = [
    {"price_paid": "100.00", "fraud_found": True},
    {"price_paid": "100.00", "food_unsafe": True, "operator_knew": True},
    {
        "defect": True,
        "operator_knew_defect": True,
        "death_or_serious_health_harm": True,
        "loss_art49_51": "100.00",
        "approved_factor": "2",
    },
    {
        "travel_fee": "100.00",
        "able_to_perform": True,
        "refused_after_request": True,
        "serious_consequence": True,
        "approved_factor": "3",
    },
]


@pytest.mark.parametrize("facts", MULTIPLES)
def test_no_multiple_for_facts_that_were_made_up(facts):
    facts = {"consumer_requests_extra": True, **facts}
    true, made_up = (
        reckoned("compensation", facts | {"claimant_fabricated": one}) for one in (False, True)
    )
    assert any(line.kind == "extra_damages" for line in true.lines)
    assert not any(line.kind == "extra_damages" for line in made_up.lines)
    assert made_up.result["blocked_by"] == "R25" and made_up.result["route"] == "manual_review"


@settings(max_examples=80, deadline=None)
@given(
    unit=fen,
    quantity=st.integers(1, 30),
    purchases=st.integers(1, 30),
    need=st.integers(0, 30),
    loss=fen,
)
def test_knowing_what_was_bought_never_pays_more(unit, quantity, purchases, need, loss):
    facts = {
        "unit_price": unit,
        "quantity": quantity,
        "purchases": min(purchases, quantity),
        "food_unsafe": True,
        "operator_knew": True,
        "actual_loss": loss,
    }
    aware = {"knowing_buyer": True, "reasonable_household_quantity": need}
    knowing = facts | aware
    assert payable("compensation", knowing) <= payable("compensation", facts)
    assert Decimal(reckoned("compensation", knowing).result["punitive"]) >= 1000
    rest = {name: facts[name] for name in ("food_unsafe", "operator_knew", "actual_loss")} | aware
    one_by_one = {"orders": [{"items": [{"price_paid": unit}]} for _unit in range(quantity)]}
    assert payable("compensation", rest | one_by_one) == payable("compensation", knowing)
    whole = {"price_paid": f"{Decimal(unit) * quantity:.2f}", "quantity": quantity}
    assert payable("compensation", rest | whole) == payable("compensation", knowing)


@given(
    total=fen,
    weights=st.lists(st.integers(0, 1000), min_size=1, max_size=12),
    seed=st.randoms(use_true_random=False),
)
def test_shares_make_the_whole_whatever_their_order(total, weights, seed):
    parties = [(f"party {number}", Decimal(weight)) for number, weight in enumerate(weights)]
    assume(any(weights))
    parts = dict(zip(parties, shared(Decimal(total), parties), strict=True))
    mixed = seed.sample(parties, len(parties))
    assert sum(parts.values()) == Decimal(total)
    assert dict(zip(mixed, shared(Decimal(total), mixed), strict=True)) == parts


@given(day=st.dates(date(1990, 1, 1), date(2030, 1, 1)))
def test_a_dated_version_holds_from_its_first_day_to_its_last(day):
    version = BOOK.at("R01", day)
    if day < date(1994, 1, 1):
        assert version is None
    else:
        multiple = 3 if day >= date(2014, 3, 15) else 1
        assert version is not None and version.number("multiple") == multiple


def test_an_added_version_gives_way_to_none_before_its_day():
    old = BOOK.at("R05", date(2026, 1, 1))
    assert old is not None
    new = replace(
        old, effective_from=date(2026, 6, 1), parameters={**old.parameters, "floor": Decimal(2000)}
    )
    book = BOOK.with_version(new)
    facts = {"unit_price": "10.00", "food_unsafe": True, "operator_knew": True}
    before = facts | {"contract_date": "2026-05-31"}
    assert reckoned("compensation", before, book).result["punitive"] == "1000.00"
    assert reckoned("compensation", facts, book).result["punitive"] == "2000.00"
    assert reckoned("compensation", facts).result["punitive"] == "1000.00"


def test_a_version_that_is_switched_off_is_not_chosen():
    off = [replace(one, active=one.rule != "R24") for one in SHIPPED]
    facts = {
        "price_paid": "50.00",
        "fraud_found": True,
        "label_only_defect": True,
        "consumer_requests_extra": True,
    }
    assert reckoned("compensation", facts).result["extra_damages"] == "0.00"
    assert reckoned("compensation", facts, RuleBook(off)).result["extra_damages"] == "500.00"


@pytest.mark.parametrize(
    ("told", "payable_then"), [("333.34", "333.34"), ("100.00", "167.70"), ("0.00", "167.70")]
)
def test_a_sum_told_beside_a_severity_is_never_added_to_what_the_severity_gives(told, payable_then):
    facts = {
        "severity": "severe",
        "price_paid": "166.66",
        "refund_already_paid": "166.66",
        "transport": "166.67",
        "lost_wages": "0.03",
        "other_losses": "1.00",
        "instrument": "cash",
        "payable": told,
    }
    sheet = reckoned("policy", facts)
    lines = [line.amount for line in sheet.lines]
    assert sum(lines) == sheet.total == Decimal(payable_then) == Decimal(sheet.result["payable"])
