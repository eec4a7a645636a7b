"""What each document is made of: plain JSON types, checked before anything is kept or printed."""

from documents.contexts.agreement import AgreementContext, validate_agreement_context
from documents.contexts.certificate import (
    ClockCertificateContext,
    validate_clock_certificate_context,
)
from documents.contexts.letters import (
    FindingLetterContext,
    IntakeReceiptContext,
    ResultNoticeContext,
    ReviewDecisionContext,
    validate_finding_letter_context,
    validate_intake_receipt_context,
    validate_result_notice_context,
    validate_review_decision_context,
)
from documents.contexts.report import (
    InvestigationReportContext,
    validate_investigation_report_context,
)

__all__ = [
    "AgreementContext",
    "ClockCertificateContext",
    "FindingLetterContext",
    "IntakeReceiptContext",
    "InvestigationReportContext",
    "ResultNoticeContext",
    "ReviewDecisionContext",
    "validate_agreement_context",
    "validate_clock_certificate_context",
    "validate_finding_letter_context",
    "validate_intake_receipt_context",
    "validate_investigation_report_context",
    "validate_result_notice_context",
    "validate_review_decision_context",
]
