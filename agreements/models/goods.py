"""Goods that a consumer gives back: fetched or sent, handed over, received and looked at."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agreements.models.performance import Obligation
from agreements.states import Condition, HandedBy
from complaints import sealing


class GoodsReturn(models.Model):
    """How one return of goods went. Address, numbers and the consumer's words stand sealed.

    A day that the consumer cannot keep (`refused_at`) waits for another one from us.
    """

    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="goods")
    carrier = models.CharField(_("快递公司"), max_length=60, blank=True)
    pickup_on = models.DateField(_("取件日期"), null=True, blank=True)
    pickup_from = models.TimeField(_("从"), null=True, blank=True)
    pickup_to = models.TimeField(_("到"), null=True, blank=True)
    private_sealed = models.BinaryField(_("地址和单号（已加密）"), default=bytes)
    arranged_at = models.DateTimeField(_("安排时间"), null=True, blank=True)
    arranged_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(_("消费者同意的时间"), null=True, blank=True)
    refused_at = models.DateTimeField(_("消费者另约的时间"), null=True, blank=True)
    asked_for = models.DateField(_("为哪一天提醒过安排取件"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("交出时间"), null=True, blank=True)
    handed_over_by = models.CharField(
        _("谁说已交出"), max_length=8, choices=HandedBy.choices, blank=True
    )
    received_at = models.DateTimeField(_("收到时间"), null=True, blank=True)
    received_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    condition = models.CharField(
        _("验收结果"), max_length=10, choices=Condition.choices, blank=True
    )
    finding = models.CharField(_("验收说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("商品退回")
        verbose_name_plural = _("商品退回")
        constraints = [
            models.CheckConstraint(
                condition=Q(arranged_at__isnull=True)
                | (
                    Q(pickup_on__isnull=False, arranged_by__isnull=False)
                    & ~Q(carrier="")
                    & Q(pickup_from__isnull=False, pickup_to__gt=F("pickup_from"))
                ),
                name="agreements_pickup_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, handed_over_by="")
                | (Q(handed_over_at__isnull=False) & ~Q(handed_over_by="")),
                name="agreements_handed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(condition="", received_at__isnull=True)
                | (Q(received_at__isnull=False, received_by__isnull=False) & ~Q(condition="")),
                name="agreements_received_was_looked_at",
            ),
        ]

    def __str__(self) -> str:
        return f"GoodsReturn {self.pk}"

    @property
    def private(self) -> dict[str, Any]:
        """Address, number and the consumer's words in clear; empty after erasure."""
        consumer = self.obligation.agreement.case.consumer
        return sealing.unseal(consumer.key_sealed, self.private_sealed) or {}

    def keep_private(self, **values: str) -> None:
        """Add to what stands sealed (not saved)."""
        consumer = self.obligation.agreement.case.consumer
        self.private_sealed = sealing.seal(consumer.key_sealed, self.private | values)
