"""A caring call some weeks after a case: how are you? Planned by a rule, in the list of calls."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.states import CallOutcome, CareCause, CareState
from complaints import sealing
from complaints.models import Case
from complaints.states import Category


class CareCallRule(models.Model):
    """After which closed cases somebody calls, and after how many days. Never removed."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    cause = models.CharField(_("哪些案件"), max_length=8, choices=CareCause.choices)
    category = models.CharField(_("类别"), max_length=20, choices=Category.choices, blank=True)
    after_days = models.PositiveSmallIntegerField(_("结案多少天以后"))
    is_active = models.BooleanField(_("使用中"), default=True)
    changed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("关怀电话规则")
        verbose_name_plural = _("关怀电话规则")
        constraints = [
            models.CheckConstraint(
                condition=Q(after_days__gte=1, after_days__lte=365),
                name="agreements_care_within_a_year",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CareCall(models.Model):
    """One planned call; what was said stands sealed under the consumer's key."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="care_call")
    rule = models.ForeignKey(CareCallRule, on_delete=models.PROTECT, related_name="calls")
    due_on = models.DateField(_("哪天打"))
    state = models.CharField(
        _("状态"), max_length=10, choices=CareState.choices, default=CareState.PLANNED
    )
    words_sealed = models.BinaryField(_("消费者说的（已加密）"), default=bytes)
    planned_at = models.DateTimeField(_("安排时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("关怀电话")
        verbose_name_plural = _("关怀电话")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CareState.PLANNED, ended_at__isnull=True)
                | (~Q(state=CareState.PLANNED) & Q(ended_at__isnull=False)),
                name="agreements_care_call_ended",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(state=CareState.PLANNED),
                name="agreements_care_call_due",
            )
        ]

    def __str__(self) -> str:
        return f"CareCall {self.pk}"

    @property
    def words(self) -> str:
        """What the consumer said, in clear; empty after erasure."""
        found: Any = sealing.unseal(self.case.consumer.key_sealed, self.words_sealed)
        return found or ""


class CareTry(models.Model):
    """A caring call in which nothing could be asked."""

    call = models.ForeignKey(CareCall, on_delete=models.PROTECT, related_name="tries")
    outcome = models.CharField(_("结果"), max_length=10, choices=CallOutcome.choices)
    call_again_at = models.DateTimeField(_("什么时候再打"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    tried_at = models.DateTimeField(_("尝试时间"))
    tried_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("关怀电话未问成的记录")
        verbose_name_plural = _("关怀电话未问成的记录")

    def __str__(self) -> str:
        return f"CareTry {self.pk}"
