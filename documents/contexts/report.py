"""The contract of the investigation report: fourteen sections, for the file or for the consumer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, TypedDict, cast

from documents.contexts.shapes import DateText, Issuer, Percent, Said, Sha256, check_shape
from documents.errors import ContextInvalid


class Round(TypedDict):
    """One round of the investigation."""

    number: Said
    lead: Said
    opened_on: DateText


class Happening(TypedDict):
    """One thing that happened."""

    on: DateText
    what: Said


class Heard(TypedDict):
    """One side that was heard, or asked; `said` is empty where it is not for the reader."""

    who: Said
    when: Said
    said: str


class Exhibit(TypedDict):
    """A piece of evidence with its weight and its hash."""

    title: Said
    shows: str
    weight: str
    received_on: DateText
    sha256: Sha256


class ReportShare(TypedDict):
    """A party's share with what it rests on."""

    party: Said
    percent: Percent
    kind: str
    ground: Said


class Loss(TypedDict):
    """One loss; `amount` is shown as it is to be read."""

    item: Said
    amount: str
    proof: str


class Opinion(TypedDict):
    """A named person's dissent."""

    name: Said
    text: Said


class Sign(TypedDict):
    """Somebody who investigated, decided or approved."""

    role: Said
    name: Said
    on: str


class InvestigationReportContext(TypedDict):
    """调查报告. `content_hash` is the SHA-256 of everything else in canonical JSON."""

    number: Said
    case_number: Said
    audience: Literal["file", "consumer"]
    language: Said
    dated: DateText
    issuer: Issuer
    subject: Said
    rounds: list[Round]
    independence: Said
    complaint: Said
    wish: str
    chronology: list[Happening]
    questions: list[Said]
    method: list[Said]
    heard: list[Heard]
    evidence: list[Exhibit]
    facts_found: list[Said]
    facts_not_proved: list[Said]
    cause: str
    batch_scope: str
    conclusion: Said
    standard: Said
    outward: list[ReportShare]
    inward: list[ReportShare]
    reasons: list[Said]
    losses: list[Loss]
    losses_total: str
    remedies: list[Said]
    risk: Said
    recall: str
    limits: list[Said]
    dissent: list[Opinion]
    approvals: list[Sign]
    template_version: Sha256
    content_hash: Sha256


def validate_investigation_report_context(context: Any) -> InvestigationReportContext:
    """Return the context if it is whole and each table of shares makes 100.

    Raises ContextInvalid, also for a consumer's version that tells who pays whom inside.
    """
    check_shape(context, InvestigationReportContext)
    data = cast("InvestigationReportContext", context)
    for name, shares in (("outward", data["outward"]), ("inward", data["inward"])):
        total = sum((Decimal(share["percent"]) for share in shares), Decimal(0))
        if shares and total != 100:
            raise ContextInvalid(name, f"must add up to 100, not {total}")
    if data["audience"] == "consumer" and data["inward"]:
        raise ContextInvalid("inward", "is not for the consumer")
    return data
