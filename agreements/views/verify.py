"""The public page on which anybody checks a sealed agreement."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms.verifying import FileForm, NumberForm
from agreements.selectors.verifying import agreement_by_number
from agreements.services.verifying import verify_file
from agreements.views.verdicts import words_of
from complaints.errors import TooManyAttempts
from complaints.services.entrance import count_attempt
from complaints.views.doors import caller_address
from documents.services.seals import company_certificate, company_seal_facts

FILES_A_WINDOW = 30
NUMBERS_A_WINDOW = 30


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a file that is handed in, or look up a number with its code; works without scripts."""
    if request.method == "POST":
        return _by_file(request)
    if "number" in request.GET or "code" in request.GET:
        return _by_number(request)
    return _page(request, status=200)


def _by_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    closed = _counted(request, "verify-file", most=FILES_A_WINDOW)
    if closed:
        return _page(request, file_form=form, closed=closed, status=429)
    if not form.is_valid():
        return _page(request, file_form=form, status=422)
    file = form.cleaned_data["file"]
    verdict = verify_file(file.read())
    result = {"words": words_of(verdict.code), "verdict": verdict, "found": verdict.agreement}
    return _page(request, result={**result, "name": file.name}, status=200)


def _by_number(request: HttpRequest) -> HttpResponse:
    form = NumberForm(request.GET)
    closed = _counted(request, "verify-number", most=NUMBERS_A_WINDOW)
    if closed:
        return _page(request, number_form=form, closed=closed, status=429)
    if not form.is_valid():
        return _page(request, number_form=form, status=422)
    found = agreement_by_number(form.cleaned_data["number"], form.cleaned_data["code"])
    code = "number_known" if found else "number_unknown"
    result = {"words": words_of(code), "found": found}
    return _page(request, number_form=form, result=result, status=200)


def _counted(request: HttpRequest, door: str, *, most: int) -> str:
    """Count a try; return the refusal when there were too many."""
    try:
        count_attempt(f"{door}:{caller_address(request)}", most=most)
    except TooManyAttempts as closed:
        return str(closed)
    return ""


def _page(
    request: HttpRequest,
    *,
    status: int,
    file_form: Form | None = None,
    number_form: Form | None = None,
    result: dict[str, Any] | None = None,
    closed: str = "",
) -> HttpResponse:
    context = {
        "file_form": file_form or FileForm(),
        "number_form": number_form or NumberForm(),
        "result": result,
        "closed": closed,
        "seal": company_seal_facts(),
        "title": _("核验协议"),
    }
    response = render(request, "agreements/verify.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def certificate(_request: HttpRequest) -> HttpResponse:
    """Hand out the certificate of the seal, for checks without this page."""
    response = HttpResponse(company_certificate(), content_type="application/x-pem-file")
    response.headers["Content-Disposition"] = 'attachment; filename="seal-certificate.pem"'
    return response
