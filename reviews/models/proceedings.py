"""Outside proceedings: 12315, a consumers' association, arbitration, a court."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from complaints.models import Case
from reviews.states import ProceedingKind, ProceedingOutcome, ProceedingStatus


class Proceeding(models.Model):
    """A proceeding elsewhere, beside any stage; handling rests only where `suspends` is set."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proceedings")
    kind = models.CharField(_("种类"), max_length=12, choices=ProceedingKind.choices)
    body = models.CharField(_("受理机构"), max_length=160)
    reference = models.CharField(_("对方编号"), max_length=80, blank=True)
    filed_on = models.DateField(_("提出日期"))
    suspends = models.BooleanField(_("期间暂停我们的处理"), default=False)
    status = models.CharField(
        _("状态"),
        max_length=6,
        choices=ProceedingStatus.choices,
        default=ProceedingStatus.OPEN,
    )
    outcome = models.CharField(
        _("结果"), max_length=10, choices=ProceedingOutcome.choices, blank=True
    )
    outcome_text = models.TextField(_("结果说明"), blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="proceedings"
    )
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("外部程序")
        verbose_name_plural = _("外部程序")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(suspends=True, status=ProceedingStatus.OPEN),
                name="reviews_one_suspending",
            ),
            models.CheckConstraint(
                condition=Q(status=ProceedingStatus.OPEN, outcome="", ended_on__isnull=True)
                | (Q(status=ProceedingStatus.ENDED, ended_on__isnull=False) & ~Q(outcome="")),
                name="reviews_ended_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it is still going on."""
        return self.status == ProceedingStatus.OPEN


class ProceedingStep(models.Model):
    """Something that happened in an outside proceeding."""

    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="steps")
    happened_on = models.DateField(_("日期"))
    text = models.TextField(_("内容"))
    file = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("外部程序的进展")
        verbose_name_plural = _("外部程序的进展")
        indexes = [models.Index(fields=["proceeding", "happened_on"], name="reviews_steps_order")]

    def __str__(self) -> str:
        return f"ProceedingStep {self.pk}"
