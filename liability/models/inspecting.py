"""Looking at the thing itself: appointments, what the technician found, and the photos."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints import sealing
from complaints.models import Case, Evidence
from liability.models.investigations import Investigation
from liability.models.planning import PlanItem
from liability.states import PENDING_INSPECTIONS, InspectionKind, InspectionStatus


class Inspection(models.Model):
    """An inspection on site or a remote diagnosis, proposed to the consumer, then carried out.

    Where it is and what the consumer wrote about the time is sealed under the consumer's key.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="inspections")
    investigation = models.ForeignKey(
        Investigation, on_delete=models.PROTECT, related_name="inspections"
    )
    plan_item = models.ForeignKey(
        PlanItem, on_delete=models.PROTECT, null=True, blank=True, related_name="inspections"
    )
    kind = models.CharField(_("方式"), max_length=8, choices=InspectionKind.choices)
    technician = models.ForeignKey(
        "accounts.User",
        verbose_name=_("技术员"),
        on_delete=models.PROTECT,
        related_name="inspections",
    )
    purpose = models.TextField(_("检查什么"))
    starts_at = models.DateTimeField(_("时间"))
    place_sealed = models.BinaryField(default=bytes)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=InspectionStatus.choices,
        default=InspectionStatus.PROPOSED,
    )
    proposals = models.PositiveSmallIntegerField(default=1)
    wish_sealed = models.BinaryField(default=bytes)
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(_("消费者答复时间"), null=True, blank=True)
    findings = models.TextField(_("检查结果"), blank=True)
    consumer_present = models.BooleanField(_("消费者在场"), default=False)
    report_nonce = models.UUIDField(null=True, blank=True, unique=True)
    done_at = models.DateTimeField(_("检查时间"), null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cancel_reason = models.CharField(_("取消理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("检查")
        verbose_name_plural = _("检查")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=InspectionStatus.DONE, done_at__isnull=False)
                | (~Q(status=InspectionStatus.DONE) & Q(done_at__isnull=True, findings="")),
                name="liability_inspection_done_at",
            )
        ]

    def __str__(self) -> str:
        return f"Inspection {self.pk}"

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be carried out."""
        return self.status in PENDING_INSPECTIONS

    @property
    def place(self) -> str:
        """Where, or how to call; "" once the consumer was erased."""
        return self._unsealed(self.place_sealed)

    @property
    def wish(self) -> str:
        """Which other time the consumer asked for."""
        return self._unsealed(self.wish_sealed)

    def _unsealed(self, sealed: Any) -> str:
        return sealing.unseal(self.case.consumer.key_sealed, sealed) or ""


class InspectionPhoto(models.Model):
    """A photo taken at an inspection; the nonce makes sending it twice harmless."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="photos")
    nonce = models.UUIDField(unique=True)
    evidence = models.OneToOneField(
        Evidence, on_delete=models.PROTECT, related_name="inspection_photo"
    )
    taken_at = models.DateTimeField(_("拍摄时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("检查照片")
        verbose_name_plural = _("检查照片")

    def __str__(self) -> str:
        return f"InspectionPhoto {self.pk}"
