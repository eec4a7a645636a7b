"""Investigations, statements, findings with their shares, and who supplied what."""

from liability.models.findings import LiabilityFinding, LiabilityShare
from liability.models.incidents import Incident, IncidentCase, IncidentTask
from liability.models.investigations import Investigation, InvestigationNote, Statement
from liability.models.supply import BatchSupply, Supplier
from liability.models.tracing import (
    BatchTest,
    ProductionRecord,
    SerialNumber,
    SupplierPaper,
    UnitsSold,
)

__all__ = [
    "BatchSupply",
    "BatchTest",
    "Incident",
    "IncidentCase",
    "IncidentTask",
    "Investigation",
    "InvestigationNote",
    "LiabilityFinding",
    "LiabilityShare",
    "ProductionRecord",
    "SerialNumber",
    "Statement",
    "Supplier",
    "SupplierPaper",
    "UnitsSold",
]
