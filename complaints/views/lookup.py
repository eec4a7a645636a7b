"""The ways back to a case: a secret link, or reference and contact and a code sent there.

Every answer to a wrong guess is the answer to an unknown reference.
"""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints.access import let_in, let_out
from complaints.errors import CaseError, TooManyAttempts
from complaints.forms import add_case_error
from complaints.forms.lookup import CodeForm, LookupForm
from complaints.services.entrance import (
    case_of_secret,
    count_attempt,
    request_access_code,
    try_code,
)
from complaints.states import CodePurpose
from complaints.views.doors import (
    caller_address,
    even_time,
    forget,
    hand_over,
    handed_over,
)

CODE_COOKIE, CODE_PATH = "redress_code", "/track/"
LINKS_A_WINDOW = 20
LOOKUPS_A_WINDOW = 20
LOOKUPS_OF_ONE = 5
CODES_A_WINDOW = 30
ANSWER_SECONDS = 0.2


@require_GET
def secret_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the case of a secret link and go on without the secret in the address."""
    try:
        case = case_of_secret(secret)
        if case is None:
            count_attempt(f"link:{caller_address(request)}", most=LINKS_A_WINDOW)
    except TooManyAttempts as closed:
        context = {"problem": str(closed)}
        return render(request, "complaints/intake/link_unknown.html", context, status=429)
    if case is None:
        return render(request, "complaints/intake/link_unknown.html", status=404)
    url = reverse("track:case", args=[case.reference])
    response = HttpResponseRedirect(url, status=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    let_in(request, response, case)
    return response


@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """Ask for reference and contact; whatever they are, the next page asks for the code."""
    form = LookupForm(request.POST or None, initial={"reference": request.GET.get("reference", "")})
    if request.method == "GET":
        return render(request, "complaints/intake/lookup.html", {"form": form})
    if not form.is_valid():
        return render(request, "complaints/intake/lookup.html", {"form": form}, status=422)
    reference, contact = form.cleaned_data["reference"], form.cleaned_data["contact"]
    try:
        count_attempt(f"lookup:{caller_address(request)}", most=LOOKUPS_A_WINDOW)
        count_attempt(f"lookup-of:{reference}", most=LOOKUPS_OF_ONE)
    except TooManyAttempts as closed:
        add_case_error(form, closed)
        return render(request, "complaints/intake/lookup.html", {"form": form}, status=429)
    response = HttpResponseRedirect(reverse("track_code"), status=303)
    with even_time(ANSWER_SECONDS):
        ticket = {"code": str(_requested(reference, contact) or uuid4())}
    hand_over(response, CODE_COOKIE, ticket, path=CODE_PATH)
    return response


def _requested(reference: str, contact: str) -> UUID | None:
    try:
        return request_access_code(reference=reference, contact=contact)
    except TooManyAttempts:
        # Only the right contact gets as far as this: saying so would tell that it is right.
        return None


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take the code and open the case."""
    ticket = handed_over(request, CODE_COOKIE).get("code")
    if not ticket:
        return redirect("track_lookup")
    form = CodeForm(request.POST or None)
    if request.method == "GET":
        return render(request, "complaints/intake/lookup_code.html", {"form": form})
    if not form.is_valid():
        return render(request, "complaints/intake/lookup_code.html", {"form": form}, status=422)
    try:
        count_attempt(f"code:{caller_address(request)}", most=CODES_A_WINDOW)
        case = try_code(UUID(ticket), form.cleaned_data["code"], purpose=CodePurpose.ACCESS)
    except CaseError as refused:
        add_case_error(form, refused)
        status = 429 if isinstance(refused, TooManyAttempts) else 422
        return render(request, "complaints/intake/lookup_code.html", {"form": form}, status=status)
    response = HttpResponseRedirect(reverse("track:case", args=[case.reference]), status=303)
    let_in(request, response, case)
    forget(response, CODE_COOKIE, path=CODE_PATH)
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget every case that this browser had opened, as one should on a shared phone."""
    response = HttpResponseRedirect(reverse("start"), status=303)
    let_out(response)
    return response
