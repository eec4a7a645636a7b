"""Who else is at a case, asked every few seconds by its pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.access import get_case
from complaints.services.presence import LOOKING, be_present


@login_required
@never_cache
@require_safe
def here(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer with who else looks at a case or writes in it."""
    user = current_user(request)
    case = get_case(user, reference)
    others = be_present(case, user, doing=request.GET.get("doing", LOOKING))
    context = {
        "case": case,
        "busy": [each for each in others if each.doing != LOOKING],
        "watching": [each for each in others if each.doing == LOOKING],
    }
    return render(request, "desk/_presence.html", context)
