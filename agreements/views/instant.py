"""The consumer's pages of an instant offer: ask for it, take an option, or go the ordinary way."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agreements.services.instant import agree_instantly
from compensation.selectors.instant import instant_panel
from compensation.services.instant import end_if_hindered, go_ordinary, offer_instantly
from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now

CONSUMER = Actor.consumer()


class InstantForm(forms.Form):
    """Which option was taken, of which offer as it was seen."""

    option = forms.IntegerField(
        error_messages={
            "required": gettext_lazy("请选一个方案。"),
            "invalid": gettext_lazy("请选一个方案。"),
        }
    )
    digest = forms.CharField(max_length=64)


def _to_case(case: Case) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("track:case", args=[case.reference]), status=303)


@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Reckon whether something can be offered at once; answers htmx with a part of the page."""
    case = consumer_case(request, reference)
    offer_instantly(case)
    panel = instant_panel(case)
    if request.headers.get("HX-Request"):
        context = {"case": case, "panel": panel, "form": "", "now": now(), "asked": True}
        return render(request, "agreements/instant.html#choice", context)
    if panel is not None:
        url = reverse("agreements:instant", args=[case.reference])
        return HttpResponseRedirect(url, status=303)
    messages.info(request, _("这起投诉由专人处理，我们按时联系你"))
    return _to_case(case)


@require_http_methods(["GET", "HEAD", "POST"])
def instant(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the options of the instant offer, none chosen beforehand, and take the choice."""
    case = consumer_case(request, reference)
    form = InstantForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            agree_instantly(
                case,
                by=CONSUMER,
                position=form.cleaned_data["option"],
                seen_digest=form.cleaned_data["digest"],
            )
        except CaseError as refusal:
            add_case_error(form, refusal)
            end_if_hindered(case)
        else:
            url = reverse("agreements:sign", args=[case.reference])
            return HttpResponseRedirect(url, status=303)
    return _page(request, case, form)


def _page(request: HttpRequest, case: Case, form: forms.Form) -> HttpResponse:
    panel = instant_panel(case)
    if panel is None:
        for refused in form.errors.values():
            messages.info(request, " ".join(map(str, refused)))
        return _to_case(case)
    context: dict[str, Any] = {"case": case, "panel": panel, "now": now()}
    context["form"] = form if form.is_bound else ""
    status = 422 if form.is_bound else 200
    return render(request, "agreements/instant.html", context, status=status)


@require_POST
def ordinary(request: HttpRequest, reference: str) -> HttpResponse:
    """Go the ordinary way: nothing was given up."""
    case = consumer_case(request, reference)
    try:
        go_ordinary(case, by=CONSUMER)
    except CaseError as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("好的，按普通流程办理，你的权利没有减少"))
    return _to_case(case)
