"""The consumer's other ways to sign: on paper, or by somebody with a power of attorney."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements.forms import PaperCopyForm, RepresentativeForm
from agreements.selectors import open_agreement
from agreements.selectors.agreements import representatives_of, waiting_paper
from agreements.selectors.pages import consumer_panel
from agreements.services.papering import send_paper_copy
from agreements.services.representing import end_representative, name_representative
from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from documents.errors import FileRefused

CONSUMER = Actor.consumer()
GET_POST = ["GET", "HEAD", "POST"]


def _to(name: str, case: Case) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[case.reference]), status=303)


def _signing(case: Case) -> bool:
    """Say whether an agreement waits for the consumer's signature in time."""
    panel = consumer_panel(case)
    return panel is not None and panel["state"] == "to_sign"


@require_http_methods(GET_POST)
def paper_copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Print, sign, send a photograph of it."""
    case = consumer_case(request, reference)
    agreement = open_agreement(case) if _signing(case) else None
    if agreement is None:
        return _to("track:case", case)
    form = PaperCopyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        scan = form.cleaned_data["scan"]
        try:
            send_paper_copy(
                agreement,
                by=CONSUMER,
                scan=scan,
                scan_name=scan.name,
                signed_on=form.cleaned_data["signed_on"],
            )
        except FileRefused as refusal:
            form.add_error("scan", refusal.message)
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            messages.success(request, _("收到了，我们核对以后告诉你"))
            return _to("track:case", case)
    more = {"agreement": agreement, "waiting": waiting_paper(agreement)}
    return _page(request, "agreements/my_paper.html", case, form, **more)


@require_http_methods(GET_POST)
def representatives(request: HttpRequest, reference: str) -> HttpResponse:
    """Name somebody who signs in one's place, see what became of it, end it."""
    case = consumer_case(request, reference)
    if not _signing(case):
        return _to("track:case", case)
    form = RepresentativeForm(request.POST or None, request.FILES or None, mine=True)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            name_representative(
                case, by=CONSUMER, named=form.named(), file=file, file_name=file.name
            )
        except FileRefused as refusal:
            form.add_error("file", refusal.message)
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            messages.success(request, _("收到了，我们核对以后告诉你"))
            return _to("agreements:my_attorney", case)
    found = representatives_of(case)
    return _page(request, "agreements/my_attorney.html", case, form, agents=found)


def _page(
    request: HttpRequest, template: str, case: Case, form: forms.Form, **more: object
) -> HttpResponse:
    context = {"case": case, "form": form, "now": now(), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)


@require_POST
def end_authority(request: HttpRequest, reference: str, agent_id: int) -> HttpResponse:
    """End an authority that one gave."""
    case = consumer_case(request, reference)
    agent = next((row for row in representatives_of(case) if row.pk == agent_id), None)
    if agent is None:
        raise Http404(reference)
    end_representative(agent, by=CONSUMER)
    messages.success(request, _("授权已撤销"))
    return _to("agreements:my_attorney", case)
