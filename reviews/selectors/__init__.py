"""Reads of reviews, mediations and outside proceedings."""

from reviews.selectors.mediations import mediation_of_secret, open_mediation, signing_agreement
from reviews.selectors.pages import case_actions, case_panel, consumer_panel, next_action
from reviews.selectors.reviews import (
    can_request_review,
    eligible_reviewers,
    handlers_of,
    open_review,
    review_window,
    reviews_to_do,
)

__all__ = [
    "can_request_review",
    "case_actions",
    "case_panel",
    "consumer_panel",
    "eligible_reviewers",
    "handlers_of",
    "mediation_of_secret",
    "next_action",
    "open_mediation",
    "open_review",
    "review_window",
    "reviews_to_do",
    "signing_agreement",
]
