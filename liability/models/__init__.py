"""Investigations, statements, findings with their shares, and who supplied what."""

from liability.models.findings import LiabilityFinding, LiabilityShare
from liability.models.investigations import Investigation, InvestigationNote, Statement
from liability.models.supply import BatchSupply, Supplier

__all__ = [
    "BatchSupply",
    "Investigation",
    "InvestigationNote",
    "LiabilityFinding",
    "LiabilityShare",
    "Statement",
    "Supplier",
]
