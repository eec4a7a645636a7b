"""Which facts each kind knows, and how each is read. A fact that is not here is an error."""

from __future__ import annotations

from compensation.rules import car
from compensation.rules.facts import (
    Reader,
    count,
    day,
    flag,
    list_of,
    money,
    object_of,
    one_or_more,
    ratio,
    share,
    text,
    token,
    unknown_or,
    words,
)
from compensation.rules.injury import STATISTICS
from compensation.rules.liability import NOBODY, PARTIES
from compensation.rules.policy import IN_MONEY, PARTS, TIERS
from compensation.rules.prepaid import CAUSES
from compensation.rules.punitive import (
    DRUG,
    FOOD,
    FRAUD,
    HOUSEHOLD,
    NO_OPERATORS,
    OPERATORS,
    OTHER_PURPOSES,
    PRODUCERS,
)
from compensation.rules.returns import AT_HAND, DISTANT, EXCLUDED, NO_REASON, QUALITY
from compensation.rules.warranty import REGIMES

Schema = dict[str, Reader]
MOST_DAYS = 36_600
OLDEST = 130
INSTRUMENTS = sorted({*IN_MONEY, "points", "charity", "voucher", "trial", "membership", "service"})


def _all(reader: Reader, names: str) -> Schema:
    return dict.fromkeys(names.split(), reader)


days = count(0, MOST_DAYS)
currency = token("CNY", "USD", "EUR", "HKD", "GBP")
item = object_of(
    {"price_paid": money, "fraud": flag, "qty": count(1), "currency": currency, "name": text},
    "price_paid",
)
order = object_of(
    {"items": list_of(item, least=1), "contract_date": day, "currency": currency}, "items"
)
dependant = object_of({"age": count(0, OLDEST), "supporters": count(1, 100)}, "age")
scheme = object_of({"kind": token(), "cost": money}, "cost")
statistic = object_of(
    {
        "fact": token(*STATISTICS),
        "region": text,
        "detail": text,
        "year": count(1949, 2200),
        "figure": text,
        "source": text,
        "checked": flag,
    },
    *("fact", "region", "source", "checked"),
)

FAULT = _all(ratio(), "claimant_fault liability_ratio")
FINDINGS = _all(flag, "fraud_found consumer_requests_extra claimant_fabricated return_and_refund")

