"""What was agreed, who signed it, and what became of it."""

from agreements.models.agreement import Agreement, Signer
from agreements.models.care_calls import CareCall, CareCallRule, CareTry
from agreements.models.follow_up import FollowUp, FollowUpAttempt, SurveyLink
from agreements.models.goods import GoodsReturn
from agreements.models.lateness import ConsumerLapse, LateCharge
from agreements.models.payouts import (
    PayeeAccount,
    Payout,
    PayoutBatch,
    Statement,
    StatementEntry,
)
from agreements.models.performance import Breach, Obligation, Payment
from agreements.models.representative import PaperCopy, Representative
from agreements.models.wording import LibraryClause, Wording

__all__ = [
    "Agreement",
    "Breach",
    "CareCall",
    "CareCallRule",
    "CareTry",
    "ConsumerLapse",
    "FollowUp",
    "FollowUpAttempt",
    "GoodsReturn",
    "LateCharge",
    "LibraryClause",
    "Obligation",
    "PaperCopy",
    "PayeeAccount",
    "Payment",
    "Payout",
    "PayoutBatch",
    "Representative",
    "Signer",
    "Statement",
    "StatementEntry",
    "SurveyLink",
    "Wording",
]
