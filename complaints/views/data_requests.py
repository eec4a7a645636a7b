"""The consumer's own data: asking for a copy, a correction or erasure, and reading the answer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.data_requests import DataRequestForm
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.data_requests import (
    data_requests_of,
    one_data_request,
    personal_data,
)
from complaints.services.data_requests import ask_about_data


@require_http_methods(["GET", "POST"])
def own_data(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what was asked and answered, and take a request while none waits."""
    case = consumer_case(request, reference)
    form = DataRequestForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, case, form, status=422 if form.is_bound else 200)
    try:
        ask_about_data(case, by=Actor.consumer(), **form.cleaned_data)
    except CaseError as refusal:
        add_case_error(form, refusal)
        return _page(request, case, form, status=422)
    return HttpResponseRedirect(reverse("mine:data", args=[reference]), status=303)


def _page(request: HttpRequest, case: Case, form: DataRequestForm, *, status: int) -> HttpResponse:
    requests = data_requests_of(case)
    context = {
        "case": case,
        "form": form,
        "requests": requests,
        "waits": any(each.is_open for each in requests),
        "now": now(),
    }
    return render(request, "complaints/intake/own_data.html", context, status=status)


@require_GET
def own_data_copy(request: HttpRequest, reference: str, request_id: int) -> HttpResponse:
    """Hand out the copy of a request that was granted; 404 for any other."""
    case = consumer_case(request, reference)
    if not one_data_request(case, request_id).gives_copy:
        raise Http404("no copy")
    response = JsonResponse(
        personal_data(case), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = f'attachment; filename="{case.reference}-data.json"'
    return response
