"""What the compensation app tells others."""

from compensation.selectors.offers import (
    accepted_offer,
    is_answerable,
    last_offer,
    open_offer,
)
from compensation.selectors.pages import case_actions, case_panel, consumer_panel, next_action
from compensation.selectors.plans import (
    authority_of,
    last_plan,
    may_approve,
    plan_in_work,
    plan_to_send,
    plans_of,
    plans_to_approve,
)

__all__ = [
    "accepted_offer",
    "authority_of",
    "case_actions",
    "case_panel",
    "consumer_panel",
    "is_answerable",
    "last_offer",
    "last_plan",
    "may_approve",
    "next_action",
    "open_offer",
    "plan_in_work",
    "plan_to_send",
    "plans_of",
    "plans_to_approve",
]
