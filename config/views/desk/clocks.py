"""A case's clocks, line by line; issuing their certificate and handing it out."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.moments import now
from complaints.numbers import number_seen
from complaints.permissions import Permission
from complaints.selectors.certificate import certificate_of
from complaints.selectors.certificate_sheet import sheet
from complaints.selectors.certificates import issue_of, issues_of
from complaints.services.certificates import issue_certificate, issued_record
from config.desk.clocks import cause_texts, clock_cards, issue_rows
from documents.views import serve_file


@login_required
@never_cache
@require_safe
def clocks(request: HttpRequest, reference: str) -> HttpResponse:
    """Show every time limit of a case, how it was counted, and what was issued."""
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    certificate = certificate_of(case, at=now())
    words = sheet(certificate, cause_text=cause_texts())
    context = {
        "case": case,
        "sheet": words,
        "cards": clock_cards(certificate, words),
        "issues": issue_rows(case, issues_of(case)),
    }
    return render(request, "desk/clocks.html", context)


@login_required
@require_POST
def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """Issue the certificate as the case stands; sent twice, it is issued once."""
    user = current_user(request)
    case = get_case(user, reference, Permission.VIEW_CASE)
    issue_certificate(
        case,
        by=Actor.staff(user),
        after=number_seen(request.POST, "after", default=case.event_count),
        cause_text=cause_texts,
    )
    messages.success(request, _("证书已出具，PDF 很快就能下载"))
    address = reverse("desk:clocks", args=[case.reference])
    return HttpResponseRedirect(f"{address}#issued", status=303)


@login_required
@never_cache
@require_safe
def certificate_json(request: HttpRequest, reference: str, sequence: int) -> HttpResponse:
    """Hand out the data of an issued certificate, for `verify_clock_certificate.py`."""
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    record = issued_record(issue_of(case, sequence))
    raw = json.dumps(record, ensure_ascii=False, indent=2)
    name = f"{case.reference}-T{sequence}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(f"{raw}\n", content_type="application/json", headers=headers)


@login_required
@require_safe
def certificate_pdf(
    request: HttpRequest, reference: str, sequence: int, language: str
) -> HttpResponseBase:
    """Hand out a print of an issued certificate, byte for byte what was stored."""
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    found = issue_of(case, sequence)
    document = {"zh-hans": found.chinese, "en": found.english}.get(language)
    if document is None or document.file is None:
        raise Http404(f"{case.reference} clocks {sequence} {language}")
    return serve_file(document.file, inline=True)
