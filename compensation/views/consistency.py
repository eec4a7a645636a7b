"""Similar facts, similar money: the report, a standard that is tried, and both as CSV."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_user
from compensation.consistency import FEWEST, Settled, Spread
from compensation.forms.consistency import StandardForm
from compensation.selectors.consistency import SettledSince
from compensation.selectors.settled import SettledCases, explanations
from compensation.services.consistency import consistency_csv, standard_csv
from complaints.access import require_permission
from complaints.permissions import Permission
from complaints.selectors.taxonomy import category_choices, issue_name
from complaints.states import Severity

MOST_LISTED = 100
PARTS = {"month": _("月份"), "team": _("小组"), "region": _("地区")}


@login_required
@never_cache
@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """Show how alike similar cases were settled in the last year, and try a standard on them."""
    require_permission(current_user(request), Permission.VIEW_CONSISTENCY)
    cases = SettledSince(SettledCases.of_last_year().since)
    groups, parts = cases.spreads(), cases.differences()
    names = dict(category_choices())
    asked = "percent" in request.GET
    form = StandardForm(request.GET if asked else None)
    standard = form.standard() if asked and form.is_valid() else None
    context = {
        "count": sum(group.count for group in groups.values()),
        "groups": [_group(facts, group, names) for facts, group in sorted(groups.items())],
        "parts": [{"label": label, "rows": parts[name]} for name, label in PARTS.items()],
        "outliers": _listed(cases.outliers(MOST_LISTED), names),
        "form": form,
        "tried": list(cases.tried(standard).items()) if standard else None,
        "query": request.GET.urlencode(),
        "fewest": FEWEST,
        "most": MOST_LISTED,
    }
    status = 422 if asked and standard is None else 200
    return render(request, "compensation/consistency.html", context, status=status)


def _group(facts: tuple[str, ...], group: Spread, names: dict[str, Any]) -> dict[str, Any]:
    category, issue, severity, currency = facts
    words = [
        str(names.get(category, category)),
        str(issue_name(issue)) if issue else "",
        str(Severity(severity).label) if severity else "",
    ]
    return {
        "name": " · ".join(word for word in words if word) or "—",
        "currency": currency,
        "count": group.count,
        "small": group.count < FEWEST,
        **{part: 100 * getattr(group, part) for part in ("p10", "p50", "p90")},
    }


def _listed(farthest: list[tuple[Settled, Spread]], names: dict[str, Any]) -> list[dict[str, Any]]:
    """Return outliers with what explains them."""
    why = explanations([row.pk for row, _group in farthest])
    return [
        {
            "row": row,
            "currency": row.facts[3],
            "share": 100 * row.share,
            "category": names.get(row.facts[0], row.facts[0]),
            "p10": 100 * group.p10,
            "p90": 100 * group.p90,
            "why": why[row.pk],
        }
        for row, group in farthest
    ]


@login_required
@require_safe
def consistency_export(request: HttpRequest) -> StreamingHttpResponse:
    """Stream last year's settled cases, or those that a standard covers, as CSV."""
    require_permission(current_user(request), Permission.VIEW_CONSISTENCY)
    cases, form = SettledCases.of_last_year(), StandardForm(request.GET)
    table, name = consistency_csv(cases), "consistency.csv"
    if "percent" in request.GET and form.is_valid():
        table, name = standard_csv(cases, form.standard()), "standard.csv"
    response = StreamingHttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
