"""Plans of investigations, the templates that they are made from, and days that fit work."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from complaints.clock_arithmetic import WorkingCalendar
from complaints.models import Case
from liability.models import InvestigationTemplate, PlanItem


def template_for(case: Case) -> InvestigationTemplate | None:
    """Return the newest template that fits a case: by both, by category, by severity, general."""
    fits = Q(category__in=["", case.category]) & Q(severity__in=["", case.severity])
    newest: dict[tuple[str, str], InvestigationTemplate] = {}
    for row in InvestigationTemplate.objects.filter(fits).order_by("version"):
        newest[row.category, row.severity] = row
    fitting = [row for row in newest.values() if not row.is_retired]
    return max(fitting, key=lambda row: (row.category != "", row.severity != ""), default=None)


def current_templates() -> list[InvestigationTemplate]:
    """Return the newest version of each pair of category and severity, the general one first."""
    rows = InvestigationTemplate.objects.select_related("made_by")
    return list(rows.order_by("category", "severity", "-version").distinct("category", "severity"))


def versions_of(category: str, severity: str) -> QuerySet[InvestigationTemplate]:
    """Return every wording of a template, the newest first."""
    found = InvestigationTemplate.objects.filter(category=category, severity=severity)
    return found.select_related("made_by").order_by("-version")


def plan_of(case: Case) -> QuerySet[PlanItem]:
    """Return the plan of a case, the latest round first."""
    return (
        PlanItem.objects.filter(investigation__case=case)
        .select_related("investigation", "done_by")
        .order_by("-investigation__round", "position")
    )


def working_days_later(start: date, days: int, calendar: WorkingCalendar) -> date:
    """Return the day that lies some working days after a day."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= calendar.is_working_day(day)
    return day
