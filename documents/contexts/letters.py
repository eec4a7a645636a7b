"""The contracts of the finding letter, the review decision and the intake receipt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, TypedDict, cast

from documents.contexts.shapes import (
    DateText,
    Issuer,
    MomentText,
    Percent,
    Route,
    Said,
    Sha256,
    Signature,
    check_shape,
)
from documents.errors import ContextInvalid


class EvidenceRow(TypedDict):
    """A piece of evidence and what it shows."""

    title: Said
    shows: str


class Share(TypedDict):
    """A party's share of the liability."""

    party: Said
    percent: Percent
    reason: str


class Signatory(TypedDict):
    """Who signs for the issuer."""

    name: Said
    title: str


class FindingLetterContext(TypedDict):
    """责任认定书 for the consumer: without data of third parties."""

    number: Said
    case_number: Said
    issued_on: DateText
    issuer: Issuer
    addressee: Said
    subject: Said
    complaint: Said
    facts: list[Said]
    evidence: list[EvidenceRow]
    cause: str
    conclusion: Said
    shares: list[Share]
    reasons: list[Said]
    laws: list[Said]
    next_steps: list[Said]
    routes: list[Route]
    signatory: Signatory


class ResultNoticeContext(TypedDict):
    """处理结果通知 for an outside respondent: without data of the consumer or of third parties.

    `shares` are towards the consumer, by role; `own` are the parts that the addressee itself bears.
    """

    number: Said
    case_number: Said
    issued_on: DateText
    issuer: Issuer
    addressee: Said
    facts: list[Said]
    conclusion: Said
    shares: list[Share]
    own: list[Share]
    reasons: list[Said]
    objecting: Said
    routes: list[Route]
    signatory: Signatory


class ReviewedDecision(TypedDict):
    """The decision under review."""

    title: Said
    number: Said
    issued_on: DateText
    summary: Said


class Ground(TypedDict):
    """One ground of the application, and what was found about it."""

    text: Said
    new_evidence: str
    finding: Said


class PanelMember(TypedDict):
    """A member of the panel; `recusal` says that there is no interest, or who stood aside."""

    name: Said
    title: str
    recusal: str


class DecidedLine(TypedDict):
    """An amount that the decision fixes."""

    label: Said
    basis: str
    amount_shown: Said


Outcome = Literal[
    "uphold",
    "vary",
    "revoke_and_remit",
    "revoke_and_substitute",
    "dismiss_out_of_time",
    "withdrawn",
]


class ReviewDecisionContext(TypedDict):
    """复议决定书 of the company's own review, which is no administrative review."""

    number: Said
    case_number: Said
    issued_on: DateText
    issuer: Issuer
    applicant: Said
    applied_on: DateText
    in_time: bool
    time_note: str
    reviewed: ReviewedDecision
    grounds: list[Ground]
    panel: list[PanelMember]
    procedure: Said
    reasons: list[Said]
    laws: list[Said]
    outcome: Outcome
    outcome_text: Said
    lines: list[DecidedLine]
    performance: str
    routes: list[Route]
    limitation_note: str
    signatures: list[Signature]


class Upload(TypedDict):
    """A file that came with the complaint."""

    name: Said
    sha256: Sha256


class Step(TypedDict):
    """What happens, and until when."""

    when: Said
    what: Said


class IntakeReceiptContext(TypedDict):
    """受理回执: what was said, and what happens when."""

    number: Said
    received_at: MomentText
    issuer: Issuer
    channel: Said
    consumer_name: Said
    contact_masked: str
    subject: Said
    product: str
    order_number: str
    story: Said
    wish: str
    uploads: list[Upload]
    urgent_note: str
    steps: list[Step]
    lookup: str
    routes: list[Route]


def validate_finding_letter_context(context: Any) -> FindingLetterContext:
    """Return the context if it is whole and the shares, if any, make 100. Raises ContextInvalid."""
    check_shape(context, FindingLetterContext)
    data = cast("FindingLetterContext", context)
    total = sum((Decimal(share["percent"]) for share in data["shares"]), Decimal(0))
    if data["shares"] and total != 100:
        raise ContextInvalid("shares", f"must add up to 100, not {total}")
    return data


def validate_result_notice_context(context: Any) -> ResultNoticeContext:
    """Return the context if it is whole and the shares, if any, make 100. Raises ContextInvalid."""
    check_shape(context, ResultNoticeContext)
    data = cast("ResultNoticeContext", context)
    total = sum((Decimal(share["percent"]) for share in data["shares"]), Decimal(0))
    if data["shares"] and total != 100:
        raise ContextInvalid("shares", f"must add up to 100, not {total}")
    return data


def validate_review_decision_context(context: Any) -> ReviewDecisionContext:
    """Return the context if it is whole. Raises ContextInvalid."""
    check_shape(context, ReviewDecisionContext)
    data = cast("ReviewDecisionContext", context)
    if not data["panel"]:
        raise ContextInvalid("panel", "must not be empty")
    return data


def validate_intake_receipt_context(context: Any) -> IntakeReceiptContext:
    """Return the context if it is whole. Raises ContextInvalid."""
    check_shape(context, IntakeReceiptContext)
    return cast("IntakeReceiptContext", context)
