"""The company's own table: what it adds to the law, by severity and tier, in versions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from compensation.states import Layer, LineKind, OptionKind
from complaints.states import Category, CustomerTier, Severity


class StandardItem(models.Model):
    """One row of the table as it stands from a day on; a published version never changes.

    A row of the standard is for everybody. A row of a tier names its tier and only adds. Either a
    fixed amount, or a share of the price that was paid, `most` at most. What others pay for the
    same is noted beside it with its source, so that the amount can be judged.
    """

    code = models.SlugField(_("代码"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=60)
    title_en = models.CharField(_("英文名称"), max_length=80)
    layer = models.CharField(
        _("层级"),
        max_length=12,
        choices=[
            (Layer.STANDARD, Layer.STANDARD.label),
            (Layer.TIER_EXTRA, Layer.TIER_EXTRA.label),
        ],
        default=Layer.STANDARD,
    )
    option_kind = models.CharField(
        _("用在哪种方式里"),
        max_length=16,
        choices=OptionKind.choices,
        blank=True,
        help_text=_("留空表示每一种"),
    )
    line_kind = models.CharField(_("项目"), max_length=16, choices=LineKind.choices)
    severity = models.CharField(
        _("严重程度"),
        max_length=10,
        choices=Severity.choices,
        blank=True,
        help_text=_("留空表示不限"),
    )
    category = models.CharField(
        _("类别"), max_length=12, choices=Category.choices, blank=True, help_text=_("留空表示不限")
    )
    tier = models.CharField(_("客户类型"), max_length=12, choices=CustomerTier.choices, blank=True)
    amount = models.DecimalField(
        _("固定金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    share = models.DecimalField(
        _("实付价款的比例"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    most = models.DecimalField(
        _("最高金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    unit = models.CharField(_("单位"), max_length=12, blank=True)
    market_low = models.DecimalField(
        _("市场参考（低）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    market_high = models.DecimalField(
        _("市场参考（高）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    market_source = models.CharField(_("参考来源"), max_length=200, blank=True)
    market_link = models.URLField(_("参考网址"), max_length=300, blank=True)
    market_document = models.CharField(_("参考文件"), max_length=120, blank=True)
    market_on = models.DateField(_("查看日期"), null=True, blank=True)
    effective_from = models.DateField(_("从哪天起"))
    active = models.BooleanField(_("启用"), default=True)
    reason = models.CharField(_("修改的理由"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("拟定人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("拟定时间"))
    published_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("发布人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("公司补偿标准")
        verbose_name_plural = _("公司补偿标准")
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="compensation_one_standard_a_version"
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(published_at=None),
                name="compensation_one_draft_a_standard",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, share=None, most=None)
                | Q(amount=None, share__gt=0, share__lte=1),
                name="compensation_standard_amount_or_share",
            ),
            models.CheckConstraint(
                condition=Q(most=None) | Q(most__gt=0), name="compensation_standard_most_positive"
            ),
            models.CheckConstraint(
                condition=Q(layer=Layer.STANDARD, tier="")
                | (Q(layer=Layer.TIER_EXTRA) & ~Q(tier="")),
                name="compensation_standard_is_for_all",
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("created_by")),
                name="compensation_standard_maker_not_checker",
            ),
            models.CheckConstraint(
                condition=(Q(market_low=None, market_high=None))
                | (
                    Q(market_low__gte=0, market_high__gte=F("market_low"), market_on__isnull=False)
                    & ~Q(market_source="")
                ),
                name="compensation_standard_market_sourced",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def told(self) -> str:
        """The title in the language of the moment."""
        return self.title if (get_language() or "").startswith("zh") else self.title_en
