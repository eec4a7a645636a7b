"""The consumer's pages of an offer: choose one option, or say something else."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from compensation.forms import ChoiceForm, CounterForm
from compensation.forms.answers import DeclineForm
from compensation.models import Offer
from compensation.selectors.offers import offers_of
from compensation.selectors.pages import consumer_panel
from compensation.services.answering import accept_option, counter, decline
from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now


def _to_case(case: Case) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("track:case", args=[case.reference]), status=303)


def _offer(case: Case, pk: int) -> Offer:
    offer = offers_of(case).filter(pk=pk).first()
    if offer is None:
        raise CaseError(_("方案有变化。看看现在的方案，再选一次。"), field="option")
    return offer


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the options of the offer, none chosen beforehand, and take the choice."""
    case = consumer_case(request, reference)
    if request.method != "POST":
        return _choices(request, case, None)
    form = ChoiceForm(request.POST)
    if form.is_valid():
        try:
            _take_choice(case, form.cleaned_data)
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            return _to_case(case)
    return _choices(request, case, form)


def _take_choice(case: Case, data: dict[str, Any]) -> None:
    offer = _offer(case, data["offer"])
    option = next((x for x in offer.plan.options.all() if x.pk == data["option"]), None)
    if option is None:
        raise CaseError(_("请从列出的方案里选一个。"), field="option")
    accept_option(
        case,
        by=Actor.consumer(),
        offer=offer,
        option=option,
        seen_digest=data["digest"],
        informed=data["informed"],
    )


def _choices(request: HttpRequest, case: Case, form: forms.Form | None) -> HttpResponse:
    panel = consumer_panel(case)
    if panel is None:
        return _to_case(case)
    ended = {**panel, "idea": []}
    context = {"case": case, "panel": panel, "ended": ended, "form": form, "now": now()}
    status = 200 if form is None else 422
    return render(request, "compensation/choose.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def say_else(request: HttpRequest, reference: str) -> HttpResponse:
    """Take what the consumer wishes instead of the options."""
    case = consumer_case(request, reference)
    panel = consumer_panel(case)
    if panel is None:
        return _to_case(case)
    form = CounterForm(request.POST or None, initial={"offer": panel["offer"].pk})
    if request.method == "POST" and form.is_valid():
        try:
            offer = _offer(case, form.cleaned_data["offer"])
            said = {name: form.cleaned_data[name] for name in ("text", "amount")}
            counter(case, by=Actor.consumer(), offer=offer, **said)
        except CaseError as refusal:
            form = _refused(form, refusal, panel)
        else:
            return _to_case(case)
    context = {"case": case, "panel": panel, "form": form, "now": now()}
    status = 422 if request.method == "POST" else 200
    return render(request, "compensation/counter.html", context, status=status)


def _refused(form: forms.Form, refusal: CaseError, panel: dict[str, Any]) -> forms.Form:
    """Return the form with what was written and why it did not go, beside the offer that stands."""
    earlier = form.cleaned_data["offer"] != panel["offer"].pk
    if earlier:
        form = type(form)({**form.data.dict(), "offer": panel["offer"].pk})
        form.is_valid()
    panel["newer_href"] = panel["choose_href"] if earlier else ""
    add_case_error(form, refusal)
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def take_none(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the consumer take none of the options, and say what stays open to them."""
    case = consumer_case(request, reference)
    panel = consumer_panel(case)
    if panel is None:
        return _to_case(case)
    form = DeclineForm(request.POST or None, initial={"offer": panel["offer"].pk})
    if request.method == "POST" and form.is_valid():
        try:
            offer = _offer(case, form.cleaned_data["offer"])
            decline(case, by=Actor.consumer(), offer=offer, text=form.cleaned_data["text"])
        except CaseError as refusal:
            form = _refused(form, refusal, panel)
        else:
            return _to_case(case)
    ways = [way for way in panel["ways_out"] if way["href"] != request.path]
    context = {"case": case, "panel": panel, "ways": ways, "form": form, "now": now()}
    status = 422 if request.method == "POST" else 200
    return render(request, "compensation/decline.html", context, status=status)
