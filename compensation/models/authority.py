"""Up to which amount a role may decide alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.states import Role


class AuthorityLimit(models.Model):
    """The most that a role may promise without another person's approval; no amount: any."""

    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    amount = models.DecimalField(
        _("金额上限"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("留空表示不设上限"),
    )

    class Meta:
        verbose_name = _("权限额度")
        verbose_name_plural = _("权限额度")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "currency"], name="compensation_one_limit_a_role"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="compensation_limit_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.currency}"
