"""A report of wrongdoing 举报: linked to the Case it came with, handled apart from it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import ReportStatus, Wrongdoing


class WrongdoingReport(models.Model):
    """What somebody says that a business did against the law; no part of their bargaining."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="wrongdoing_reports")
    about = models.CharField(_("举报事项"), max_length=20, choices=Wrongdoing.choices)
    facts = models.TextField(_("举报内容"))
    wants_answer = models.BooleanField(_("举报人要求告知结果"), default=False)
    status = models.CharField(
        _("进展"), max_length=16, choices=ReportStatus.choices, default=ReportStatus.RECEIVED
    )
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("举报")
        verbose_name_plural = _("举报")
        indexes = [models.Index(fields=["status", "recorded_at"], name="complaints_reports_order")]

    def __str__(self) -> str:
        return f"WrongdoingReport {self.pk}"


class ReportStep(models.Model):
    """One step of a report: who moved it on, when, and why."""

    report = models.ForeignKey(WrongdoingReport, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=16, choices=ReportStatus.choices)
    note = models.TextField(_("说明"))
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("举报的处理")
        verbose_name_plural = _("举报的处理")
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="complaints_report_step_says_why")
        ]

    def __str__(self) -> str:
        return f"ReportStep {self.pk}"
