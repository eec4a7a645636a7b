"""A finding on its way: its draft, and the limits over which another person approves it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from complaints.states import Severity
from liability.decisions import FindingData, finding_from_json
from liability.models.findings import LiabilityFinding
from liability.states import DraftStatus, Outcome, StandardOfProof


class FindingLimit(models.Model):
    """Which findings need another person's approval. What is left empty fits everything."""

    severity = models.CharField(
        _("严重程度"),
        max_length=10,
        choices=Severity.choices,
        blank=True,
        help_text=_("留空表示不限"),
    )
    outcome = models.CharField(
        _("结论"), max_length=12, choices=Outcome.choices, blank=True, help_text=_("留空表示不限")
    )
    amount_over = models.DecimalField(
        _("预计金额超过"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("留空表示不论金额"),
    )
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("认定的审批限额")
        verbose_name_plural = _("认定的审批限额")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_over__isnull=True) | Q(amount_over__gte=0),
                name="liability_limit_not_negative",
            )
        ]

    def __str__(self) -> str:
        return " ".join(
            str(part)
            for part in (self.severity, self.outcome, self.amount_over)
            if part not in ("", None)
        )


class FindingLimitChange(models.Model):
    """A limit as it was set: by whom, when and why; only added to."""

    limit = models.ForeignKey(FindingLimit, on_delete=models.PROTECT, related_name="changes")
    severity = models.CharField(max_length=10, choices=Severity.choices, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    amount_over = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField()
    reason = models.CharField(_("修改理由"), max_length=300)
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("审批限额的修改")
        verbose_name_plural = _("审批限额的修改")

    def __str__(self) -> str:
        return f"{self.limit_id} {self.changed_at:%Y-%m-%d}"


class FindingDraft(models.Model):
    """A finding in work. The database keeps whoever wrote in it from approving it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="finding_drafts")
    status = models.CharField(
        _("状态"), max_length=10, choices=DraftStatus.choices, default=DraftStatus.DRAFT
    )
    content = models.JSONField(_("内容"))
    authors = ArrayField(models.BigIntegerField(), verbose_name=_("参与拟定的人"))
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("保存时间"))
    submitted_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("认定人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    over_limits = models.JSONField(_("要批准的原因"), default=list)
    decided_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("批准人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_for = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decision_note = models.TextField(_("批语"), blank=True)
    finding = models.OneToOneField(
        LiabilityFinding, on_delete=models.PROTECT, null=True, blank=True, related_name="draft"
    )

    class Meta:
        verbose_name = _("拟定中的认定")
        verbose_name_plural = _("拟定中的认定")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(status=DraftStatus.ISSUED),
                name="liability_one_draft_a_case",
            ),
            models.CheckConstraint(
                condition=Q(status=DraftStatus.ISSUED, finding__isnull=False)
                | (~Q(status=DraftStatus.ISSUED) & Q(finding__isnull=True)),
                name="liability_issued_draft_has_finding",
            ),
            models.CheckConstraint(
                condition=~Q(status=DraftStatus.SUBMITTED)
                | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="liability_submitted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"FindingDraft {self.pk}"

    @property
    def data(self) -> FindingData:
        """The finding as it is to be written."""
        return finding_from_json(self.content)

    @property
    def standard_words(self) -> str:
        """How sure one must be, in words."""
        return str(StandardOfProof(self.data.standard_of_proof).label)
