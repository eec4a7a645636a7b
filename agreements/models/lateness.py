"""What late performance leads to: money for our lateness, a reminder for the consumer's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models.performance import Obligation
from agreements.states import LapseOutcome, LateBasis


class LateCharge(models.Model):
    """What one payment of ours that came late costs us; the database keeps it as it was reckoned.

    `charge` is the obligation by which it is paid; none where it came to nothing. `spans` holds the
    reckoning: first and last day, days, and the sum that was unpaid.
    """

    late = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="late_charges")
    charge = models.OneToOneField(
        Obligation, on_delete=models.PROTECT, null=True, blank=True, related_name="charged_for"
    )
    due_was = models.DateField(_("原定日期"))
    settled_on = models.DateField(_("付清日期"))
    basis = models.CharField(_("依据"), max_length=8, choices=LateBasis.choices)
    daily_percent = models.DecimalField(_("每天的百分比"), max_digits=7, decimal_places=5)
    grace_days = models.PositiveSmallIntegerField(_("宽限天数"), default=0)
    cap_percent = models.DecimalField(
        _("上限的百分比"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    days = models.PositiveIntegerField(_("逾期天数"))
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("币种"), max_length=3)
    capped = models.BooleanField(_("到了上限"), default=False)
    spans = models.JSONField(_("计算过程"))
    made_at = models.DateTimeField(_("计算时间"))

    class Meta:
        verbose_name = _("逾期违约金")
        verbose_name_plural = _("逾期违约金")
        constraints = [
            models.UniqueConstraint(fields=["late", "due_was"], name="agreements_one_late_charge"),
            models.CheckConstraint(
                condition=Q(amount=0, charge__isnull=True) | Q(amount__gt=0, charge__isnull=False),
                name="agreements_late_charge_is_owed",
            ),
        ]

    def __str__(self) -> str:
        return f"LateCharge {self.pk}"


class ConsumerLapse(models.Model):
    """Something that the consumer promised and did not do in time, and what came of it.

    Until `grace_until` the consumer may still do it without more; then a person decides.
    """

    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="consumer_lapses"
    )
    opened_at = models.DateTimeField(_("发现时间"))
    due_was = models.DateField(_("原定日期"))
    grace_until = models.DateField(_("宽限到"))
    grace_told_at = models.DateTimeField(_("宽限期过后的提醒时间"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=LapseOutcome.choices, blank=True)
    note = models.TextField(_("说明"), blank=True)
    closed_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("消费者逾期")
        verbose_name_plural = _("消费者逾期")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(closed_at__isnull=True),
                name="agreements_one_open_lapse",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="agreements_lapse_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"ConsumerLapse {self.pk}"
