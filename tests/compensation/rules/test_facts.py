"""Facts that can't be: refused, with the name of the fact."""

import pytest

from compensation.rules import FactError
from tests.compensation.rules.generated import reckoned

BOUGHT = {"price_paid": "100.00", "fraud_found": True, "consumer_requests_extra": True}
BAD = [
    ("compensation", {}, "price_paid"),
    ("compensation", [], "facts"),
    ("compensation", None, "facts"),
    ("compensation", BOUGHT | {"price_paid": "-1.00"}, "price_paid"),
    ("compensation", BOUGHT | {"price_paid": "1e3"}, "price_paid"),
    ("compensation", BOUGHT | {"price_paid": "NaN"}, "price_paid"),
    ("compensation", BOUGHT | {"price_paid": "1.005"}, "price_paid"),
    ("compensation", BOUGHT | {"price_paid": 100}, "price_paid"),
    ("compensation", BOUGHT | {"price_paid": 100.5}, "price_paid"),
    ("compensation", BOUGHT | {"price_paid": "1000000000000.00"}, "price_paid"),
    ("compensation", BOUGHT | {"price_paid": None}, "price_paid"),
    ("compensation", BOUGHT | {"fraud_found": "yes"}, "fraud_found"),
    ("compensation", BOUGHT | {"fraud_found": 1}, "fraud_found"),
    ("compensation", BOUGHT | {"colour": "red"}, "colour"),
    ("compensation", BOUGHT | {"refund_already_paid": "100.01"}, "refund_already_paid"),
    ("compensation", BOUGHT | {"chosen_head": ["food148", "cpl55_1"]}, "chosen_head"),
    ("compensation", BOUGHT | {"chosen_head": "food148"}, "chosen_head"),
    ("compensation", BOUGHT | {"unit_price": "1.00"}, "price_paid"),
    ("compensation", BOUGHT | {"claimant_fault": "1.01"}, "claimant_fault"),
    ("compensation", {"orders": []}, "orders"),
    ("compensation", {"orders": [{"items": [{}]}]}, "orders[0].items[0].price_paid"),
    ("compensation", {"orders": [{"items": [{"price_paid": "1", "qty": 0}]}]}, "qty"),
    (
        "compensation",
        {"orders": [{"items": [{"price_paid": "1", "currency": "USD"}]}], "currency": "CNY"},
        "currency",
    ),
    ("compensation", {"unit_price": "1.00", "quantity": True}, "quantity"),
    ("compensation", {"unit_price": "1.00", "quantity": 2, "purchases": 3}, "purchases"),
    (
        "compensation",
        {"unit_price": "1.00", "knowing_buyer": True, "food_unsafe": True},
        "reasonable_household_quantity",
    ),
    ("compensation", {"service_total": "1.00", "undelivered_part": "2.00"}, "undelivered_part"),
    ("return", {"received_date": "2026-11-02"}, "channel"),
    (
        "return",
        {"channel": "online", "received_date": "2026-11-02", "request_date": "2026-11-01"},
        "request_date",
    ),
    (
        "return",
        {"channel": "online", "received_date": "2026-02-30", "request_date": "2026-11-01"},
        "received_date",
    ),
    ("warranty", {"report_date": "2026-11-02", "regime": "CN-XX"}, "regime"),
    ("warranty", {"invoice_date": "2026-11-02", "report_date": "2026-11-01"}, "report_date"),
    ("car", {"days": -1, "failure": "steering"}, "days"),
    ("car", {"months": [1, 2], "km": [1, 2, 3]}, "km"),
    ("injury", {"age": 131, "urban_disposable_income": "1.00"}, "age"),
    ("injury", {"lost_days": 3}, "daily_income_lost"),
    ("prepaid", {"used": 3}, "paid"),
    ("prepaid", {"paid": "1.00", "total_days": 3, "elapsed_days": 4}, "elapsed_days"),
    ("contract", {"contract": "1.00"}, "loss"),
    ("liability", {"total": "1.00", "shares": [["a", 1], ["a", 1]]}, "shares"),
    ("liability", {"total": "1.00", "shares": [["a", -1]]}, "shares[0]"),
    ("policy", {"severity": "grave"}, "severity"),
    ("screening", {"signals": ["old_customer"]}, "signals[0]"),
    ("no_such_kind", {}, "kind"),
    ("compensation", {"food_unsafe": True, "quantity": 1, "actual_loss": "0.00"}, "unit_price"),
    ("compensation", {"food_unsafe": True}, "price_paid"),
    (
        "compensation",
        {"price_paid": "9.00", "food_unsafe": True}
        | {"knowing_buyer": True, "reasonable_household_quantity": 2},
        "quantity",
    ),
    ("compensation", BOUGHT | {"seller_type": "alien"}, "seller_type"),
    ("compensation", BOUGHT | {"consumption_purpose": "fun"}, "consumption_purpose"),
    ("compensation", BOUGHT | {"role": "king"}, "role"),
    (
        "compensation",
        BOUGHT | {"return_and_refund": True, "consumer_choice": "repair"},
        "consumer_choice",
    ),
    ("compensation", BOUGHT | {"label_missing": ["a\ud800"]}, "label_missing[0]"),
    ("return", {"channel": "pigeon"}, "channel"),
    ("return", {"channel": "TV"}, "channel"),
    ("return", {"channel": "online", "reason": "zzz"}, "reason"),
    ("return", {"reason": "no_reason", "price_paid": "1.00"}, "channel"),
    ("return", {"channel": "online", "excluded_category": "clothing"}, "excluded_category"),
    ("return", {"channel": "online", "excluded_category": "none"}, "excluded_category"),
    ("car", {"days": 7, "needs_replacement": "radioo"}, "needs_replacement"),
    ("car", {"days": 7, "failure": "steerring"}, "failure"),
    ("car", {"price": "9.00", "km": 1, "registration_fee": "1.00"}, "ground"),
    ("contract", {"penalty": "1.00"}, "loss"),
    ("contract", {"deposit": "1.00"}, "penalty"),
    ("liability", {"paid": "1.00", "paid_by": "ghost", "defect_cause": "seller"}, "paid_by"),
    ("liability", {"paid": "1.00", "paid_by": "seller", "defect_cause": "mars"}, "defect_cause"),
    ("policy", {"plan": ["nothing_known"]}, "plan[0]"),
    (
        "policy",
        {"severity": "severe", "price_paid": "1.00", "refund_already_paid": "1.01"},
        "refund_already_paid",
    ),
]


