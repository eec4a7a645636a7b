"""What an evidence pack holds besides evidence and agreements: letters, reports, statements, and
the timeline as a PDF for who reads on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

import agreements.presenters
import compensation.presenters
import complaints.presenters
import liability.presenters
import reviews.presenters
from agreements.models import PaperCopy, Representative, Signer
from complaints.models import Case
from complaints.presenters import EventText
from documents.models import Document, StoredFile
from documents.renderer.client import shared_renderer
from liability.models import LiabilityFinding, ReportCopy, ResultNotice, Statement
from liability.states import Audience, StatementParty
from reviews.models import ProceedingStep

LANGUAGE = "zh-hans"
LINES_A_PDF = 150
_WORDS: dict[str, EventText] = {
    **complaints.presenters.EVENT_TEXTS,
    **liability.presenters.EVENT_TEXTS,
    **compensation.presenters.EVENT_TEXTS,
    **agreements.presenters.EVENT_TEXTS,
    **reviews.presenters.EVENT_TEXTS,
}
Paper = tuple[str, object, StoredFile]


class _Known(dict[str, Any]):
    """Fills words with what an event holds; what it does not hold stays out."""

    def __missing__(self, key: str) -> str:
        return "…"


def papers_of(case: Case, *, without_others: bool) -> Iterator[Paper]:
    """Yield folder, number and file of every letter, report and paper of a case.

    `without_others` leaves out the full report and what was written to or came from third parties;
    the consumer's version of the report has none of their data.
    """
    yield from _findings(case)
    yield from _reports(case, without_others=without_others)
    yield from _signed(case)
    yield from _printed(case)
    steps = ProceedingStep.objects.filter(proceeding__case=case).select_related("file")
    for step in steps:
        if step.file is not None:
            yield "proceedings", step.pk, step.file
    if not without_others:
        notices = ResultNotice.objects.filter(finding__case=case).select_related("letter__file")
        for notice in notices:
            yield from _paper("letters", f"result-{notice.pk}", notice.letter)


def _paper(folder: str, number: object, document: Document | None) -> Iterator[Paper]:
    if document is not None and document.file is not None:
        yield folder, number, document.file


def _findings(case: Case) -> Iterator[Paper]:
    for finding in LiabilityFinding.objects.filter(case=case).select_related("letter__file"):
        yield from _paper("letters", f"finding-{finding.version}", finding.letter)


def _reports(case: Case, *, without_others: bool) -> Iterator[Paper]:
    copies = ReportCopy.objects.filter(report__case=case).select_related("report", "document__file")
    if without_others:
        copies = copies.filter(audience=Audience.CONSUMER)
    for copy in copies:
        number = f"{copy.report.version}-{copy.audience}-{copy.language}"
        yield from _paper("reports", number, copy.document)


def _signed(case: Case) -> Iterator[Paper]:
    for signer in Signer.objects.filter(agreement__case=case).select_related("scan"):
        if signer.scan is not None:
            yield "agreements", f"signature-{signer.pk}", signer.scan
    for agent in Representative.objects.filter(case=case).select_related("file"):
        yield "agreements", f"power-of-attorney-{agent.pk}", agent.file
    for copy in PaperCopy.objects.filter(agreement__case=case).select_related("scan"):
        yield "agreements", f"paper-{copy.pk}", copy.scan


def _printed(case: Case) -> Iterator[Paper]:
    receipts = Document.objects.filter(key=f"intake_receipt:{case.pk}").select_related("file")
    for receipt in receipts:
        yield from _paper("letters", "receipt", receipt)
    issues = Document.objects.filter(key__startswith=f"clocks:{case.pk}:").select_related("file")
    for issue in issues:
        number = issue.key.removeprefix(f"clocks:{case.pk}:").replace(":", "-")
        yield from _paper("clocks", number, issue)


def statements_of(case: Case, *, without_others: bool) -> list[dict[str, Any]]:
    """Return what each side said when it was heard."""
    heard = Statement.objects.filter(case=case).order_by("pk")
    if without_others:
        heard = heard.filter(party=StatementParty.CONSUMER)
    return [
        {
            "party": row.party,
            "name": row.name,
            "text": row.text,
            "served_at": row.served_at.isoformat() if row.served_at else None,
            "heard_at": row.heard_at.isoformat() if row.heard_at else None,
        }
        for row in heard
    ]


def worded(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of a timeline with their events in words."""
    with translation.override(LANGUAGE):
        return [{**line, "words": _words(line)} for line in lines]


def _words(line: dict[str, Any]) -> str:
    known = _WORDS.get(str(line["kind"]))
    if known is None or not known.staff:
        return str(line["kind"])
    return str(known.staff) % _Known(line["data"])


def timeline_html(context: dict[str, Any]) -> bytes:
    """Return the timeline to be read in a browser; the same whoever asks, in whatever language."""
    with translation.override(LANGUAGE):
        return render_to_string("documents/pack_timeline.html", context).encode()


def timeline_pdfs(context: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of the timeline as PDFs, a new one after so many lines.

    Raises RenderFailed.
    """
    lines, messages = context["lines"], context["messages"]
    parts = max(1, -(-len(lines) // LINES_A_PDF), -(-len(messages) // LINES_A_PDF))
    for number in range(parts):
        span = slice(number * LINES_A_PDF, (number + 1) * LINES_A_PDF)
        part = {**context, "lines": lines[span], "messages": messages[span], "part": number + 1}
        name = "timeline.pdf" if parts == 1 else f"timeline-{number + 1:02d}.pdf"
        yield name, shared_renderer().render(timeline_html({**part, "parts": parts}).decode())
