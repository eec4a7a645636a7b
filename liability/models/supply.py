"""Who supplied which part of a batch, so that liability can be traced."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models import Batch


class Supplier(models.Model):
    """A company that supplies parts or services to us."""

    name = models.CharField(_("名称"), max_length=120, unique=True)
    contact = models.CharField(_("联系方式"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("供货者")
        verbose_name_plural = _("供货者")

    def __str__(self) -> str:
        return self.name


class BatchSupply(models.Model):
    """One part of one batch came from one supplier."""

    batch = models.ForeignKey(
        Batch, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="supplies"
    )
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("供货者"), on_delete=models.PROTECT, related_name="supplies"
    )
    part = models.CharField(_("部件"), max_length=120)

    class Meta:
        verbose_name = _("批次供货")
        verbose_name_plural = _("批次供货")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "supplier", "part"], name="liability_one_supply_a_part"
            )
        ]

    def __str__(self) -> str:
        return self.part
