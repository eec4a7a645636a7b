"""Writing the investigation report: frozen, and printed for both readers in both languages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from documents import sealing
from documents.models import Document
from documents.services.rendering import request_document
from documents.services.versions import template_version
from documents.states import DocumentKind
from liability.models import InvestigationReport, LiabilityFinding, ReportCopy
from liability.reports import ReportData, loss_lines
from liability.selectors.facts import current_finding
from liability.selectors.reporting import report_context, reports_of
from liability.services.investigating import acting_user
from liability.states import Audience, RiskLevel

LANGUAGES = ("zh-hans", "en")


@transaction.atomic
def write_report(
    case: Case, *, by: Actor, report: ReportData, seen: int | None = None
) -> InvestigationReport:
    """Freeze a report of the finding in force, and have its four PDFs printed.

    The same words about the same facts give the report that is there. Raises CaseError before a
    finding was made, for what is missing, and for a loss whose amount can't be read.
    """
    if not has_permission(by, Permission.INVESTIGATE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    user = acting_user(by)
    _check_report(report)
    case = locked_case(case, seen=seen)
    finding = current_finding(case)
    if finding is None:
        raise CaseError(_("先作出责任认定，再写调查报告。"))
    last = reports_of(case).first()
    version = last.version + 1 if last else 1
    if last is not None and last.finding_id == finding.pk and _says_the_same(case, last, report):
        return last
    written = InvestigationReport.objects.create(
        case=case,
        finding=finding,
        version=version,
        content=report.as_json(),
        written_by=user,
        written_at=now(),
    )
    for audience in Audience:
        for language in LANGUAGES:
            _print(written, finding, report, audience=audience, language=language)
    touch(case, "report_written", by=by, data={"report": written.pk, "version": version})
    return written


def _check_report(report: ReportData) -> None:
    for name in ("independence", "method", "facts_found"):
        if not getattr(report, name).strip():
            raise CaseError(_("请填写这一项。"), field=name)
    if report.risk not in RiskLevel.values:
        raise CaseError(_("请选择风险等级。"), field="risk")
    try:
        loss_lines(report.losses)
    except ValueError as refusal:
        raise CaseError(
            _("这一行的金额看不懂：%(line)s。写成「项目 | 金额 | 凭证」。")
            % {"line": str(refusal)[:80]},
            field="losses",
        ) from refusal


def content_hash(context: dict[str, Any]) -> str:
    """Return the SHA-256 of a report's data and template version, without the hash itself."""
    return sealing.fingerprint({k: v for k, v in context.items() if k != "content_hash"})


def _context(
    case: Case,
    finding: LiabilityFinding,
    report: ReportData,
    *,
    audience: str,
    language: str,
    version: int,
) -> dict[str, Any]:
    with translation.override(language):
        context = report_context(case, finding, report, audience=audience, version=version)
    context["template_version"] = template_version(DocumentKind.INVESTIGATION_REPORT, language)
    context["content_hash"] = content_hash(context)
    return context


def _says_the_same(case: Case, last: InvestigationReport, report: ReportData) -> bool:
    """Say whether a new report would say what the last one says, in all of its PDFs."""
    copies = list(last.copies.all())
    return bool(copies) and all(
        copy.content_sha256
        == _context(
            case,
            last.finding,
            report,
            audience=copy.audience,
            language=copy.language,
            version=last.version,
        )["content_hash"]
        for copy in copies
    )


def _print(
    written: InvestigationReport,
    finding: LiabilityFinding,
    report: ReportData,
    *,
    audience: str,
    language: str,
) -> ReportCopy:
    context = _context(
        written.case,
        finding,
        report,
        audience=audience,
        language=language,
        version=written.version,
    )
    document: Document = request_document(
        key=f"report:{written.case_id}:{written.version}:{audience}:{language}",
        kind=DocumentKind.INVESTIGATION_REPORT,
        template_name=DocumentKind.INVESTIGATION_REPORT,
        language=language,
        context=context,
    )
    return ReportCopy.objects.create(
        report=written,
        audience=audience,
        language=language,
        content_sha256=context["content_hash"],
        template_version=context["template_version"],
        document=document,
    )
