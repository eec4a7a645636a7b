"""One list for approvers: what, how much, on what ground, by whom; opened and decided in place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from compensation.forms import DecisionForm
from compensation.models import CompensationPlan
from compensation.selectors.checks import shown_checks
from compensation.selectors.pages import cards_of
from compensation.selectors.plans import (
    Deciders,
    deciders_today,
    decides_today,
    highest_cost,
    makers_of,
    plans_to_approve,
)
from compensation.services.approving import approve_plan, return_plan
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.forms import add_case_error
from complaints.moments import now


def _approver(request: HttpRequest) -> Actor:
    actor = Actor.staff(current_user(request))
    if not decides_today(actor):
        raise StepForbidden(_("你的角色不能审批方案。"))
    return actor


@login_required
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """List the plans that wait for approval, the longest waiting first."""
    return _page(request, _approver(request))


@login_required
@require_POST
def decide(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Approve a plan or give it back."""
    actor = _approver(request)
    plan = plans_to_approve().filter(pk=plan_id).first()
    if plan is None:
        messages.info(request, _("这个方案已经有人处理了"))
        return HttpResponseRedirect(reverse("approvals"), status=303)
    form = DecisionForm(request.POST, prefix=f"plan{plan.pk}")
    if not form.is_valid():
        return _page(request, actor, opened=plan, form=form, status=422)
    try:
        _carry_out(plan, actor, form.cleaned_data)
    except CaseError as error:
        add_case_error(form, error)
        status = 409 if isinstance(error, StaleCase) else 422
        return _page(request, actor, opened=plan, form=form, status=status)
    approved = form.cleaned_data["decision"] == DecisionForm.APPROVE
    messages.success(request, _("已批准") if approved else _("已退回"))
    return HttpResponseRedirect(reverse("approvals"), status=303)


def _carry_out(plan: CompensationPlan, actor: Actor, data: dict[str, Any]) -> None:
    if data["decision"] == DecisionForm.APPROVE:
        approve_plan(plan.case, by=actor, plan=plan, note=data["reason"], seen=data["seen"])
    elif data["decision"] == DecisionForm.RETURN:
        return_plan(plan.case, by=actor, plan=plan, reason=data["reason"], seen=data["seen"])
    else:
        raise Http404(data["decision"])


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    opened: CompensationPlan | None = None,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    plans, deciders = list(plans_to_approve()), deciders_today()
    entries = []
    for plan in plans:
        is_open = opened is not None and plan.pk == opened.pk
        shown = form if is_open and form is not None else DecisionForm(prefix=f"plan{plan.pk}")
        entries.append({**_entry(plan, actor, deciders), "form": shown, "open": is_open})
    context = {"entries": entries, "form": form, "now": now()}
    return render(request, "compensation/approvals.html", context, status=status)


def _entry(plan: CompensationPlan, actor: Actor, deciders: Deciders) -> dict[str, Any]:
    user = actor.user
    place = deciders.standing(user, plan, severity=plan.case.severity) if user is not None else None
    cost = highest_cost(plan)
    reason = ""
    if user is not None and user.pk in makers_of(plan):
        reason = _("你参与了拟定，要由另一位同事审批")
    elif place is None:
        reason = _("你代理的同事参与了拟定，要由别的同事审批。")
    else:
        authority = place.authority(plan, severity=plan.case.severity)
        if not authority.covers(cost):
            reason = _("金额超过你的审批额度")
        elif not authority.covers(cost, plan.deviation):
            reason = _("偏离公司标准太多，要由额度更高的同事审批。")
    return {
        "plan": plan,
        "case": plan.case,
        "cards": cards_of(plan),
        "cost": cost,
        "checks": shown_checks(plan),
        "principal": place.principal if place is not None else None,
        "delegation": place.delegation if place is not None else None,
        "reason": reason,
    }
