"""Asking again: internal review, mediation, outside proceedings."""

from reviews.models.mediations import Mediation, MediationNote
from reviews.models.packs import EvidencePack
from reviews.models.proceedings import Proceeding, ProceedingStep
from reviews.models.reviews import GroundOfReview, Review

__all__ = [
    "EvidencePack",
    "GroundOfReview",
    "Mediation",
    "MediationNote",
    "Proceeding",
    "ProceedingStep",
    "Review",
]
