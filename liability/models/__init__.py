"""Investigations, statements, findings with their shares, and who supplied what."""

from liability.models.approval import FindingDraft, FindingLimit
from liability.models.board import Claim, ClaimEvidence, EvidenceWeight, WithheldEvidence
from liability.models.consulting import ConsultLink, ConsultReminder, ConsultTask
from liability.models.findings import LiabilityFinding, LiabilityShare
from liability.models.inspecting import Inspection, InspectionPhoto
from liability.models.investigations import Investigation, InvestigationNote, Statement
from liability.models.planning import InvestigationTemplate, PlanItem
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
    "Claim",
    "ClaimEvidence",
    "ConsultLink",
    "ConsultReminder",
    "ConsultTask",
    "EvidenceWeight",
    "FindingDraft",
    "FindingLimit",
    "Inspection",
    "InspectionPhoto",
    "InsurancePolicy",
    "Investigation",
    "InvestigationNote",
    "InvestigationReport",
    "InvestigationTemplate",
    "LiabilityFinding",
    "LiabilityShare",
    "PlanItem",
    "RecourseBasis",
    "RecourseClaim",
    "RecourseEntry",
    "RecourseTerm",
    "Recovery",
    "ReportCopy",
    "Statement",
    "Supplier",
    "WithheldEvidence",
]
