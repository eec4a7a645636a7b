"""Investigation reports: what an investigator wrote, frozen, and the PDFs made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from documents.models import Document
from liability.models.findings import LiabilityFinding
from liability.states import Audience


class InvestigationReport(models.Model):
    """调查报告 of a finding. A later version takes its place; the database refuses changes."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="investigation_reports")
    finding = models.ForeignKey(
        LiabilityFinding, on_delete=models.PROTECT, related_name="investigation_reports"
    )
    version = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField(_("内容"))
    written_by = models.ForeignKey(
        "accounts.User", verbose_name=_("撰写人"), on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(_("撰写时间"))

    class Meta:
        verbose_name = _("调查报告")
        verbose_name_plural = _("调查报告")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"], name="liability_one_report_a_version"
            )
        ]

    def __str__(self) -> str:
        return f"InvestigationReport {self.pk}"


class ReportCopy(models.Model):
    """One PDF of a report, for one reader in one language, with the hash of what it says."""

    report = models.ForeignKey(InvestigationReport, on_delete=models.PROTECT, related_name="copies")
    audience = models.CharField(_("版本"), max_length=10, choices=Audience.choices)
    language = models.CharField(_("语言"), max_length=10)
    content_sha256 = models.CharField(_("内容指纹"), max_length=64)
    template_version = models.CharField(_("模板版本"), max_length=64)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("调查报告的 PDF")
        verbose_name_plural = _("调查报告的 PDF")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "audience", "language"], name="liability_one_copy_a_reader"
            ),
            models.CheckConstraint(
                condition=Q(content_sha256__regex=r"^[0-9a-f]{64}$"),
                name="liability_copy_hash_is_hex",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.language}"
