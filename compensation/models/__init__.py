"""Legal rules and sheets, plans and options, limits, offers, replies, funds, claim screening."""

from compensation.models.authority import AuthorityLimit
from compensation.models.funds import (
    Fund,
    FundAccount,
    FundBalance,
    FundClose,
    FundEntry,
    FundHold,
    FundLine,
    FundMove,
)
from compensation.models.offers import Offer, OfferReply
from compensation.models.plans import CompensationPlan, PlanLine, PlanOption
from compensation.models.remedies import CommonRemedy, RemedyOffer
from compensation.models.rules import EntitlementSheet, LegalRuleVersion
from compensation.models.screening import (
    MarkKind,
    ScreeningBand,
    ScreeningDecision,
    ScreeningMark,
    ScreeningResult,
    ScreeningSign,
)

__all__ = [
    "AuthorityLimit",
    "CommonRemedy",
    "CompensationPlan",
    "EntitlementSheet",
    "Fund",
    "FundAccount",
    "FundBalance",
    "FundClose",
    "FundEntry",
    "FundHold",
    "FundLine",
    "FundMove",
    "LegalRuleVersion",
    "MarkKind",
    "Offer",
    "OfferReply",
    "PlanLine",
    "PlanOption",
    "RemedyOffer",
    "ScreeningBand",
    "ScreeningDecision",
    "ScreeningMark",
    "ScreeningResult",
    "ScreeningSign",
]
