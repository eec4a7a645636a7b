"""What is known of a batch: serials, steps of making and moving, papers, tests, units sold."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Batch
from liability.models.supply import Supplier
from liability.states import PaperKind, ProductionStage


class SerialNumber(models.Model):
    """One article of a batch. A serial number belongs to one batch for ever."""

    number = models.CharField(_("序列号"), max_length=60, unique=True)
    batch = models.ForeignKey(
        Batch, verbose_name=_("批次"), on_delete=models.PROTECT, related_name="serials"
    )
    produced_on = models.DateField(_("生产日期"), null=True, blank=True)
    sold_on = models.DateField(_("售出日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("序列号")
        verbose_name_plural = _("序列号")

    def __str__(self) -> str:
        return self.number


class ProductionRecord(models.Model):
    """A stage that a batch went through: where, when, by whom, and whether something was odd."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="production")
    stage = models.CharField(_("环节"), max_length=12, choices=ProductionStage.choices)
    happened_on = models.DateField(_("日期"))
    place = models.CharField(_("地点或产线"), max_length=120)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="production"
    )
    deviation = models.CharField(_("异常"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("生产与流转记录")
        verbose_name_plural = _("生产与流转记录")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "stage", "happened_on", "place"],
                name="liability_one_production_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.happened_on}"


class SupplierPaper(models.Model):
    """An agreement, a quality agreement, an audit or a certificate; of all batches or of one."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="papers")
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )
    kind = models.CharField(_("种类"), max_length=20, choices=PaperKind.choices)
    number = models.CharField(_("编号"), max_length=80)
    title = models.CharField(_("名称"), max_length=160)
    valid_from = models.DateField(_("生效日期"))
    valid_until = models.DateField(_("到期日期"), null=True, blank=True)
    result = models.CharField(_("结论"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("供货者文件")
        verbose_name_plural = _("供货者文件")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "kind", "number"], name="liability_one_supplier_paper"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="liability_paper_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BatchTest(models.Model):
    """A sampling or a test of a batch, with how many were taken and how many did not pass."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="tests")
    number = models.CharField(_("报告编号"), max_length=80)
    tested_on = models.DateField(_("检测日期"))
    laboratory = models.CharField(_("检测单位"), max_length=120)
    subject = models.CharField(_("检测项目"), max_length=160)
    sampled = models.PositiveIntegerField(_("抽样数"))
    not_passed = models.PositiveIntegerField(_("不合格数"))

    class Meta:
        verbose_name = _("抽样检测")
        verbose_name_plural = _("抽样检测")
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="liability_one_test_number"),
            models.CheckConstraint(
                condition=Q(sampled__gt=0, not_passed__lte=F("sampled")),
                name="liability_test_counts_fit",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class UnitsSold(models.Model):
    """How many articles of a batch were sold in the period that begins on a day."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="sales")
    since = models.DateField(_("期间开始"))
    units = models.PositiveIntegerField(_("销量"))

    class Meta:
        verbose_name = _("销量")
        verbose_name_plural = _("销量")
        constraints = [
            models.UniqueConstraint(fields=["batch", "since"], name="liability_one_sale_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.since}: {self.units}"
