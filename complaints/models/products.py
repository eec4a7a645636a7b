"""What was bought: products and the batches in which they were made."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Product(models.Model):
    """An article that we sell."""

    name = models.CharField(_("商品"), max_length=120)
    model = models.CharField(_("型号"), max_length=60, unique=True)
    category = models.CharField(_("品类"), max_length=60, blank=True)
    list_price = models.DecimalField(
        _("标价"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    warranty_months = models.PositiveSmallIntegerField(_("保修月数"), default=12)

    class Meta:
        verbose_name = _("商品")
        verbose_name_plural = _("商品")

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """A production run of one product."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="batches")
    code = models.CharField(_("批次"), max_length=40)
    produced_on = models.DateField(_("生产日期"), null=True, blank=True)
    units_sold = models.PositiveIntegerField(_("已售数量"), default=0)

    class Meta:
        verbose_name = _("批次")
        verbose_name_plural = _("批次")
        constraints = [
            models.UniqueConstraint(fields=["product", "code"], name="complaints_one_batch_code")
        ]

    def __str__(self) -> str:
        return self.code
