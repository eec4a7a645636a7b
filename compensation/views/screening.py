"""Odd claims: the list, one of them with its reasons, and the consumer's appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from compensation.forms.screening import (
    AppealAnswerForm,
    ScreeningAppealForm,
    ScreeningDecisionForm,
    SignForm,
)
from compensation.models import ScreeningBand, ScreeningResult
from compensation.selectors.screening import (
    adverse_decision,
    links_of_result,
    neighbours,
    precision_of_screening,
    reasons_of,
    results_to_see,
)
from compensation.services.screening import (
    answer_appeal,
    appeal_screening,
    decide_screening,
    establish_sign,
)
from complaints.access import consumer_case, require_permission, visible_cases
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission

PAGE = 50


@login_required
@never_cache
@require_safe
def screening_list(request: HttpRequest) -> HttpResponse:
    """List the claims that ask for a person, or those that somebody decided about."""
    actor = require_permission(current_user(request), Permission.SCREEN_CLAIMS)
    decided = request.GET.get("show") == "decided"
    page = Paginator(results_to_see(actor, decided=decided), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"result": result, "reasons": reasons_of(result)} for result in page],
        "decided": decided,
        "precision": precision_of_screening(),
        "now": now(),
    }
    return render(request, "compensation/screening_list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def screening_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Show why a case's claim seems odd, and take a decision, a sign or the answer to an appeal."""
    actor = require_permission(current_user(request), Permission.SCREEN_CLAIMS)
    result = _result(actor, reference)
    shown = _forms(result, actor)
    if request.method == "POST":
        name = request.POST.get("what", "")
        if name not in shown:
            messages.info(request, _("这条筛查结果有变化，请看现在的内容"))
            return _back(reference)
        form = type(shown[name])(request.POST)
        shown[name] = form
        if form.is_valid() and _carried_out(name, result, actor, form):
            messages.success(request, _("已保存"))
            return _back(reference)
    context = {
        "result": result,
        "case": result.case,
        "reasons": reasons_of(result),
        "links": links_of_result(result),
        "neighbours": neighbours(result, actor),
        "decision": getattr(result, "decision", None),
        "forms": shown,
        "bound": next((form for form in shown.values() if form.is_bound), None),
        "now": now(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compensation/screening.html", context, status=status)


def _result(actor: Actor, reference: str) -> ScreeningResult:
    """Return the newest result of a case, but one with an appeal first; 404 for none."""
    rows = ScreeningResult.objects.filter(
        case__in=visible_cases(actor).filter(reference=reference)
    ).select_related("case__consumer", "decision__decided_by", "decision__appeal_by")
    appealed = rows.filter(decision__appealed_at__isnull=False, decision__appeal_outcome="")
    found = appealed.order_by("-pk").first() or rows.filter(is_current=True).first()
    if found is None:
        raise Http404(reference)
    return found


def _forms(result: ScreeningResult, actor: Actor) -> dict[str, forms.Form]:
    decision = getattr(result, "decision", None)
    shown: dict[str, forms.Form] = {}
    if decision is not None and decision.awaits_appeal:
        if decision.decided_by_id != actor.person.pk:
            shown["answer"] = AppealAnswerForm()
    elif decision is None and result.band != ScreeningBand.NORMAL:
        shown["decide"] = ScreeningDecisionForm()
    shown["sign"] = SignForm()
    return shown


def _carried_out(name: str, result: ScreeningResult, actor: Actor, form: Any) -> bool:
    data = form.cleaned_data
    try:
        if name == "decide":
            decide_screening(result, by=actor, **data)
        elif name == "answer":
            answer_appeal(
                result.decision,
                by=actor,
                outcome=data["appeal_outcome"],
                words=data["appeal_words"],
            )
        else:
            establish_sign(result.case, by=actor, signal=data["signal"], reason=data["sign_reason"])
    except CaseError as error:
        add_case_error(form, error)
        return False
    return True


def _back(reference: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("compensation:screening", args=[reference]), status=303)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell the consumer what was decided about their material and why, and take their appeal."""
    case = consumer_case(request, reference)
    decision = adverse_decision(case)
    if decision is None:
        return HttpResponseRedirect(reverse("track:case", args=[case.reference]), status=303)
    form = ScreeningAppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            appeal_screening(decision, by=Actor.consumer(), text=form.cleaned_data["text"])
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("收到你的申诉，由另一位同事重新看"))
            return HttpResponseRedirect(
                reverse("compensation:screening_appeal", args=[case.reference]), status=303
            )
    context = {"case": case, "decision": decision, "form": form, "now": now()}
    status = 422 if request.method == "POST" else 200
    return render(request, "compensation/screening_appeal.html", context, status=status)
