"""Signals of abnormal claims: a score that only ever sends a claim to a person."""

from __future__ import annotations

from compensation.rules.facts import FactError
from compensation.rules.sheets import Case

POINTS = {
    "claims_90d_ge_5": 20,
    "claim_to_order_gt_3": 15,
    "evidence_hash_reused": 30,
    "shared_contact": 30,
    "serial_mismatch": 30,
    "metadata_before_purchase": 25,
    "template_similarity_gt_0_9": 15,
    "repeat_buys_after_fault": 20,
    "exposure_threat": 25,
    "evidence_forged_confirmed": 70,
}
"""What each signal counts; signals of one kind (payee, device, address) count once."""

NAMES = {
    **{name: name for name in POINTS},
    "frequent_claims": "claims_90d_ge_5",
    "claim_order_ratio_gt_3": "claim_to_order_gt_3",
    "claim_ratio_gt_3": "claim_to_order_gt_3",
    "claim_over_order_gt_3": "claim_to_order_gt_3",
    "claim_gt_3x_order": "claim_to_order_gt_3",
    "claim_ratio_gt_3_no_proof": "claim_to_order_gt_3",
    "shared_payee": "shared_contact",
    "shared_device": "shared_contact",
    "shared_address": "shared_contact",
    "shared_phone": "shared_contact",
    "shared_account": "shared_contact",
    "shared_payee_device_address": "shared_contact",
    "claim_gt_3x_order_no_proof": "claim_to_order_gt_3",
    "claim_to_order_ratio_gt_3": "claim_to_order_gt_3",
    "claim_order_ratio_gt_3_no_proof": "claim_to_order_gt_3",
    "amount_ratio_gt_3": "claim_to_order_gt_3",
    "serial_number_mismatch": "serial_mismatch",
    "metadata_predates_purchase": "metadata_before_purchase",
    "exif_before_purchase": "metadata_before_purchase",
    "template_similarity_gt_09": "template_similarity_gt_0_9",
    "template_similarity_gt_0.9": "template_similarity_gt_0_9",
    "text_template": "template_similarity_gt_0_9",
    "repeat_buys": "repeat_buys_after_fault",
    "buys_ge_3_after_fault": "repeat_buys_after_fault",
    "buys_7d_ge_3": "repeat_buys_after_fault",
    "buys_7d_ge_3_after_fault": "repeat_buys_after_fault",
    "purchases_after_fault_ge_3": "repeat_buys_after_fault",
    "threat_exposure": "exposure_threat",
    "threat": "exposure_threat",
    "forged_evidence_confirmed": "evidence_forged_confirmed",
    "batch_mismatch": "serial_mismatch",
    "serial_or_batch_mismatch": "serial_mismatch",
    "serial_batch_mismatch": "serial_mismatch",
    "metadata_earlier_than_purchase": "metadata_before_purchase",
    "metadata_earlier": "metadata_before_purchase",
    "template_similarity": "template_similarity_gt_0_9",
    "template_text": "template_similarity_gt_0_9",
    "template_text_similarity_gt_0_9": "template_similarity_gt_0_9",
    "similar_text": "template_similarity_gt_0_9",
    "text_similarity": "template_similarity_gt_0_9",
    "text_similarity_gt_0_9": "template_similarity_gt_0_9",
    "repeat_buy_after_fault": "repeat_buys_after_fault",
    "repeat_purchases_after_fault": "repeat_buys_after_fault",
    "repeat_purchase_after_fault": "repeat_buys_after_fault",
    "threat_of_exposure": "exposure_threat",
    "payment_under_threat": "exposure_threat",
    "payment_demanded_under_threat": "exposure_threat",
    "forgery_confirmed": "evidence_forged_confirmed",
}
"""Names under which a signal is told."""


def screening(case: Case) -> None:
    """Score signals. Nothing is refused by it; a safety case is handled on meanwhile."""
    told = case.facts.need("signals")
    found = set()
    for number, signal in enumerate(told):
        if signal not in NAMES:
            raise FactError(f"signals[{number}]", f"{signal} is not a signal")
        found.add(NAMES[signal])
    score = sum(POINTS[signal] for signal in found)
    version = case.standing("S01")
    band = "normal"
    if score >= version.whole("second"):
        band = "second_review"
    if score >= version.whole("legal"):
        band = "lead_legal_review"
    case.sheet.result |= {
        "score": score,
        "band": band,
        "auto_reject": False,
        "reasons": {signal: POINTS[signal] for signal in sorted(found)},
        "safety_handling_waits": False,
    }
