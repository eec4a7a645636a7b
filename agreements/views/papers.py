"""Handing out the text to read and the signed text: the same bytes to both sides."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access import current_user
from agreements.models import Agreement
from agreements.selectors.agreements import agreements_of
from agreements.states import AgreementStatus
from complaints.access import consumer_case, get_case
from complaints.models import Case
from complaints.permissions import Permission
from documents.models import StoredFile
from documents.views import serve_file

READ, SIGNED = "read", "signed"


@login_required
@require_safe
def paper(request: HttpRequest, reference: str, version: int, which: str) -> HttpResponseBase:
    """Hand out an agreement to a member of staff."""
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    return _handed_out(case, version, which)


@require_safe
def paper_mine(request: HttpRequest, reference: str, version: int, which: str) -> HttpResponseBase:
    """Hand out an agreement to the consumer; a draft that was never offered is none of theirs."""
    return _handed_out(consumer_case(request, reference), version, which)


def _handed_out(case: Case, version: int, which: str) -> HttpResponseBase:
    agreement = next((row for row in agreements_of(case) if row.version == version), None)
    stored = _file(agreement, which) if agreement is not None else None
    if stored is None:
        raise Http404(case.reference)
    return serve_file(stored, inline=True)


def _file(agreement: Agreement, which: str) -> StoredFile | None:
    if which == SIGNED and agreement.source_file is not None:
        return agreement.source_file
    document = agreement.sealed if which == SIGNED else agreement.unsigned
    if document is None or not document.is_ready or agreement.status == AgreementStatus.DRAFT:
        return None
    return document.file
