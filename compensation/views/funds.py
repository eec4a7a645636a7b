"""Funds: balances, movements, allotting, recovery, closing a month, and the journal as a file."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from compensation.forms.funds import AllotForm, CloseForm, FundForm, RecoverForm
from compensation.models import Fund
from compensation.selectors.funds import closed_months, funds_with_sums, movements, sums_of
from compensation.services.funds import allot, close_month, open_fund, recover
from compensation.services.journal import journal_csv
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission, has_permission

PAGE = 50


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def funds(request: HttpRequest) -> HttpResponse:
    """List the funds with what is allotted, free, reserved, committed and paid; open a new one."""
    actor = require_permission(current_user(request), Permission.VIEW_FUNDS)
    form = FundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_fund(by=actor, **form.cleaned_data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("资金已建立，接着拨入预算"))
            return _to(made)
    context = {
        "rows": [{"fund": each, "sums": sums} for each, sums in funds_with_sums()],
        "form": form if has_permission(actor, Permission.MANAGE_FUNDS) else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compensation/funds.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fund(request: HttpRequest, fund_id: int) -> HttpResponse:
    """Show a fund's balances and movements, and take an allotment, a recovery or a close."""
    actor = require_permission(current_user(request), Permission.VIEW_FUNDS)
    found = get_object_or_404(Fund, pk=fund_id)
    shown = _forms(found, actor)
    name = request.POST.get("what", "")
    if request.method == "POST" and name in shown:
        shown[name] = form = _form(name, found, request.POST)
        if form.is_valid() and _carried_out(name, found, actor, form):
            messages.success(request, _("已登记"))
            return _to(found)
    page = Paginator(movements(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "fund": found,
        "sums": sums_of(found),
        "page": page,
        "closes": list(closed_months(found)),
        "forms": shown,
        "bound": next((form for form in shown.values() if form.is_bound), None),
        "now": now(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compensation/fund.html", context, status=status)


def _forms(found: Fund, actor: Actor) -> dict[str, forms.Form]:
    if not has_permission(actor, Permission.MANAGE_FUNDS):
        return {}
    return {name: _form(name, found, None) for name in ("allot", "recover", "close")}


def _form(name: str, found: Fund, data: Any) -> forms.Form:
    initial = {"key": uuid4().hex}
    if name == "allot":
        return AllotForm(data, initial=initial, prefix="allot")
    if name == "recover":
        return RecoverForm(data, initial=initial, prefix="recover", fund=found)
    return CloseForm(data, prefix="close")


def _carried_out(name: str, found: Fund, actor: Actor, form: Any) -> bool:
    data = form.cleaned_data
    try:
        if name == "allot":
            allot(found, by=actor, **data)
        elif name == "recover":
            recover(data.pop("hold"), by=actor, **data)
        else:
            close_month(found, by=actor, month=data["month"])
    except CaseError as error:
        add_case_error(form, error)
        return False
    return True


def _to(found: Fund) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("compensation:fund", args=[found.pk]), status=303)


@login_required
@require_safe
def journal(request: HttpRequest, fund_id: int) -> StreamingHttpResponse:
    """Stream a fund's journal, of one month where the address names one (month=2026-10)."""
    require_permission(current_user(request), Permission.VIEW_FUNDS)
    found = get_object_or_404(Fund, pk=fund_id)
    month = _month(request.GET.get("month", ""))
    response = StreamingHttpResponse(
        journal_csv(found, month=month), content_type="text/csv; charset=utf-8"
    )
    name = f"fund-{found.pk}-{f'{month:%Y-%m}' if month else 'all'}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _month(text: str) -> date | None:
    try:
        return parse_date(f"{text}-01")
    except ValueError:
        return None
