"""What the liability app tells others."""

from liability.selectors.board import adverse_holders, board_of, burden_of
from liability.selectors.facts import (
    current_finding,
    current_investigation,
    finding_in_force,
    findings_of,
    in_review_window,
    notice_ends_on,
    statements_of,
    supplies_of,
)
from liability.selectors.hearing import respondent_was_heard, sides_of
from liability.selectors.pages import case_actions, case_panel, consumer_panel, next_action

__all__ = [
    "adverse_holders",
    "board_of",
    "burden_of",
    "case_actions",
    "case_panel",
    "consumer_panel",
    "current_finding",
    "current_investigation",
    "finding_in_force",
    "findings_of",
    "in_review_window",
    "next_action",
    "notice_ends_on",
    "respondent_was_heard",
    "sides_of",
    "statements_of",
    "supplies_of",
]
