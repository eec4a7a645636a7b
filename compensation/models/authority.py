"""The matrix of approval: up to which amount and deviation a role decides, by severity."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Role
from complaints.states import Severity


class AuthorityLimit(models.Model):
    """What a role may promise alone, and what it may approve of others' plans.

    A row for a severity goes before the role's row for all. `alone` is for one's own plans and
    always has an end; `amount` and `deviation` are for others' plans, and nothing means any.
    """

    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    severity = models.CharField(
        _("严重程度"),
        max_length=10,
        choices=Severity.choices,
        blank=True,
        help_text=_("留空表示不限"),
    )
    alone = models.DecimalField(
        _("自己拟定、不用审批的上限"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    amount = models.DecimalField(
        _("金额上限"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("留空表示不设上限"),
    )
    deviation = models.DecimalField(
        _("可批准的偏离公司标准的比例"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("0.50 是 50%；留空表示不设上限"),
    )

    class Meta:
        verbose_name = _("权限额度")
        verbose_name_plural = _("权限额度")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "currency", "severity"], name="compensation_one_limit_a_role"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="compensation_limit_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(alone__gte=0)
                & (models.Q(deviation__isnull=True) | models.Q(deviation__gte=0)),
                name="compensation_alone_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.role, self.currency, self.severity) if part)