COMPENSATION: Schema = {
    **FAULT,
    **FINDINGS,
    "orders": list_of(order, least=1),
    "schemes": list_of(scheme, least=1),
    "contract_date": day,
    "currency": currency,
    **_all(
        money,
        "price_paid unit_price list_price coupon service_total undelivered_part travel_fee paid"
        " refund_already_paid compensation_already_paid other_losses actual_loss loss transport"
        " lost_wages loss_art49_51 price_actually_refunded_by_court claimed goods_kept"
        " necessary_cost",
    ),
    **_all(unknown_or(money), "distress_approved distress_and_loss_approved"),
    **_all(
        flag,
        "label_only_defect misleading affects_safety food_unsafe drug_fake_or_inferior"
        " below_promised_quality operator_knew expired imported inspection_passed is_gift"
        " no_lawful_source no_purchase_inspection knowing_buyer agent_professional defect"
        " operator_knew_defect death_or_serious_health_harm timely_recall as_described"
        " able_to_perform refused_after_request serious_consequence personal_info_misused"
        " serious_distress object_of_personal_significance_lost consumer_accepts_makeshift",
    ),
    **_all(count(1), "quantity purchases"),
    "reasonable_household_quantity": count(0),
    "merchant_promise_multiple": ratio("1000"),
    "approved_factor": ratio("1000"),
    "annual_rate": ratio(),
    "days": days,
    "consumption_purpose": token(*HOUSEHOLD, *OTHER_PURPOSES),
    "seller_type": token(*OPERATORS, *NO_OPERATORS),
    "label_defect": token(),
    "label_missing": list_of(text),
    "role": token("operator", "agent", "seller", "importer", "supplier", "platform", *PRODUCERS),
    "consumer_choice": token("return", "refund", "repair", "replace", "perform"),
    "chosen_head": token(FRAUD, FOOD, DRUG),
}
RETURN: Schema = {
    **_all(day, "received_date request_date goods_returned_date discovered_date"),
    "checks": list_of(day, least=1),
    **_all(
        flag,
        "goods_intact merchant_promised_no_reason unsealed_for_inspection unsuitable_by_nature"
        " confirmed_at_purchase quality_ok state_rule rescission_condition"
        " authority_found_nonconforming",
    ),
    **_all(money, "price_paid return_freight"),
    "channel": token(*DISTANT, *AT_HAND),
    "reason": token(*NO_REASON, *QUALITY),
    "category": token(),
    "excluded_category": unknown_or(words(*EXCLUDED)),
}
WARRANTY: Schema = {
    "regime": token(*REGIMES),
    **_all(flag, "covered performance_failure human_damage same_model_in_stock"),
    **_all(day, "invoice_date report_date replaced_on"),
    **_all(
        days,
        "days_since_invoice days_in_repair wait_for_parts_days repairer_fault_days"
        " total_repair_days current_repair_days",
    ),
    "failed_repairs": count(0, 1000),
    "period_months": count(1, 600),
    "daily_depreciation": ratio(),
    "price_paid": money,
    "consumer_wants": token("return", "refund", "money", "replace", "repair"),
}
CAR: Schema = {
    "days": days,
    **_all(one_or_more(count(0, 10_000_000)), "km"),
    **_all(one_or_more(count(0, 1200)), "months"),
    **_all(one_or_more(count(0, 1_000_000)), "repair_hours"),
    **_all(
        one_or_more(days),
        "same_fault_repairs total_repair_days single_repair_days serious_safety_repairs"
        " assembly_replacements",
    ),
    "in_three_guarantee_period": flag,
    **_all(money, "price registration_fee accessories_after_depreciation seller_service_fees"),
    "n": ratio(),
    **_all(words(*car.PARTS, *car.GRAVE), "failure needs_replacement"),
    "ground": token("art22", "art23", "art24"),
    "request_date": day,
}
INJURY: Schema = {
    **FAULT,
    **FINDINGS,
    **_all(
        money,
        "medical transport nutrition daily_income_lost nursing_rate meal_rate annual_nursing"
        " urban_disposable_income urban_consumption monthly_wage total losses service_fee"
        " product_value other_property",
    ),
    **_all(days, "lost_days nursing_days hospital_days"),
    "nursing_years": count(0, OLDEST),
    "nursing_persons": count(1, 10),
    "age": count(0, OLDEST),
    **_all(ratio(), "coefficient capacity_loss"),
    "dependants": list_of(dependant),
    "statistics": list_of(statistic),
    "contract_date": day,
    **_all(flag, "serious_distress object_of_personal_significance_lost personal_info_misused"),
    **_all(unknown_or(money), "distress_approved distress_and_loss_approved"),
}
PREPAID: Schema = {
    **_all(
        money,
        "paid bonus consumed_face consumed_value discounted_unit list_unit principal"
        " refund_already_paid",
    ),
    **_all(day, "paid_date request_date"),
    **_all(flag, "had_same_goods_before absconded fraud_found consumer_requests_extra"),
    "used": count(0),
    "cause": token(*CAUSES),
    "total_days": count(1, MOST_DAYS),
    **_all(days, "elapsed_days days"),
    "annual_rate": ratio(),
}
CONTRACT: Schema = {
    **FAULT,
    **_all(money, "penalty loss principal contract deposit_paid deposit"),
    "malicious": flag,
    "daily_rate": ratio(),
    "days_late": days,
    "breaching_party": token("payer", "payee"),
}
LIABILITY: Schema = {
    **FAULT,
    **_all(money, "paid own_share total loss initial_loss enlarged_loss"),
    "paid_by": token(*PARTIES),
    "defect_cause": token(*PARTIES, *NOBODY),
    "channel": token(*DISTANT, *AT_HAND),
    "role": token(*PARTIES),
    "shares": list_of(share, least=1),
    **_all(
        flag,
        "platform_can_identify_seller platform_knew platform_took_measures seller_clearly_marked"
        " third_party_tort venue_safety_breach defect_at_circulation put_into_circulation"
        " undetectable_then timely_recall",
    ),
}
POLICY: Schema = {
    "severity": token(*TIERS),
    **_all(
        money,
        "price_paid value_with_defect transport lost_wages other_losses partial_refund"
        " refund_already_paid statutory_minimum tier_result payable",
    ),
    "plan": list_of(token(*PARTS), least=1),
    "instrument": token(*INSTRUMENTS),
    "consumer_consent": flag,
}
SCREENING: Schema = {"signals": list_of(token()), "safety_case": flag}
FOUND_BY_PEOPLE = frozenset(
    {
        "fraud_found",
        "food_unsafe",
        "drug_fake_or_inferior",
        "operator_knew",
        "operator_knew_defect",
        "defect",
        "knowing_buyer",
        "claimant_fabricated",
        "label_only_defect",
        "serious_distress",
        "object_of_personal_significance_lost",
        "personal_info_misused",
    }
)
"""What a person has to find; no rule infers it."""
