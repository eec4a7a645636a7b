"""The consumer's pages: asking for a review, taking it back, asking for mediation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.steps import step_is_possible
from complaints.states import Stage
from reviews.forms.mediation import WishForm
from reviews.forms.review import RequestForm, WithdrawReviewForm
from reviews.selectors.mediations import open_mediation
from reviews.selectors.reviews import (
    can_request_review,
    is_in_time,
    open_review,
    review_window,
    was_reviewed,
)
from reviews.services.mediating import refer_to_mediation
from reviews.services.requesting import request_review, withdraw_review


def _to_case(case: Case) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("track:case", args=[case.reference]), status=303)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answered(request: HttpRequest, form: forms.Form, deed: Callable[[dict[str, Any]], Any]) -> int:
    """Do what a posted form asks for; return 303 when done, else the page's status."""
    if request.method != "POST":
        return 200
    if not form.is_valid():
        return 422
    try:
        deed(form.cleaned_data)
    except StaleCase as stale:
        add_case_error(form, stale)
        form.data = _newer(form, stale)
        return 409
    except CaseError as refusal:
        add_case_error(form, refusal)
        return 422
    return 303


def _newer(form: forms.Form, stale: StaleCase) -> Any:
    data = form.data.copy()
    data["seen"] = str(stale.current)
    return data


@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for a review; past the limit the page names the other ways."""
    case = consumer_case(request, reference)
    form = RequestForm(_posted(request), initial={"seen": case.version})
    status = _answered(
        request,
        form,
        lambda data: request_review(
            case,
            by=Actor.consumer(),
            grounds=data["grounds"],
            text=data["text"],
            seen=data["seen"],
        ),
    )
    if status == 303:
        return _to_case(case)
    possible = step_is_possible(case, "request_review")
    context = {
        "case": case,
        "form": form,
        "now": now(),
        "may_ask": can_request_review(case),
        "until": review_window(case) if possible else None,
        "late": possible and not is_in_time(case),
        "again": possible and was_reviewed(case),
        "waiting": case.stage == Stage.UNDER_REVIEW,
    }
    return render(request, "reviews/request.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the application back, after a page that says what that means."""
    case = consumer_case(request, reference)
    form = WithdrawReviewForm(_posted(request), initial={"seen": case.version})
    status = _answered(
        request, form, lambda data: withdraw_review(case, by=Actor.consumer(), seen=data["seen"])
    )
    if status == 303:
        return _to_case(case)
    context = {"case": case, "form": form, "review": open_review(case), "now": now()}
    return render(request, "reviews/withdraw.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def mediation_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for mediation, or see how far it is."""
    case = consumer_case(request, reference)
    form = WishForm(_posted(request), initial={"seen": case.version})
    status = _answered(
        request,
        form,
        lambda data: refer_to_mediation(
            case, by=Actor.consumer(), wish=data["wish"], seen=data["seen"]
        ),
    )
    if status == 303:
        return _to_case(case)
    context = {
        "case": case,
        "form": form,
        "now": now(),
        "may_ask": step_is_possible(case, "refer_to_mediation"),
        "mediation": open_mediation(case) if case.stage == Stage.MEDIATING else None,
    }
    return render(request, "reviews/mediation.html", context, status=status)
