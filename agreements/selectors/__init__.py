"""Reads of agreements: what config composes pages from, and what services decide on."""

from agreements.selectors.agreements import (
    agreement_in_force,
    current_agreement,
    open_agreement,
    sent_sign_code,
)
from agreements.selectors.pages import case_actions, case_panel, consumer_panel, next_action
from agreements.selectors.performance import due_payments, pending_obligations
from agreements.selectors.proposals import proposed_party, proposed_terms

__all__ = [
    "agreement_in_force",
    "case_actions",
    "case_panel",
    "consumer_panel",
    "current_agreement",
    "due_payments",
    "next_action",
    "open_agreement",
    "pending_obligations",
    "proposed_party",
    "proposed_terms",
    "sent_sign_code",
]
