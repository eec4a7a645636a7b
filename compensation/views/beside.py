"""What stands beside a case and is fetched after its page: screening, care, an instant offer."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_user
from compensation.selectors.care import care_summary, causes_of
from compensation.selectors.instant import instant_of
from compensation.selectors.screening import current_result, neighbours, reasons_of
from complaints.access import get_case
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission


@login_required
@never_cache
@require_safe
def beside(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer htmx with the part of the page; anybody else with a page of its own."""
    user = current_user(request)
    case, actor = get_case(user, reference), Actor.staff(user)
    context: dict[str, Any] = {"case": case, "now": now(), **_screening(case, actor)}
    if has_permission(actor, Permission.VIEW_CUSTOMER):
        care = care_summary(case)
        context["care"] = {**care, "asked": not care["tasks"] and bool(causes_of(case))}
    if has_permission(actor, Permission.VIEW_INSTANT):
        context["instant"] = instant_of(case)
    part = "#part" if request.headers.get("HX-Request") else ""
    return render(request, f"compensation/beside.html{part}", context)


def _screening(case: Case, actor: Actor) -> dict[str, Any]:
    if not has_permission(actor, Permission.SCREEN_CLAIMS):
        return {}
    result = current_result(case)
    if result is None:
        return {"screening": None, "may_screen": True}
    return {
        "screening": result,
        "reasons": reasons_of(result),
        "connected": neighbours(result, actor)[:5],
        "may_screen": True,
    }
