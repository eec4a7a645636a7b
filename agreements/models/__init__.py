"""What was agreed, who signed it, and what became of it."""

from agreements.models.agreement import Agreement, Signer
from agreements.models.follow_up import FollowUp, FollowUpAttempt, SurveyLink
from agreements.models.lateness import ConsumerLapse, LateCharge
from agreements.models.performance import Breach, Obligation, Payment

__all__ = [
    "Agreement",
    "Breach",
    "ConsumerLapse",
    "FollowUp",
    "FollowUpAttempt",
    "LateCharge",
    "Obligation",
    "Payment",
    "Signer",
    "SurveyLink",
]
