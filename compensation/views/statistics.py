"""The table of figures by region: read, added to, checked by another person, withdrawn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user
from compensation.forms.statistics import StatisticForm
from compensation.models import RegionalStatistic
from compensation.regions import Region
from compensation.selectors.statistics import table_of, withdrawn_statistics
from compensation.services.statistics import check_statistic, enter_statistic, withdraw_statistic
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.permissions import Permission

MOST_WITHDRAWN = 50


def _manager(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_POLICIES)


def _back(region: str = "") -> HttpResponseRedirect:
    query = f"?region={region}" if region else ""
    return HttpResponseRedirect(reverse("compensation:statistics") + query, status=303)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def statistics(request: HttpRequest) -> HttpResponse:
    """List the figures, of one region where asked; enter one more."""
    actor = _manager(request)
    region = request.GET.get("region", "")
    region = region if region in Region.values else ""
    form = StatisticForm(request.POST or None, initial={"region": region or Region.NATION})
    if request.method == "POST" and form.is_valid():
        try:
            row = enter_statistic(form.figure(), by=actor)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已登记，由另一位同事对照来源核对"))
            return _back(row.region)
    return _page(request, actor, region, form)


def _page(request: HttpRequest, actor: Actor, region: str, form: StatisticForm) -> HttpResponse:
    rows: list[dict[str, Any]] = [
        {"row": row, "own": row.entered_by_id == actor.person.pk} for row in table_of(region)
    ]
    known = sorted(set(table_of().values_list("region", flat=True)))
    context = {
        "rows": rows,
        "region": region,
        "regions": [(code, Region(code).label) for code in known],
        "withdrawn": list(withdrawn_statistics()[:MOST_WITHDRAWN]),
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "compensation/statistics.html", context, status=status)


@login_required
@require_POST
def statistic(request: HttpRequest, statistic_id: int) -> HttpResponse:
    """Say that a figure was checked, or withdraw it."""
    actor = _manager(request)
    row = get_object_or_404(RegionalStatistic, pk=statistic_id)
    try:
        if "check" in request.POST:
            check_statistic(row, by=actor)
        else:
            withdraw_statistic(row, by=actor, reason=request.POST.get("reason", ""))
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已保存"))
    return _back(request.POST.get("region", ""))
