"""Reports of wrongdoing 举报: written down at a case, read and handled on pages of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.triage import ReportForm, ReportStepForm
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.reports import report_steps, reports
from complaints.services.reports import move_report, record_report
from complaints.views.desk.actions import CaseAction


class RecordReport(CaseAction):
    """Write down a report that came with a complaint."""

    form_class = ReportForm
    title = gettext_lazy("登记举报")
    lead = gettext_lazy(
        "举报和投诉分开处理：不影响本案进度，也不进入协商。登记后只有主管和调查员能看到内容。"
    )
    submit = gettext_lazy("登记")
    done = gettext_lazy("举报已登记，另行处理")

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        record_report(case, by=actor, seen=seen, **data)


@login_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """All reports, for those who handle them."""
    require_permission(current_user(request), Permission.HANDLE_REPORTS)
    context = {"reports": reports()[:200], "now": now()}
    return render(request, "complaints/desk/reports.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report with its steps, and the next one."""
    actor = require_permission(current_user(request), Permission.HANDLE_REPORTS)
    report = reports().filter(pk=report_id).first()
    if report is None:
        raise Http404(report_id)
    form = ReportStepForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        try:
            move_report(report, by=actor, **form.cleaned_data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("举报的进展已保存"))
            return HttpResponseRedirect(reverse("complaints:report", args=[report.pk]), status=303)
    context = {"report": report, "steps": report_steps(report), "form": form, "now": now()}
    status = 422 if form.errors else 200
    return render(request, "complaints/desk/report.html", context, status=status)
