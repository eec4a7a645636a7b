"""Investigations, statements, findings with their shares, and who supplied what."""

from liability.models.approval import FindingDraft, FindingLimit
from liability.models.findings import LiabilityFinding, LiabilityShare
from liability.models.investigations import Investigation, InvestigationNote, Statement
from liability.models.recourse import (
    InsurancePolicy,
    RecourseBasis,
    RecourseClaim,
    RecourseEntry,
    RecourseTerm,
    Recovery,
)
from liability.models.reports import InvestigationReport, ReportCopy
from liability.models.supply import BatchSupply, Supplier

__all__ = [
    "BatchSupply",
    "FindingDraft",
    "FindingLimit",
    "InsurancePolicy",
    "Investigation",
    "InvestigationNote",
    "InvestigationReport",
    "LiabilityFinding",
    "LiabilityShare",
    "RecourseBasis",
    "RecourseClaim",
    "RecourseEntry",
    "RecourseTerm",
    "Recovery",
    "ReportCopy",
    "Statement",
    "Supplier",
]
