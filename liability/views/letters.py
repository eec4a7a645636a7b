"""Handing out the finding letter, to staff and to the consumer."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.access import consumer_case, get_case
from complaints.models import Case
from complaints.permissions import Permission
from documents.views import serve_file
from liability.selectors.facts import letter_of


@login_required
@require_safe
def letter(request: HttpRequest, reference: str, version: int) -> HttpResponseBase:
    """Hand out a finding letter to a member of staff."""
    return _handed_out(get_case(current_user(request), reference, Permission.VIEW_CASE), version)


@require_safe
def letter_mine(request: HttpRequest, reference: str, version: int) -> HttpResponseBase:
    """Hand out a finding letter to the consumer of the case."""
    return _handed_out(consumer_case(request, reference), version)


def _handed_out(case: Case, version: int) -> HttpResponseBase:
    finding = letter_of(case, version)
    printed = finding.letter if finding is not None else None
    if printed is None or not printed.is_ready or printed.file is None:
        raise Http404(case.reference)
    return serve_file(printed.file, inline=True)
