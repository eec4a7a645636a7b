"""Pages of an outside respondent, who was let in to one notice of a result by a link.

As with consult tasks, no address after the first holds the secret; a link that ended answers 410.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from complaints.errors import TooManyAttempts
from complaints.services.entrance import count_attempt
from complaints.views.doors import caller_address
from documents.views import serve_file
from liability.access import let_in_to_result, opened_result
from liability.models import ResultNotice
from liability.selectors.notices import notice_is_over, notice_of_guest, notice_of_secret
from liability.services.result_notices import note_result_opened
from liability.views.consult_guest import LINKS_A_WINDOW


@never_cache
@require_GET
def result_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the one notice of a link and go on without the secret in the address."""
    notice = notice_of_secret(secret)
    if notice is None:
        try:
            count_attempt(f"result:{caller_address(request)}", most=LINKS_A_WINDOW)
        except TooManyAttempts as closed:
            context = {"problem": str(closed)}
            return render(request, "liability/guest/unknown.html", context, status=429)
        return render(request, "liability/guest/unknown.html", status=404)
    if notice_is_over(notice):
        return _over(request)
    note_result_opened(notice)
    response = HttpResponseRedirect(reverse("liability:result_guest"), status=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    let_in_to_result(response, notice)
    return response


@never_cache
@require_safe
def result_guest(request: HttpRequest) -> HttpResponse:
    """The result in a few words, with the letter."""
    notice = _notice(request)
    if notice_is_over(notice):
        return _over(request)
    context = {"notice": notice, "finding": notice.finding, "case": notice.finding.case}
    return render(request, "liability/guest/result.html", context)


@never_cache
@require_safe
def result_letter(request: HttpRequest) -> HttpResponseBase:
    """Hand out the letter."""
    notice = _notice(request)
    if notice_is_over(notice):
        return _over(request)
    if not notice.letter.is_ready or notice.letter.file is None:
        raise Http404(notice.pk)
    return serve_file(notice.letter.file, inline=True)


def _notice(request: HttpRequest) -> ResultNotice:
    notice = notice_of_guest(*opened_result(request))
    if notice is None:
        raise Http404
    return notice


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "liability/guest/over.html", status=410)
