"""Staff pages of a common remedy: writing it, approving it, offering it, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import current_user
from compensation.forms.remedy import (
    RemedyDecisionForm,
    RemedyForm,
    RemedySendForm,
    remedy_initial,
)
from compensation.models import CommonRemedy
from compensation.remedies import from_json
from compensation.selectors.cards import drafted_cards
from compensation.selectors.plans import authority_of
from compensation.selectors.remedies import (
    READY,
    counted,
    last_remedy,
    progress_of,
    remedy_in_force,
)
from compensation.services.remedies import (
    decide_remedy,
    highest_cost_of,
    send_remedy,
    write_remedy,
)
from compensation.states import RemedyStatus
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.forms import add_case_error
from complaints.numbers import whole_number
from complaints.permissions import Permission, has_permission
from liability.models import Incident
from liability.selectors.incidents import fault_name, incidents

MOST_SHOWN = 200
MOST_REFUSALS_TOLD = 5
FORMS: dict[str, type[forms.Form]] = {"decide": RemedyDecisionForm, "send": RemedySendForm}


def _found(request: HttpRequest, incident_id: int) -> tuple[Incident, Actor]:
    actor = require_permission(current_user(request), Permission.VIEW_CASE)
    found = incidents().filter(pk=incident_id).first()
    if found is None:
        raise Http404(incident_id)
    return found, actor


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remedy(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The remedy of an incident: deciding about it, offering it, and each consumer's answer."""
    found, actor = _found(request, incident_id)
    if request.method != "POST":
        return _page(request, found, actor)
    what = request.POST.get("what", "")
    if what not in FORMS:
        raise Http404(what)
    form = FORMS[what](request.POST)
    if form.is_valid():
        try:
            _ACTS[what](request, found, actor, form.cleaned_data)
        except StepForbidden:
            raise
        except CaseError as error:
            add_case_error(form, error)
        else:
            return _to(found)
    return _page(request, found, actor, bound=(what, form), status=422)


def _to(found: Incident) -> HttpResponse:
    return HttpResponseRedirect(reverse("compensation:remedy", args=[found.pk]), status=303)


def _decide(request: HttpRequest, found: Incident, by: Actor, data: dict[str, Any]) -> None:
    waiting = last_remedy(found)
    if waiting is None or str(waiting.version) != request.POST.get("version"):
        raise CaseError(_("有人刚刚写了新的一版。看看最新的内容，再决定。"))
    approve = data["decision"] == "approve"
    decide_remedy(waiting, approve=approve, note=data["reason"], by=by)
    messages.success(request, _("统一方案已批准") if approve else _("统一方案已退回"))


def _send(request: HttpRequest, found: Incident, by: Actor, data: dict[str, Any]) -> None:
    in_force = remedy_in_force(found)
    if in_force is None or str(in_force.version) != request.POST.get("version"):
        raise CaseError(_("有人刚刚写了新的一版。看看最新的内容，再决定。"))
    sent = send_remedy(in_force, by=by, valid_days=data["valid_days"])
    count = len(sent.cases)
    messages.success(request, _("已发给 %(count)d 位消费者，由他们各自选择") % {"count": count})
    for case, reason in sent.refused[:MOST_REFUSALS_TOLD]:
        words = _("%(case)s 没有发出：%(reason)s") % {"case": case.reference, "reason": reason}
        messages.warning(request, words)
    hidden = len(sent.refused) - MOST_REFUSALS_TOLD
    if hidden > 0:
        messages.warning(request, _("还有 %(count)d 件没有发出。") % {"count": hidden})
    if sent.left:
        messages.info(request, _("还有 %(count)d 件可以发出，请再按一次。") % {"count": sent.left})


_ACTS: dict[str, Callable[[HttpRequest, Incident, Actor, dict[str, Any]], None]] = {
    "decide": _decide,
    "send": _send,
}


def _page(
    request: HttpRequest,
    found: Incident,
    actor: Actor,
    *,
    bound: tuple[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    made: dict[str, Any] = {f"{name}_form": form() for name, form in FORMS.items()}
    if bound:
        made[f"{bound[0]}_form"] = bound[1]
    newest, in_force = last_remedy(found), remedy_in_force(found)
    rows = progress_of(found, actor)
    running = found.state == "confirmed"
    waiting = newest if newest and newest.status == RemedyStatus.PENDING else None
    planner = running and has_permission(actor, Permission.PLAN_COMPENSATION)
    context = {
        "incident": found,
        "fault": fault_name(found.fault),
        "waiting": _shown(waiting),
        "returned": newest if newest and newest.status == RemedyStatus.RETURNED else None,
        "in_force": _shown(in_force),
        "rows": rows[:MOST_SHOWN],
        "counts": counted(rows),
        "ready": sum(row.state == READY for row in rows),
        "may_write": planner,
        "may_send": planner and in_force is not None and in_force.decided_by != actor.user,
        "obstacle": _obstacle(waiting, actor) if running else "",
        "may_decide": running and waiting is not None and not _obstacle(waiting, actor),
        "bound_form": bound[1] if bound else None,
    }
    return render(request, "compensation/remedy.html", context | made, status=status)


def _shown(version: CommonRemedy | None) -> dict[str, Any] | None:
    if version is None:
        return None
    terms = from_json(version.terms)
    return {"row": version, "terms": terms, "cards": drafted_cards(terms.plan.options)}


def _obstacle(waiting: CommonRemedy | None, actor: Actor) -> str:
    """Say why somebody can't decide about the version that waits; "" when they can."""
    if waiting is None:
        return ""
    if waiting.made_by == actor.user:
        return _("这一版是你写的，要由另一位同事审批。")
    if not has_permission(actor, Permission.APPROVE_PLAN):
        return _("等有审批权的同事审批。")
    cost = highest_cost_of(from_json(waiting.terms))
    if not authority_of(actor, currency=waiting.currency).covers(cost):
        return _("金额超过你的审批额度。")
    return ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remedy_edit(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Write a new version of the remedy, beginning with the newest."""
    found, actor = _found(request, incident_id)
    if not has_permission(actor, Permission.PLAN_COMPENSATION):
        raise StepForbidden(_("你的角色不能拟定补偿方案。"))
    newest = last_remedy(found)
    if request.method != "POST":
        seen = newest.version if newest else 0
        return _form_page(request, found, RemedyForm(initial=remedy_initial(newest)), seen=seen)
    form, seen = RemedyForm(request.POST), whole_number(request.POST.get("seen", ""), 0)
    status = 422
    if form.is_valid():
        try:
            write_remedy(found, form.terms(), by=actor, seen=seen)
        except StepForbidden:
            raise
        except CaseError as error:
            add_case_error(form, error)
            if isinstance(error, DraftChanged):
                status, seen = 409, newest.version if newest else 0
        else:
            messages.success(request, _("统一方案已送审批"))
            return _to(found)
    return _form_page(request, found, form, seen=seen, status=status)


def _form_page(
    request: HttpRequest, found: Incident, form: RemedyForm, *, seen: int, status: int = 200
) -> HttpResponse:
    context = {
        "incident": found,
        "fault": fault_name(found.fault),
        "form": form,
        "seen": seen,
        "running": found.state == "confirmed",
    }
    return render(request, "compensation/remedy_edit.html", context, status=status)
