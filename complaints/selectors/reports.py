"""Reports of wrongdoing, for those alone who handle them."""

from __future__ import annotations

from django.db.models import QuerySet

from complaints.models import ReportStep, WrongdoingReport
from complaints.states import REPORT_STEPS, ReportStatus


def reports() -> QuerySet[WrongdoingReport]:
    """Return the reports, the newest first, with their cases."""
    found = WrongdoingReport.objects.select_related("case", "recorded_by")
    return found.order_by("-recorded_at", "-pk")


def report_steps(report: WrongdoingReport) -> list[ReportStep]:
    """Return what was done about a report, in order."""
    return list(report.steps.select_related("by").order_by("at", "pk"))


def next_statuses(report: WrongdoingReport) -> list[tuple[str, str]]:
    """Return where a report may go from here, with the names."""
    following = REPORT_STEPS[ReportStatus(report.status)]
    return [(status.value, str(status.label)) for status in ReportStatus if status in following]
