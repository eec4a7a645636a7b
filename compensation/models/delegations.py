"""Delegation: somebody who approves plans lets another do it for a while, up to an amount."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Delegation(models.Model):
    """The giver's right to approve plans in the taker's hands, from a day to a day, both included.

    It is never more than the giver may approve on the day of the decision, whatever `most` says.
    The terms never change; it can only be ended early.
    """

    giver = models.ForeignKey(
        "accounts.User",
        verbose_name=_("委托人"),
        on_delete=models.PROTECT,
        related_name="given_delegations",
    )
    taker = models.ForeignKey(
        "accounts.User",
        verbose_name=_("受托人"),
        on_delete=models.PROTECT,
        related_name="taken_delegations",
    )
    starts_on = models.DateField(_("从哪天起"))
    ends_on = models.DateField(_("到哪天止"))
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    most = models.DecimalField(_("金额上限"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("理由"), max_length=200)
    created_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("收回时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("审批委托")
        verbose_name_plural = _("审批委托")
        constraints = [
            models.CheckConstraint(
                condition=~Q(giver=F("taker")) & Q(ends_on__gte=F("starts_on"), most__gt=0),
                name="compensation_delegation_can_be",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="compensation_delegation_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="compensation_delegation_ended_by",
            ),
        ]
        indexes = [models.Index(fields=["taker", "ends_on"], name="compensation_delegated")]

    def __str__(self) -> str:
        return f"Delegation {self.pk}"
