"""The templates that may be printed: nothing else is ever loaded by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from documents import contexts
from documents.errors import ContextInvalid
from documents.states import DocumentKind


@dataclass(frozen=True)
class PrintTemplate:
    """A document: its template in each language, its title for file names, and its contract."""

    kind: DocumentKind
    paths: dict[str, str]
    titles: dict[str, str]
    validate: Callable[[Any], Any]

    def file_name(self, language: str, number: str) -> str:
        """Return the name under which a person saves the PDF."""
        return f"{self.titles[language]} {number}.pdf"


def _template(
    kind: DocumentKind, zh: str, en: str, validate: Callable[[Any], Any], *, name: str = ""
) -> tuple[str, PrintTemplate]:
    name = name or kind.value
    paths = {"zh-hans": f"documents/{name}.html", "en": f"documents/{name}_en.html"}
    return name, PrintTemplate(kind, paths, {"zh-hans": zh, "en": en}, validate)


RESULT_NOTICE = "result_notice"
"""The finding letter as an outside respondent gets it."""


# The titles are part of the documents, which are written whole in each language.
TEMPLATES = dict(
    (
        _template(
            DocumentKind.AGREEMENT,
            "赔偿和解协议书",
            "Settlement agreement",
            contexts.validate_agreement_context,
        ),
        _template(
            DocumentKind.FINDING_LETTER,
            "责任认定书",
            "Liability finding",
            contexts.validate_finding_letter_context,
        ),
        _template(
            DocumentKind.FINDING_LETTER,
            "处理结果通知",
            "Notice of result",
            contexts.validate_result_notice_context,
            name=RESULT_NOTICE,
        ),
        _template(
            DocumentKind.REVIEW_DECISION,
            "复议决定书",
            "Review decision",
            contexts.validate_review_decision_context,
        ),
        _template(
            DocumentKind.INTAKE_RECEIPT,
            "受理回执",
            "Receipt of complaint",
            contexts.validate_intake_receipt_context,
        ),
        _template(
            DocumentKind.CLOCK_CERTIFICATE,
            "时限证书",
            "Clock certificate",
            contexts.validate_clock_certificate_context,
        ),
        _template(
            DocumentKind.INVESTIGATION_REPORT,
            "调查报告",
            "Investigation report",
            contexts.validate_investigation_report_context,
        ),
    )
)


def print_template(name: str, *, kind: str, language: str) -> PrintTemplate:
    """Return a template of the list. Raises ContextInvalid for one that is not on it."""
    template = TEMPLATES.get(name)
    if template is None:
        raise ContextInvalid("template_name", f"must be one of {', '.join(TEMPLATES)}")
    if template.kind != kind:
        raise ContextInvalid("kind", f"must be {template.kind} for this template")
    if language not in template.paths:
        raise ContextInvalid("language", f"must be one of {', '.join(template.paths)}")
    return template
