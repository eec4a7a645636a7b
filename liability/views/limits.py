"""The limits over which another person approves a finding: seen and changed by managers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.errors import CaseError, StaleCase
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission
from liability.forms.approval import LimitForm
from liability.models import FindingLimit
from liability.selectors.approval import limit_words, limits
from liability.services.limits import set_limit


@login_required
@require_safe
def limit_list(request: HttpRequest) -> HttpResponse:
    """Every limit, in words, with its changes."""
    require_permission(current_user(request), Permission.MANAGE_POLICIES)
    rows = [
        {
            "limit": limit,
            "words": limit_words(limit),
            "changes": [
                {"change": change, "words": limit_words(change)} for change in limit.changes.all()
            ],
        }
        for limit in limits()
    ]
    return render(request, "liability/limits.html", {"rows": rows, "now": now()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def limit_edit(request: HttpRequest, limit_id: int = 0) -> HttpResponse:
    """Add a limit, or change one, with the reason."""
    actor = require_permission(current_user(request), Permission.MANAGE_POLICIES)
    limit = limits().filter(pk=limit_id).first() if limit_id else None
    if limit_id and limit is None:
        raise Http404(limit_id)
    form = LimitForm(request.POST if request.method == "POST" else None, initial=_initial(limit))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                set_limit(
                    limit,
                    by=actor,
                    data=form.limit_data(),
                    reason=data["reason"],
                    seen=data["seen"] or 0,
                )
            except StaleCase as stale:
                form.add_error(None, str(stale))
                status = 409
            except CaseError as refusal:
                add_case_error(form, refusal)
            else:
                messages.success(request, _("限额已保存，之后提交的认定按新的来"))
                return HttpResponseRedirect(reverse("liability:limits"), status=303)
    context = {"form": form, "limit": limit, "words": limit_words(limit) if limit else ""}
    return render(request, "liability/limit.html", context, status=status)


def _initial(limit: FindingLimit | None) -> dict[str, Any]:
    if limit is None:
        return {}
    return {
        "severity": limit.severity,
        "outcome": limit.outcome,
        "amount_over": limit.amount_over,
        "is_active": limit.is_active,
        "seen": len(limit.changes.all()),
    }
