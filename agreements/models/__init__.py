"""What was agreed, who signed it, and what became of it."""

from agreements.models.agreement import Agreement, Signer
from agreements.models.follow_up import FollowUp, FollowUpAttempt
from agreements.models.payouts import (
    PayeeAccount,
    Payout,
    PayoutBatch,
    Statement,
    StatementEntry,
)
from agreements.models.performance import Breach, Obligation, Payment

__all__ = [
    "Agreement",
    "Breach",
    "FollowUp",
    "FollowUpAttempt",
    "Obligation",
    "PayeeAccount",
    "Payment",
    "Payout",
    "PayoutBatch",
    "Signer",
    "Statement",
    "StatementEntry",
]
