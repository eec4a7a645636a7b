"""Instant offers for staff: what was approved beforehand, and the samples that people look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from compensation.forms.instant import EndForm, StandingForm, VerdictForm
from compensation.models import StandingApproval
from compensation.selectors.instant import (
    instant_offers,
    sample_figures,
    samples,
    shown_instant,
    standing_approvals,
)
from compensation.services.instant import review_instant
from compensation.services.standing import (
    StandingData,
    approve_standing,
    end_standing,
    propose_standing,
)
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.taxonomy import category_choices

PAGE = 50


def _to(name: str, *args: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"compensation:{name}", args=args), status=303)


@login_required
@never_cache
@require_safe
def instant_list(request: HttpRequest) -> HttpResponse:
    """List the instant offers that nobody has looked at, or those that somebody has."""
    actor = require_permission(current_user(request), Permission.VIEW_INSTANT)
    seen = request.GET.get("show") == "seen"
    page = Paginator(samples(actor, seen=seen), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "seen": seen, "figures": sample_figures(), "now": now()}
    return render(request, "compensation/instant_list.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def instant_sample(request: HttpRequest, instant_id: int) -> HttpResponse:
    """Show one instant offer as the consumer saw it, and take a person's verdict."""
    actor = require_permission(current_user(request), Permission.VIEW_INSTANT)
    found = get_object_or_404(instant_offers(actor), pk=instant_id)
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            review_instant(found, by=actor, **form.cleaned_data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已保存"))
            return _to("instant_list")
    may = has_permission(actor, Permission.APPROVE_PLAN)
    context = {
        "sample": found,
        "case": found.case,
        "panel": shown_instant(found),
        "form": form if may and not found.verdict else None,
        "own": found.approved_by_id == actor.person.pk,
        "now": now(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "compensation/instant_sample.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest) -> HttpResponse:
    """List what was approved beforehand, and take a new proposal."""
    actor = require_permission(current_user(request), Permission.VIEW_INSTANT)
    form = StandingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            propose_standing(StandingData(**form.cleaned_data), by=actor)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已提出，要由另一位同事批准"))
            return _to("standing")
    return _standing_page(request, actor, form)


def _standing_page(
    request: HttpRequest, actor: Actor, form: forms.Form, *, status: int | None = None
) -> HttpResponse:
    names = dict(category_choices())
    may_approve = has_permission(actor, Permission.APPROVE_STANDING)
    rows = [
        {
            "row": row,
            "categories": [names.get(code, code) for code in row.categories],
            "may_approve": may_approve and row.approved_by_id is None and row.ended_at is None,
            "own": row.made_by_id == actor.person.pk,
            "may_end": may_approve and row.ended_at is None,
        }
        for row in standing_approvals()
    ]
    may_propose = has_permission(actor, Permission.PLAN_COMPENSATION)
    context = {"rows": rows, "form": form if may_propose else None, "now": now()}
    default = 422 if form.is_bound else 200
    return render(request, "compensation/standing.html", context, status=status or default)


@login_required
@require_POST
def decide_standing(request: HttpRequest, standing_id: int) -> HttpResponse:
    """Approve a proposal, or end what was approved, with the reason."""
    actor = require_permission(current_user(request), Permission.VIEW_INSTANT)
    found = get_object_or_404(StandingApproval, pk=standing_id)
    try:
        if "approve" in request.POST:
            approve_standing(found, by=actor)
        else:
            form = EndForm(request.POST)
            reason = form.cleaned_data["end_reason"] if form.is_valid() else ""
            end_standing(found, by=actor, reason=reason)
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已保存"))
    return _to("standing")