@pytest.mark.parametrize(("kind", "facts", "field"), BAD)
def test_bad_facts_are_refused_by_name(kind, facts, field):
    with pytest.raises(FactError) as caught:
        reckoned(kind, facts)
    assert field in str(caught.value).split(":")[0]


def test_findings_nobody_made_count_for_nothing():
    found = reckoned("compensation", {"price_paid": "100.00", "consumer_requests_extra": True})
    assert found.result["extra_damages"] == "0.00"
    assert found.total == 0


def test_extra_damages_nobody_asked_for_are_shown_not_added():
    found = reckoned("compensation", BOUGHT | {"consumer_requests_extra": False}).result
    assert (found["extra_damages"], found["available_on_request"]) == ("0.00", "500.00")


def test_days_of_a_year_whose_holidays_nobody_published_are_said_to_be_unsure():
    known = {"channel": "online", "received_date": "2026-11-02", "request_date": "2026-11-03"}
    later = known | {"received_date": "2026-12-28", "request_date": "2026-12-29"}
    assert "warnings" not in reckoned("return", known).as_data()
    assert reckoned("return", later).as_data()["warnings"] == ["calendar_not_published"]


def test_heads_that_exclude_each_other_count_once_and_are_all_shown():
    facts = BOUGHT | {"food_unsafe": True, "operator_knew": True}
    found = reckoned("compensation", facts).as_data()
    assert [one["head"] for one in found["lines"] if one["head"]] == ["food148"]
    assert [one["head"] for one in found["other_heads"]] == ["cpl55_1"]


def test_a_rule_whose_text_nobody_checked_is_named():
    facts = BOUGHT | {"label_only_defect": True, "misleading": False}
    assert reckoned("compensation", facts).as_data()["source_not_checked"] == ["R24"]
