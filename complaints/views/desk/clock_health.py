"""How the clocks are kept: sweeping processes, incidents, and timers that were put aside."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.permissions import Permission, has_permission
from complaints.selectors.due_timers import quarantined_timers
from complaints.selectors.heartbeat import (
    clock_health,
    latest_incidents,
    sweepers,
    trouble_counts,
)
from complaints.services.quarantine import rearm_timer

MOST_SHOWN = 100


def _keeper(request: HttpRequest) -> Actor:
    actor = Actor.staff(current_user(request))
    if not has_permission(actor, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("只有主管和管理员能看时限运行情况。"))
    return actor


@login_required
@never_cache
@require_safe
def clock_health_page(request: HttpRequest) -> HttpResponse:
    """Show who sweeps, what went wrong, and what waits for a person."""
    _keeper(request)
    health = clock_health()
    context = {
        "now": health.moment,
        "health": health,
        "counts": trouble_counts(),
        "timers": quarantined_timers()[:MOST_SHOWN],
        "sweepers": sweepers(),
        "incidents": latest_incidents(),
    }
    return render(request, "complaints/desk/clock_health.html", context)


@login_required
@require_POST
def timer_rearm(request: HttpRequest, timer_id: int) -> HttpResponse:
    """Let a timer that was put aside be tried again."""
    actor = _keeper(request)
    try:
        rearm_timer(timer_id, by=actor)
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已重新启用，下一次巡检时执行"))
    return HttpResponseRedirect(reverse("complaints:clock_health"), status=303)
