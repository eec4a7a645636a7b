"""Issuing the clock certificate of a case: frozen, printed in both languages, and in the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import StepForbidden
from complaints.models import Case, CaseEvent
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.certificate import canonical, certificate_of
from complaints.selectors.certificate_sheet import CauseText, sheet
from complaints.selectors.certificate_words import LANGUAGES
from complaints.selectors.certificates import ISSUED, Issue, issue_key, issue_of
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from documents.models import Document
from documents.services.rendering import request_document
from documents.states import DocumentKind

PIECE = 15_000
"""The record is kept in pieces of this many characters; a document takes no longer text."""


@transaction.atomic
def issue_certificate(
    case: Case, *, by: Actor, after: int, cause_text: Callable[[], CauseText]
) -> Issue:
    """Freeze the certificate of a case as it stands, have it printed, and log its SHA-256.

    `after` is the number of the last event that the person had seen: sent twice, the second
    returns what the first issued. `cause_text` gives the words for causes in the language of the
    moment. Raises StepForbidden without the right to see cases.
    """
    if not has_permission(by, Permission.VIEW_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    case = locked_case(case)
    last = CaseEvent.objects.filter(case=case).order_by("-sequence").first()
    if last is not None and last.kind == ISSUED and last.sequence == after + 1:
        return issue_of(case, last.data["sequence"])
    sequence, moment = case.event_count, now()
    certificate = certificate_of(case, at=moment)
    for language in LANGUAGES:
        with translation.override(language):
            _print(case, certificate, sequence=sequence, language=language, cause=cause_text())
    data = {"sequence": sequence, "sha256": certificate["sha256"]}
    touch(case, "clocks_certified", by=by, data=data)
    return issue_of(case, sequence)


def _print(
    case: Case, certificate: dict[str, Any], *, sequence: int, language: str, cause: CauseText
) -> Document:
    english = language == "en"
    record = canonical(certificate)
    context = {
        **sheet(certificate, cause_text=cause),
        "number": f"{case.reference}-T{sequence}",
        "issuer": {
            "name": settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME,
            "credit_code": "",
            "address": "",
            "contact": settings.COMPANY_HOTLINE,
        },
        "record": [record[at : at + PIECE] for at in range(0, len(record), PIECE)],
    }
    return request_document(
        key=issue_key(case, sequence, language),
        kind=DocumentKind.CLOCK_CERTIFICATE,
        template_name=DocumentKind.CLOCK_CERTIFICATE,
        language=language,
        context=context,
    )


def issued_record(issue: Issue) -> dict[str, Any]:
    """Return an issued certificate, as it was hashed."""
    record: dict[str, Any] = json.loads("".join(issue.chinese.context["record"]))
    return record
