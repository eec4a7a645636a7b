"""Staff pages of batch incidents: the list, and one incident with all that is done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from liability.forms.incidents import CloseForm, ConsentForm, DecisionForm, ResultForm, TaskForm
from liability.models import Incident
from liability.selectors.incidents import fault_name, incidents, members_of, tasks_of
from liability.services.incidents import (
    TaskData,
    add_incident_task,
    close_incident,
    decide_incident,
    finish_incident_task,
    record_incident_consent,
)

MOST_SHOWN = 200
FORMS: dict[str, type[forms.Form]] = {
    "decide": DecisionForm,
    "close": CloseForm,
    "task": TaskForm,
    "done": ResultForm,
    "consent": ConsentForm,
}


@login_required
@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """All incidents, those that wait for a decision first."""
    require_permission(current_user(request), Permission.VIEW_CASE)
    rows = [(each, fault_name(each.fault)) for each in incidents()[:MOST_SHOWN]]
    return render(request, "liability/incidents.html", {"rows": rows, "now": now()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """One incident: why it was raised, its cases, its tasks; deciding and carrying on."""
    actor = require_permission(current_user(request), Permission.VIEW_CASE)
    shown = incidents().filter(pk=incident_id).first()
    if shown is None:
        raise Http404(incident_id)
    if request.method != "POST":
        return _page(request, shown, actor)
    what = request.POST.get("what", "")
    if what not in FORMS:
        raise Http404(what)
    form = FORMS[what](request.POST)
    if form.is_valid():
        try:
            said = _ACTS[what](request, shown, actor, form.cleaned_data)
        except StepForbidden:
            raise
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, said)
            page = reverse("liability:incident", args=[shown.pk])
            return HttpResponseRedirect(page, status=303)
    return _page(request, shown, actor, bound=(what, form), status=422)


def _decide(_request: HttpRequest, shown: Incident, by: Actor, data: dict[str, Any]) -> str:
    confirmed = data["decision"] == "confirm"
    decide_incident(shown, confirmed=confirmed, reason=data["reason"], by=by)
    return _("已确认为批次事件") if confirmed else _("已排除")


def _close(_request: HttpRequest, shown: Incident, by: Actor, data: dict[str, Any]) -> str:
    close_incident(shown, reason=data["reason"], by=by)
    return _("事件已了结")


def _task(_request: HttpRequest, shown: Incident, by: Actor, data: dict[str, Any]) -> str:
    add_incident_task(shown, TaskData(**data), by=by)
    return _("任务已安排")


def _done(request: HttpRequest, shown: Incident, by: Actor, data: dict[str, Any]) -> str:
    task = next((t for t in tasks_of(shown) if str(t.pk) == request.POST.get("row")), None)
    if task is None:
        raise Http404
    finish_incident_task(task, result=data["result"], by=by)
    return _("任务已完成")


def _consent(request: HttpRequest, shown: Incident, by: Actor, data: dict[str, Any]) -> str:
    rows = members_of(shown, by)
    member = next((each for each in rows if str(each.pk) == request.POST.get("row")), None)
    if member is None:
        raise Http404
    given = data["given"] == "yes"
    record_incident_consent(member, given=given, source=data["source"], by=by)
    return _("已记下消费者的意见")


_ACTS: dict[str, Callable[[HttpRequest, Incident, Actor, dict[str, Any]], str]] = {
    "decide": _decide,
    "close": _close,
    "task": _task,
    "done": _done,
    "consent": _consent,
}


def _page(
    request: HttpRequest,
    shown: Incident,
    actor: Actor,
    *,
    bound: tuple[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    made = {f"{name}_form": form() for name, form in FORMS.items()}
    if bound:
        made[f"{bound[0]}_form"] = bound[1]
    members, tasks = list(members_of(shown, actor)[:MOST_SHOWN]), list(tasks_of(shown))
    context = {
        "incident": shown,
        "fault": fault_name(shown.fault),
        "members": members,
        "agreed": sum(member.consent is True for member in members),
        "tasks": tasks,
        "done": sum(task.done_at is not None for task in tasks),
        "today": timezone.localdate(now()),
        "may_act": has_permission(actor, Permission.INVESTIGATE),
        "me": actor.user,
        "bound_form": bound[1] if bound else None,
        "bound_row": request.POST.get("row", ""),
        "now": now(),
    }
    return render(request, "liability/incident.html", context | made, status=status)
