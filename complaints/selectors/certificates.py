"""Issued clock certificates of a case, found through the event that logged each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from complaints.models import Case, CaseEvent
from documents.models import Document

ISSUED = "clocks_certified"
"""The event with which a certificate is issued: up to which event it goes, and its SHA-256."""


@dataclass(frozen=True)
class Issue:
    """One issue: the last event it knows, its SHA-256, and its print in each language."""

    sequence: int
    sha256: str
    at: datetime
    chinese: Document
    english: Document


def issue_key(case: Case, sequence: int, language: str) -> str:
    """Return the key under which one language of an issue is printed."""
    return f"clocks:{case.pk}:{sequence}:{language}"


def issues_of(case: Case) -> list[Issue]:
    """Return a case's issued certificates, the newest first."""
    events = CaseEvent.objects.filter(case=case, kind=ISSUED).order_by("-sequence")
    documents = Document.objects.filter(key__startswith=f"clocks:{case.pk}:")
    prints = {document.key: document for document in documents.select_related("file")}
    return [
        Issue(
            sequence=event.data["sequence"],
            sha256=event.data["sha256"],
            at=event.at,
            chinese=prints[issue_key(case, event.data["sequence"], "zh-hans")],
            english=prints[issue_key(case, event.data["sequence"], "en")],
        )
        for event in events
    ]


def issue_of(case: Case, sequence: int) -> Issue:
    """Return one issued certificate of a case; 404 when there is none."""
    for issue in issues_of(case):
        if issue.sequence == sequence:
            return issue
    raise Http404(f"{case.reference} clocks {sequence}")
