"""Handing out the review decision, to staff and to the consumer."""

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
from reviews.selectors.reviews import reviews_of


@login_required
@require_safe
def letter(request: HttpRequest, reference: str, review_id: int) -> HttpResponseBase:
    """Hand out a decision to a member of staff."""
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    return _handed_out(case, review_id)


@require_safe
def letter_mine(request: HttpRequest, reference: str, review_id: int) -> HttpResponseBase:
    """Hand out a decision to the consumer of the case."""
    return _handed_out(consumer_case(request, reference), review_id)


def _handed_out(case: Case, review_id: int) -> HttpResponseBase:
    review = reviews_of(case).filter(pk=review_id).first()
    printed = review.document if review is not None else None
    if printed is None or not printed.is_ready or printed.file is None:
        raise Http404(case.reference)
    return serve_file(printed.file, inline=True)
