"""The managers' dashboard, the cases behind each figure, and the same figures as CSV."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from complaints.access import require_permission
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.accountability import overdue_decisions
from complaints.selectors.clock_figures import (
    MEASURED,
    Span,
    cases_behind_clocks,
    clock_figures,
    weekly_clocks,
)
from insights import selectors
from insights.forms import ClocksForm, MeasureForm, PeriodForm
from insights.measures import cases_behind
from insights.periods import Period
from insights.presenters import clock_bars, clock_row, measure_names, part_title, tiles
from insights.satisfaction import (
    GROUPINGS,
    grouping_names,
    groups_of,
    suggestions,
    whole_of,
)

PAGE = 50


def _period(request: HttpRequest) -> Period:
    return PeriodForm(request.GET).period(today=timezone.localdate(now()))


@login_required
@require_GET
def satisfaction(request: HttpRequest) -> HttpResponse:
    """Show how consumers judged us, with how far each figure may be trusted, and who was silent."""
    require_permission(request.user, Permission.VIEW_DASHBOARD)
    period = _period(request)
    by = request.GET.get("by", "")
    by = by if by in GROUPINGS else next(iter(GROUPINGS))
    context = {
        "period": period,
        "by": by,
        "groupings": grouping_names(),
        "whole": whole_of(period),
        "rows": groups_of(period, by=by),
        "changes": suggestions(period),
        "now": now(),
    }
    return render(request, "insights/satisfaction.html", context)


@login_required
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show five tiles, two charts and two tables for a period."""
    actor = require_permission(request.user, Permission.VIEW_DASHBOARD)
    period, moment = _period(request), now()
    decides = has_permission(actor, Permission.DECIDE_ACCOUNTABILITY)
    context: dict[str, Any] = {
        "decides_items": decides,
        "overdue_items": overdue_decisions(moment=moment) if decides else 0,
        "period": period,
        "tiles": tiles(period, moment=moment),
        "bars": selectors.weekly_outcomes(period),
        "line": selectors.weekly_on_time(period, moment=moment),
        "sources": selectors.sources_of_complaints(period),
        "agents": selectors.agent_load(period, moment=moment),
        "now": moment,
    }
    context["is_empty"] = not any(sum(bar["values"]) for bar in context["bars"]["bars"])
    if context["is_empty"]:
        context["nearest"] = selectors.nearest_with_data(period)
    return render(request, "insights/dashboard.html", context)


@login_required
@require_GET
def dashboard_cases(request: HttpRequest) -> HttpResponse:
    """List the cases behind one figure; their number is the figure's own."""
    require_permission(request.user, Permission.VIEW_DASHBOARD)
    form = MeasureForm(request.GET)
    if not form.is_valid():
        raise Http404
    period = form.period(today=timezone.localdate(now()))
    measure, outcome = form.cleaned_data["measure"], form.cleaned_data["outcome"]
    cases = cases_behind(measure, period, moment=now(), outcome=outcome)
    context = {
        **_one_page(request, cases),
        "period": period,
        "title": measure_names()[measure],
        "outcome": selectors.outcome_names().get(outcome, ""),
        "now": now(),
    }
    return render(request, "insights/cases.html", context)


def _one_page(request: HttpRequest, cases: QuerySet[Case]) -> dict[str, Any]:
    page = Paginator(cases.order_by("-received_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    position = _("第 %(page)d 页，共 %(pages)d 页") % {
        "page": page.number,
        "pages": page.paginator.num_pages,
    }
    return {
        "page": page,
        "position": position if page.paginator.num_pages > 1 else "",
        "previous_href": _page_link(request, page.number - 1) if page.has_previous() else "",
        "next_href": _page_link(request, page.number + 1) if page.has_next() else "",
    }


def _page_link(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@login_required
@require_GET
def dashboard_csv(request: HttpRequest) -> HttpResponse:
    """Give the dashboard's figures as a table, for the same period."""
    require_permission(request.user, Permission.VIEW_DASHBOARD)
    period, moment = _period(request), now()
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"redress-{period.first}-{period.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    rows = csv.writer(response)
    rows.writerow([_("指标"), _("数值"), _("单位")])
    for tile in tiles(period, moment=moment):
        rows.writerow([tile["label"], tile["value"], tile["unit"]])
    bars = selectors.weekly_outcomes(period)
    rows.writerow([])
    rows.writerow([_("周"), *bars["series"]])
    for bar in bars["bars"]:
        rows.writerow([bar["label"], *bar["values"]])
    return response


@login_required
@require_GET
def clock_performance(request: HttpRequest) -> HttpResponse:
    """Show for each time limit how often it is kept, and how much of it is used."""
    actor = require_permission(request.user, Permission.VIEW_DASHBOARD)
    form, moment = ClocksForm(request.GET), now()
    period, team_id = form.period(today=timezone.localdate(moment)), form.team_id()
    span = Span(period.starts, period.ends, team_id)
    context = {
        "period": period,
        "form": form,
        "rows": [
            clock_row(figures, period, team_id=team_id)
            for figures in clock_figures(span, moment=moment)
        ],
        "bars": clock_bars(weekly_clocks(span, moment=moment), period),
        "measured": MEASURED,
        "may_manage": has_permission(actor, Permission.MANAGE_POLICIES),
        "now": moment,
    }
    return render(request, "insights/clocks.html", context)


@login_required
@require_GET
def clock_cases(request: HttpRequest) -> HttpResponse:
    """List the cases behind one number of a time limit."""
    require_permission(request.user, Permission.VIEW_DASHBOARD)
    form, moment = ClocksForm(request.GET), now()
    if not form.is_valid() or not (form.cleaned_data["code"] and form.cleaned_data["part"]):
        raise Http404
    period, team_id = form.period(today=timezone.localdate(moment)), form.team_id()
    data = form.cleaned_data
    cases = cases_behind_clocks(
        Span(period.starts, period.ends, team_id),
        name=data["part"],
        moment=moment,
        code=data["code"],
        kind=data["kind"],
    )
    query = f"{period.query()}&team={team_id or ''}"
    context = {
        **_one_page(request, cases),
        "period": period,
        "title": part_title(data["kind"], data["part"]),
        "back_url": f"{reverse('clock_performance')}?{query}",
        "now": moment,
    }
    return render(request, "insights/clock_cases.html", context)
