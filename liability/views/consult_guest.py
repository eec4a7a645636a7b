"""Pages of an outside party, who was let in to one question by a link.

The link's secret is in no later address; nobody stores these pages; any other task is a 404, like
one that doesn't exist; a link that ended answers 410.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints.actors import Actor
from complaints.errors import CaseError, TooManyAttempts
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.services.entrance import count_attempt
from complaints.views.doors import caller_address
from liability.access import let_in, let_out, opened
from liability.forms.plan import PartnerAnswerForm
from liability.models import ConsultLink
from liability.selectors.consulting import (
    facts_for_party,
    link_is_over,
    link_of_guest,
    link_of_secret,
)
from liability.services.consult_answers import answer_consult
from liability.services.consulting import note_opened

LINKS_A_WINDOW = 20


@never_cache
@require_GET
def consult_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Open the one task of a link and go on without the secret in the address."""
    link = link_of_secret(secret)
    if link is None:
        try:
            count_attempt(f"consult:{caller_address(request)}", most=LINKS_A_WINDOW)
        except TooManyAttempts as closed:
            context = {"problem": str(closed)}
            return render(request, "liability/guest/unknown.html", context, status=429)
        return render(request, "liability/guest/unknown.html", status=404)
    if link_is_over(link):
        return _over(request)
    note_opened(link)
    url = reverse("liability:consult_guest", args=[link.task_id])
    response = HttpResponseRedirect(url, status=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    let_in(response, link)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consult_guest(request: HttpRequest, consult_id: int) -> HttpResponse:
    """The question with what the party may know, and the way to answer; then the answer."""
    link = _link(request, consult_id)
    if link_is_over(link):
        return _over(request)
    task = link.task
    if request.method != "POST" or not task.is_open:
        return _page(request, link, PartnerAnswerForm())
    form = PartnerAnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, link, form, status=422)
    try:
        answer_consult(task, by=Actor.partner(), **form.cleaned_data)
    except CaseError as refusal:
        task.refresh_from_db()
        if not task.is_open:
            return _page(request, link, PartnerAnswerForm())
        add_case_error(form, refusal)
        return _page(request, link, form, status=422)
    return HttpResponseRedirect(request.path, status=303)


@never_cache
@require_POST
def consult_leave(request: HttpRequest) -> HttpResponse:
    """Forget the task that this browser had opened."""
    response = render(request, "liability/guest/left.html")
    let_out(response)
    return response


def _link(request: HttpRequest, consult_id: int) -> ConsultLink:
    pk, digest = opened(request)
    link = link_of_guest(pk, digest) if pk else None
    if link is None or link.task_id != consult_id:
        raise Http404(consult_id)
    return link


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "liability/guest/over.html", status=410)


def _page(
    request: HttpRequest, link: ConsultLink, form: PartnerAnswerForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "task": link.task,
        "link": link,
        "facts": facts_for_party(link.task),
        "files": list(link.task.files.select_related("file").order_by("id")),
        "form": form,
        "now": now(),
    }
    return render(request, "liability/guest/task.html", context, status=status)
