"""Recourse on the desk: the list with net costs, one claim, and insurance policies."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.policies import working_calendar
from liability.forms.recourse import CloseForm, EntryForm, PolicyForm, RecoveryForm, ReopenForm
from liability.selectors.recourse import (
    ClaimLine,
    may_open,
    net_costs,
    one_claim,
    open_claims_list,
    paid_after_the_end,
)
from liability.selectors.recourse import policies as all_policies
from liability.services.recourse import add_entry, close_claim, record_recovery, reopen_claim

GROUPS = [
    ("case", gettext_lazy("按案件")),
    ("batch", gettext_lazy("按批次")),
    ("supplier", gettext_lazy("按供货者")),
]
FORMS: dict[str, Any] = {
    "entry": EntryForm,
    "recovery": RecoveryForm,
    "close": CloseForm,
    "reopen": ReopenForm,
}


@login_required
@require_safe
def recourse(request: HttpRequest) -> HttpResponse:
    """List the claims that are not ended, and what cases, batches or suppliers cost net."""
    actor = require_permission(current_user(request), Permission.MANAGE_RECOURSE)
    by = request.GET.get("by", "case")
    names = dict(GROUPS)
    by = by if by in names else "case"
    context = {
        "lines": open_claims_list(actor),
        "paid_later": paid_after_the_end(actor),
        "today": working_calendar().local_date(now()),
        "groups": GROUPS,
        "by": by,
        "group": names[by],
        "costs": net_costs(actor, by),
    }
    return render(request, "liability/recourse.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, recourse_id: int) -> HttpResponse:
    """Show one claim; record what was said, what came back, or its end."""
    actor = require_permission(current_user(request), Permission.MANAGE_RECOURSE)
    line = one_claim(actor, recourse_id)
    if line is None:
        raise Http404(recourse_id)
    if request.method != "POST":
        return _claim_page(request, line)
    what = request.POST.get("do", "")
    if what not in FORMS:
        raise Http404(what)
    form = FORMS[what](request.POST)
    if not form.is_valid():
        return _claim_page(request, line, {what: form})
    try:
        done = _carry_out(what, line, actor, form.cleaned_data)
    except CaseError as error:
        add_case_error(form, error)
        return _claim_page(request, line, {what: form})
    messages.success(request, done)
    return HttpResponseRedirect(reverse("liability:claim", args=[recourse_id]), status=303)


def _carry_out(what: str, line: ClaimLine, actor: Actor, data: dict[str, Any]) -> str:
    if what == "entry":
        add_entry(line.claim, by=actor, **data)
        return _("已登记")
    if what == "recovery":
        record_recovery(line.claim, by=actor, **data)
        return _("到账已登记")
    if what == "reopen":
        reopen_claim(line.claim, by=actor, **data)
        return _("追偿已重新开始")
    close_claim(line.claim, by=actor, **data)
    return _("追偿已结束")


def _claim_page(
    request: HttpRequest, line: ClaimLine, bound: dict[str, Any] | None = None
) -> HttpResponse:
    given = bound or {}
    fresh = {"key": uuid4().hex, "received_on": working_calendar().local_date(now())}
    context = {
        "line": line,
        "claim": line.claim,
        "case": line.claim.case,
        "opens_case": may_open(Actor.staff(current_user(request)), line.claim.case),
        "entries": line.claim.entries.select_related("recorded_by").order_by("pk"),
        "recoveries": line.claim.recoveries.select_related("recorded_by").order_by("pk"),
        "entry_form": given.get("entry") or EntryForm(),
        "recovery_form": given.get("recovery") or RecoveryForm(initial=fresh),
        "close_form": given.get("close") or CloseForm(),
        "reopen_form": given.get("reopen") or ReopenForm(),
    }
    return render(request, "liability/claim.html", context, status=422 if given else 200)


@login_required
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """List the product-liability policies."""
    require_permission(current_user(request), Permission.MANAGE_RECOURSE)
    context = {"policies": list(all_policies())}
    return render(request, "liability/policies.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request: HttpRequest, policy_id: int | None = None) -> HttpResponse:
    """Add a policy, or change one."""
    require_permission(current_user(request), Permission.MANAGE_RECOURSE)
    found = get_object_or_404(all_policies(), pk=policy_id) if policy_id else None
    form = PolicyForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("保单已保存"))
        return HttpResponseRedirect(reverse("liability:policies"), status=303)
    status = 422 if form.is_bound else 200
    return render(request, "liability/policy.html", {"form": form, "policy": found}, status=status)
