"""The consumer takes a complaint back, after a page that says what that means."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase
from complaints.forms import add_case_error
from complaints.forms.withdrawal import WithdrawForm
from complaints.models import Case
from complaints.selectors.steps import step_is_possible, unmet_condition
from complaints.services.triage import withdraw


def may_be_withdrawn(case: Case) -> bool:
    """Say whether the machine has the step from the case's present stage, and allows it."""
    return any(step.name == "withdraw" for step in case.get_available_stage_transitions())


@require_http_methods(["GET", "POST"])
def withdraw_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, then withdraw. 409 when the case moved on meanwhile."""
    case = consumer_case(request, reference)
    form = WithdrawForm(request.POST or None, initial={"seen": case.version})
    status = 200
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data
        try:
            withdraw(case, by=Actor.consumer(), reason=answer["reason"], seen=answer["seen"])
            return HttpResponseRedirect(reverse("track:case", args=[reference]), status=303)
        except CaseError as refusal:
            add_case_error(form, refusal)
            status = 422
            if isinstance(refusal, StaleCase):
                form.data = {**form.data.dict(), "seen": refusal.current}
                status = 409
    elif request.method == "POST":
        status = 422
    possible = may_be_withdrawn(case)
    blocked = step_is_possible(case, "withdraw") and not possible
    instead = unmet_condition(case, "withdraw") if blocked else ""
    context = {"case": case, "form": form, "possible": possible, "instead": instead}
    return render(request, "complaints/intake/withdraw.html", context, status=status)
