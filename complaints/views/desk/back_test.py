"""A back-test from a page: what would a policy have meant for a company's own history?"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.backtest import LogRefused, PolicyRefused, Report
from complaints.backtest.tables import as_of_text, clock_tables
from complaints.forms.back_test import BackTestForm
from complaints.permissions import Permission
from complaints.services.back_test import keep_answer, kept_answer, replay_upload


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def back_test(request: HttpRequest) -> HttpResponse:
    """Ask for a log and a policy; replay them, and show totals, groups and the latest cases."""
    user = current_user(request)
    require_permission(user, Permission.MANAGE_POLICIES)
    if request.method != "POST":
        chosen = request.GET.get("policy", "")
        form = BackTestForm(initial={"clock_policy": chosen if chosen.isdecimal() else None})
        return render(request, "complaints/desk/back_test.html", {"form": form})
    form = BackTestForm(request.POST, request.FILES)
    context: dict[str, Any] = {"form": form}
    report = _replayed(form) if form.is_valid() else None
    if report is not None:
        context |= {"report": report, "as_of": as_of_text(report), "clocks": clock_tables(report)}
        context["token"] = keep_answer(report, user=user)
    status = 200 if report else 422
    return render(request, "complaints/desk/back_test.html", context, status=status)


def _replayed(form: BackTestForm) -> Report | None:
    try:
        return replay_upload(form.cleaned_data["log"], form.policy)
    except LogRefused as refusal:
        for fault in refusal.faults:
            form.add_error("log", str(fault))
    except PolicyRefused as refusal:
        form.add_error("rule" if form.cleaned_data.get("rule") else None, str(refusal))
    return None


@login_required
@never_cache
@require_safe
def back_test_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Give a finished back-test as JSON to the one who ran it, for an hour."""
    user = current_user(request)
    require_permission(user, Permission.MANAGE_POLICIES)
    raw = kept_answer(token, user=user)
    if raw is None:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="back-test.json"'}
    return HttpResponse(raw, content_type="application/json", headers=headers)
