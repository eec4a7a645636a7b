"""Asking again: internal review, mediation, outside proceedings."""

from reviews.models.mediations import Mediation, MediationNote
from reviews.models.packs import EvidencePack
from reviews.models.proceedings import Proceeding, ProceedingStep
from reviews.models.retention import ErasureItem, ErasureRun, LegalHold, RetentionRule
from reviews.models.reviews import GroundOfReview, Review

__all__ = [
    "ErasureItem",
    "ErasureRun",
    "EvidencePack",
    "GroundOfReview",
    "LegalHold",
    "Mediation",
    "MediationNote",
    "Proceeding",
    "ProceedingStep",
    "RetentionRule",
    "Review",
]
