"""Legal rules and sheets, plans and options, limits, offers, replies, funds, claim screening."""

from compensation.models.authority import AuthorityLimit
from compensation.models.care import (
    CareCause,
    CareKind,
    CareLook,
    CareTask,
    CareTemplate,
    PublicStatement,
)
from compensation.models.delegations import Delegation
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
from compensation.models.instant import InstantOffer, StandingApproval
from compensation.models.losses import LossItem
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
from compensation.models.standards import StandardItem
from compensation.models.statistics import OF_A_YEAR, RegionalStatistic, StatisticKind

__all__ = [
    "OF_A_YEAR",
    "AuthorityLimit",
    "CareCause",
    "CareKind",
    "CareLook",
    "CareTask",
    "CareTemplate",
    "CommonRemedy",
    "CompensationPlan",
    "Delegation",
    "EntitlementSheet",
    "Fund",
    "FundAccount",
    "FundBalance",
    "FundClose",
    "FundEntry",
    "FundHold",
    "FundLine",
    "FundMove",
    "InstantOffer",
    "LegalRuleVersion",
    "LossItem",
    "MarkKind",
    "Offer",
    "OfferReply",
    "PlanLine",
    "PlanOption",
    "PublicStatement",
    "RegionalStatistic",
    "RemedyOffer",
    "ScreeningBand",
    "ScreeningDecision",
    "ScreeningMark",
    "ScreeningResult",
    "ScreeningSign",
    "StandardItem",
    "StandingApproval",
    "StatisticKind",
]
