"""How long cases are kept, which may not be erased, and one case's own standing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import get_case, require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.numbers import number_seen
from complaints.permissions import Permission, has_permission
from complaints.views.desk.actions import CaseAction
from reviews.forms.keeping import HoldForm, ReasonForm, RuleForm
from reviews.models import RetentionRule
from reviews.selectors.erasure import holds_listed, one_hold, runs_listed
from reviews.selectors.retention import rule_history, rules_now, standing_of, today
from reviews.services.holding import lift_hold, place_hold
from reviews.services.keeping_rules import RuleData, save_rule
from reviews.states import OPEN_RUNS, KeptClass

PAGE = 50


@login_required
@never_cache
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The periods in force, and where erasing stands."""
    require_permission(current_user(request), Permission.MANAGE_RETENTION)
    in_force = rules_now()
    newest = {code: next(iter(rule_history(code)), None) for code in KeptClass.values}
    rows = [
        {
            "code": code,
            "label": label,
            "rule": in_force.get(code),
            "coming": _coming(newest[code], in_force.get(code)),
        }
        for code, label in KeptClass.choices
    ]
    context = {
        "rows": rows,
        "holds": holds_listed(ended=False).count(),
        "run": runs_listed().filter(state__in=OPEN_RUNS).first(),
        "now": now(),
    }
    return render(request, "reviews/archive.html", context)


def _coming(newest: RetentionRule | None, current: RetentionRule | None) -> RetentionRule | None:
    begins_later = newest is not None and newest.effective_from > today()
    return newest if begins_later and newest != current else None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, kept_class: str) -> HttpResponse:
    """One class: its versions, and the form for the next one."""
    actor = require_permission(current_user(request), Permission.MANAGE_RETENTION)
    if kept_class not in KeptClass.values:
        raise Http404(kept_class)
    versions = rule_history(kept_class)
    form = RuleForm(request.POST or None, initial=_next_of(versions))
    if form.is_bound and form.is_valid():
        seen = number_seen(request.POST)
        try:
            save_rule(kept_class, RuleData(**form.cleaned_data), by=actor, seen=seen)
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            messages.success(request, _("已保存"))
            return HttpResponseRedirect(reverse("reviews:archive"), status=303)
    context = {
        "form": form,
        "versions": versions,
        "label": KeptClass(kept_class).label,
        "seen": versions[0].version if versions else 0,
    }
    return render(request, "reviews/keeping_rule.html", context, status=422 if form.errors else 200)


def _next_of(versions: list[RetentionRule]) -> dict[str, Any]:
    """Begin the form with what is said now, from today on, without a reason."""
    if not versions:
        return {"effective_from": today(), "active": True}
    last = versions[0]
    data = RuleData(
        months=last.months,
        counts_from=last.counts_from,
        kept_by=last.kept_by,
        source=last.source,
        source_en=last.source_en,
        verified=last.verified,
        active=last.active,
        effective_from=today(),
        reason="",
    )
    return asdict(data)


@login_required
@never_cache
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """All holds that stand, or those that ended."""
    user = current_user(request)
    require_permission(user, Permission.PLACE_HOLD)
    ended = request.GET.get("ended") == "1"
    page = Paginator(holds_listed(ended=ended), PAGE).get_page(request.GET.get("page"))
    may_lift = has_permission(Actor.staff(user), Permission.MANAGE_RETENTION)
    context = {"page": page, "ended": ended, "may_lift": may_lift, "now": now()}
    return render(request, "reviews/holds.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: HttpRequest, hold_id: int) -> HttpResponse:
    """End a hold with a reason."""
    user = current_user(request)
    actor = require_permission(user, Permission.MANAGE_RETENTION)
    hold = one_hold(hold_id)
    get_case(user, hold.case.reference)
    form = ReasonForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            lift_hold(hold, by=actor, reason=form.cleaned_data["reason"])
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            messages.success(request, _("已解除保全"))
            return HttpResponseRedirect(
                reverse("reviews:keeping", args=[hold.case.reference]), status=303
            )
    own = hold.placed_by_id == user.pk
    context = {"hold": hold, "case": hold.case, "form": form, "own": own, "now": now()}
    return render(request, "reviews/lift.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def keeping(request: HttpRequest, reference: str) -> HttpResponse:
    """One case: its classes, when it may be erased, what holds it. htmx gets the part alone."""
    user = current_user(request)
    case, actor = get_case(user, reference), Actor.staff(user)
    standing, rules = standing_of(case), rules_now()
    context = {
        "case": case,
        "standing": standing,
        "lines": [{"term": term, "rule": rules[term.period.code]} for term in standing.terms],
        "ended": holds_listed(ended=True).filter(case=case),
        "may_hold": has_permission(actor, Permission.PLACE_HOLD),
        "may_lift": has_permission(actor, Permission.MANAGE_RETENTION),
        "now": now(),
    }
    part = "#part" if request.headers.get("HX-Request") else ""
    return render(request, f"reviews/keeping.html{part}", context)


class PlaceHold(CaseAction):
    """Keep a case from being erased."""

    form_class = HoldForm
    permission = Permission.PLACE_HOLD
    title = gettext_lazy("设置保全")
    lead = gettext_lazy("有保全的案件，保存期限过了也不清除。解除要由另一个人写明理由。")
    submit = gettext_lazy("设置保全")
    done = gettext_lazy("已设置保全")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        place_hold(case, by=actor, seen=seen, **data)
