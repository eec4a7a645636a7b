"""Investigations, statements, findings with their shares, and who supplied what."""

from liability.models.approval import FindingDraft, FindingLimit, FindingLimitChange
from liability.models.board import Claim, ClaimEvidence, EvidenceWeight, WithheldEvidence
from liability.models.consulting import (
    ConsultExtension,
    ConsultLink,
    ConsultReminder,
    ConsultTask,
)
from liability.models.findings import LiabilityFinding, LiabilityShare
from liability.models.incidents import Incident, IncidentCase, IncidentReminder, IncidentTask
from liability.models.inspecting import Inspection, InspectionPhoto
from liability.models.investigations import Investigation, InvestigationNote, Statement
from liability.models.notices import ResultNotice
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
from liability.models.statements import PublicStatement
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
    "Claim",
    "ClaimEvidence",
    "ConsultExtension",
    "ConsultLink",
    "ConsultReminder",
    "ConsultTask",
    "EvidenceWeight",
    "FindingDraft",
    "FindingLimit",
    "FindingLimitChange",
    "Incident",
    "IncidentCase",
    "IncidentReminder",
    "IncidentTask",
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
    "ProductionRecord",
    "PublicStatement",
    "RecourseBasis",
    "RecourseClaim",
    "RecourseEntry",
    "RecourseTerm",
    "Recovery",
    "ReportCopy",
    "ResultNotice",
    "SerialNumber",
    "Statement",
    "Supplier",
    "SupplierPaper",
    "UnitsSold",
    "WithheldEvidence",
]
