"""Plans with their options and lines, authority limits, offers and the consumer's replies."""

from compensation.models.authority import AuthorityLimit
from compensation.models.offers import Offer, OfferReply
from compensation.models.plans import CompensationPlan, PlanLine, PlanOption

__all__ = [
    "AuthorityLimit",
    "CompensationPlan",
    "Offer",
    "OfferReply",
    "PlanLine",
    "PlanOption",
]
