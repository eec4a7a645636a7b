"""Figures by region and year that compensation for injuries is reckoned by."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compensation.regions import Region


class StatisticKind(models.TextChoices):
    """What a figure tells."""

    INCOME = "income", _("城镇居民人均可支配收入（元/年）")
    CONSUMPTION = "consumption", _("城镇居民人均消费支出（元/年）")
    AVERAGE_WAGE = "average_wage", _("职工平均工资（元/年）")
    SECTOR_WAGE = "sector_wage", _("同行业平均工资（元/年）")
    NURSING = "nursing", _("护工报酬（元/天）")
    MEALS = "meals", _("住院伙食补助（元/天）")
    COEFFICIENT = "coefficient", _("伤残赔偿系数")


OF_A_YEAR = frozenset(
    {
        StatisticKind.INCOME,
        StatisticKind.CONSUMPTION,
        StatisticKind.AVERAGE_WAGE,
        StatisticKind.SECTOR_WAGE,
    }
)
"""Statistics of a year that is over; the others are standards that hold from a year on."""


class RegionalStatistic(models.Model):
    """One figure with its source. It never changes: a wrong one is withdrawn and entered anew.

    Until another person has held it against its source it is "not checked", and every sheet that
    uses it says so. `detail` is the sector of a sector's wage, the degree of a coefficient.
    """

    region = models.CharField(_("地区"), max_length=6, choices=Region.choices)
    kind = models.CharField(_("数据"), max_length=16, choices=StatisticKind.choices)
    detail = models.CharField(_("行业或伤残等级"), max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=4)
    source = models.CharField(_("来源"), max_length=120)
    link = models.URLField(_("来源网址"), max_length=300, blank=True)
    seen_on = models.DateField(_("查看日期"))
    entered_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("登记人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    entered_at = models.DateTimeField(_("登记时间"))
    checked_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("核对人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("撤下的人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    withdrawn_because = models.CharField(_("撤下的理由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("地区统计数据")
        verbose_name_plural = _("地区统计数据")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "detail", "year"],
                condition=Q(withdrawn_at=None),
                name="compensation_one_statistic_a_year",
            ),
            models.CheckConstraint(
                condition=Q(value__gt=0) & ~Q(source=""), name="compensation_statistic_sourced"
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | (
                    Q(checked_by__isnull=False, checked_at__isnull=False)
                    & (Q(entered_by=None) | ~Q(checked_by=F("entered_by")))
                ),
                name="compensation_statistic_checked_by_another",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_because="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_because="")
                ),
                name="compensation_statistic_withdrawn_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.kind} {self.detail} {self.year}"

    @property
    def is_checked(self) -> bool:
        """Whether another person has held the figure against its source."""
        return self.checked_at is not None
