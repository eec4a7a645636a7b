"""Caring calls: making one with the script before one's eyes, and the rules that plan them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_user
from agreements.forms import TryForm
from agreements.forms.care_calls import CareForm, RuleForm
from agreements.models import CareCall, CareCallRule
from agreements.selectors.care_calls import rules, tries_of
from agreements.services.caring import record_care, record_care_try, save_rule
from agreements.states import CareState
from complaints.access import get_case, require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.numbers import number_seen
from complaints.permissions import Permission

GET_POST = ["GET", "HEAD", "POST"]


def _to(name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name), status=303)


@login_required
@never_cache
@require_http_methods(GET_POST)
def care_call(request: HttpRequest, care_call_id: int) -> HttpResponse:
    """Show whom to call and what to say; take the answer, or that nothing could be asked."""
    call = get_object_or_404(CareCall.objects.select_related("case", "rule"), pk=care_call_id)
    case = get_case(current_user(request), call.case.reference, Permission.HANDLE_CASE)
    call.case = case
    actor = Actor.staff(current_user(request))
    tried = "outcome" in request.POST
    posted = request.POST if request.method == "POST" else None
    form = CareForm(posted if not tried else None)
    vain = TryForm(posted if tried else None)
    active = vain if tried else form
    if posted is not None and active.is_valid():
        try:
            _record(call, actor, active.cleaned_data, tried=tried, seen=number_seen(request.POST))
        except CaseError as error:
            add_case_error(active, error)
        else:
            messages.success(request, _("已登记"))
            return _to("agreements:calls")
    context = {
        "call": call,
        "case": case,
        "form": form,
        "vain": vain,
        "bound": active if posted is not None else None,
        "tries": tries_of(call),
        "is_open": call.state == CareState.PLANNED,
        "seen": case.version,
        "now": now(),
    }
    status = 422 if posted is not None else 200
    return render(request, "agreements/care_call.html", context, status=status)


def _record(
    call: CareCall, actor: Actor, data: dict[str, Any], *, tried: bool, seen: int | None
) -> None:
    if tried:
        record_care_try(call, by=actor, seen=seen, **data)
    else:
        record_care(call, by=actor, seen=seen, **data)


@login_required
@never_cache
@require_http_methods(GET_POST)
def care_rules(request: HttpRequest) -> HttpResponse:
    """List the rules, change one (`?rule=`), or write another."""
    actor = require_permission(current_user(request), Permission.MANAGE_POLICIES)
    rule = _chosen(request)
    form = RuleForm(request.POST or None, initial=_initial(rule))
    if request.method == "POST" and form.is_valid():
        try:
            save_rule(rule, by=actor, **form.cleaned_data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("规则已保存，以后结案的案件按它安排"))
            return _to("agreements:care_rules")
    context = {"rules": list(rules()), "rule": rule, "form": form, "now": now()}
    status = 422 if request.method == "POST" else 200
    return render(request, "agreements/care_rules.html", context, status=status)


def _chosen(request: HttpRequest) -> CareCallRule | None:
    number = request.GET.get("rule", "")
    if not number:
        return None
    if not number.isdecimal():
        raise Http404(number)
    return get_object_or_404(CareCallRule, pk=int(number))


def _initial(rule: CareCallRule | None) -> dict[str, Any]:
    if rule is None:
        return {"is_active": True, "after_days": 21}
    names = ("name", "cause", "category", "after_days", "is_active")
    return {name: getattr(rule, name) for name in names}
