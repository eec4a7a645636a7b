"""Legal rules and sheets, plans with options and lines, authority limits, offers, replies."""

from compensation.models.authority import AuthorityLimit
from compensation.models.offers import Offer, OfferReply
from compensation.models.plans import CompensationPlan, PlanLine, PlanOption
from compensation.models.rules import EntitlementSheet, LegalRuleVersion

__all__ = [
    "AuthorityLimit",
    "CompensationPlan",
    "EntitlementSheet",
    "LegalRuleVersion",
    "Offer",
    "OfferReply",
    "PlanLine",
    "PlanOption",
]
