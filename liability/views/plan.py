"""The plan of an investigation on one page: what to find out, who was asked, what was looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar
from complaints.states import Stage
from liability.forms.plan import ItemForm
from liability.selectors.consulting import consults_of
from liability.selectors.facts import current_investigation, statements_of
from liability.selectors.inspecting import inspections_of
from liability.selectors.planning import plan_of
from liability.services.planning import add_item, tick_item
from liability.states import INSIDE, OUTSIDE, Addressee
from liability.views.parts import InvestigatingAction, to_plan


@login_required
@require_safe
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the plan, the consult tasks and the inspections of a case."""
    user = current_user(request)
    case = get_case(user, reference, Permission.VIEW_CASE)
    actor = Actor.staff(user)
    working = case.stage == Stage.INVESTIGATING and (
        has_permission(actor, Permission.INVESTIGATE)
        or has_permission(actor, Permission.HANDLE_CASE)
    )
    items = list(plan_of(case))
    context = {
        "case": case,
        "now": now(),
        "investigation": current_investigation(case),
        "items": items,
        "done_count": sum(item.done_at is not None for item in items),
        "consults": list(consults_of(case)),
        "inspections": list(inspections_of(case)),
        "statements": list(statements_of(case)),
        "working": working,
        "consulted": INSIDE | OUTSIDE,
        "inspected": Addressee.TECHNICIAN,
        "today": working_calendar().local_date(now()),
    }
    return render(request, "liability/plan.html", context)


@login_required
@require_POST
def plan_tick(request: HttpRequest, reference: str, item_id: int) -> HttpResponse:
    """Tick a line of the plan off, or take the tick back."""
    user = current_user(request)
    case = get_case(user, reference, Permission.VIEW_CASE)
    item = plan_of(case).filter(pk=item_id).first()
    if item is None:
        raise Http404(item_id)
    try:
        tick_item(case, item, by=Actor.staff(user), done=request.POST.get("done") == "1")
    except CaseError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("计划已更新"))
    return to_plan(case)


class AddItem(InvestigatingAction):
    """Add a line to the plan."""

    form_class = ItemForm
    title = gettext_lazy("加一条计划")
    submit = gettext_lazy("加到计划里")
    done = gettext_lazy("计划已更新")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        add_item(case, by=actor, **data)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return ItemForm(**{name: value for name, value in kwargs.items() if name != "files"})
