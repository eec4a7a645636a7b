"""The investigation report: writing it, and handing out its PDFs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.access import consumer_case, get_case
from complaints.actors import Actor
from complaints.models import Case
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction
from documents.views import serve_file
from liability.forms.report import ReportForm, first_words
from liability.models import ReportCopy
from liability.selectors.facts import finding_in_force
from liability.selectors.reporting import consumer_copy, copy_of, reports_of
from liability.services.reporting import write_report


class WriteReport(CaseAction):
    """Write the report of the finding in force."""

    form_class = ReportForm
    permission = Permission.INVESTIGATE
    template_name = "liability/report.html"
    title = gettext_lazy("调查报告")
    lead = gettext_lazy(
        "经过、双方陈述、证据、责任比例和签批从案件里取，这里只写要人判断的部分。"
        "消费者版不含第三方的信息。"
    )
    submit = gettext_lazy("生成报告")
    done = gettext_lazy("报告已保存，PDF 过一会儿就能下载")
    tab = "liability"

    def initial(self, case: Case) -> dict[str, Any]:
        last = reports_of(case).first()
        return dict(last.content) if last else first_words(case)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = self.new_form(case, data=self.request.POST)
        form.is_valid()
        write_report(case, by=actor, report=form.report(), seen=seen)

    def new_form(self, case: Case, **kwargs: Any) -> ReportForm:
        kwargs.pop("files", None)
        return ReportForm(**kwargs)

    def more_context(self, case: Case) -> dict[str, Any]:
        return {"reports": reports_of(case)}

    def _obstacle(self, case: Case) -> Any:
        if finding_in_force(case) is None:
            return gettext("先作出责任认定，再写调查报告。")
        return ""


@login_required
@require_safe
def report(
    request: HttpRequest, reference: str, version: int, audience: str, language: str
) -> HttpResponseBase:
    """Hand out a PDF of a report to a member of staff."""
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    return _handed_out(case, copy_of(case, version, audience, language))


@require_safe
def report_mine(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Hand out the latest report to the consumer, in the version made for them."""
    case = consumer_case(request, reference)
    return _handed_out(case, consumer_copy(case))


def _handed_out(case: Case, copy: ReportCopy | None) -> HttpResponseBase:
    if copy is None or not copy.document.is_ready or copy.document.file is None:
        raise Http404(case.reference)
    return serve_file(copy.document.file, inline=True)
