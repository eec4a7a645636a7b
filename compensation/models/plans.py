"""A plan: two or more options to choose from, each made of lines. Fixed once it is submitted."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compensation.models.delegations import Delegation
from compensation.models.rules import EntitlementSheet
from compensation.states import NEVER_CASH, Layer, LineKind, OptionKind, PlanStatus
from compensation.totals import OptionTotals, option_totals
from complaints.models import Case
from liability.models import LiabilityFinding


class CompensationPlan(models.Model):
    """What we are ready to give, on the ground of one finding.

    Whoever wrote in it never approves it, nor lets it be approved in their place: the database
    holds that over `makers`. `checks` says why another person had to decide.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plans")
    finding = models.ForeignKey(LiabilityFinding, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("版本"))
    status = models.CharField(
        _("状态"), max_length=16, choices=PlanStatus.choices, default=PlanStatus.DRAFT
    )
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    legal_minimum = models.DecimalField(
        _("法定最低金额"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    legal_basis = models.CharField(_("法律依据"), max_length=300, blank=True)
    sheet = models.ForeignKey(
        EntitlementSheet,
        verbose_name=_("法定金额核算"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
    )
    informed_choice = models.BooleanField(_("消费者知情后选择低于法定金额"), default=False)
    informed_choice_reason = models.TextField(_("知情选择的说明"), blank=True)
    created_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("拟定人"),
        on_delete=models.PROTECT,
        related_name="made_plans",
    )
    created_at = models.DateTimeField(_("拟定时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    within_authority = models.BooleanField(_("在拟定人权限内"), default=False)
    decided_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("审批人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_plans",
    )
    decided_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    decision_note = models.TextField(_("审批意见"), blank=True)
    makers = ArrayField(models.BigIntegerField(), verbose_name=_("参与拟定的人"), default=list)
    decided_for = models.ForeignKey(
        "accounts.User",
        verbose_name=_("代谁审批"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    delegation = models.ForeignKey(
        Delegation,
        verbose_name=_("按哪一份委托审批"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
    )
    cost = models.DecimalField(
        _("最贵选项的成本"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    alone_limit = models.DecimalField(
        _("拟定人提交时的额度"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    deviation = models.DecimalField(
        _("偏离公司标准的比例"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    deviation_reason = models.TextField(_("偏离标准的理由"), blank=True)
    checks = models.JSONField(_("要审批的原因"), default=list)

    class Meta:
        verbose_name = _("补偿方案")
        verbose_name_plural = _("补偿方案")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"], name="compensation_one_plan_a_version"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["draft", "returned", "pending_approval"]),
                name="compensation_one_plan_in_work",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("created_by")),
                name="compensation_maker_is_not_checker",
            ),
            models.CheckConstraint(
                condition=Q(within_authority=False)
                | Q(cost__isnull=False, alone_limit__gte=F("cost"), checks=[]),
                name="compensation_alone_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False)
                | Q(decided_at__isnull=False, decided_by__isnull=True, within_authority=True),
                name="compensation_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=PlanStatus.APPROVED) | Q(decided_at__isnull=False),
                name="compensation_approved_means_decided",
            ),
            models.CheckConstraint(
                condition=Q(informed_choice=False, informed_choice_reason="")
                | (Q(informed_choice=True) & ~Q(informed_choice_reason="")),
                name="compensation_informed_choice_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(legal_minimum=0) | (Q(legal_minimum__gt=0) & ~Q(legal_basis="")),
                name="compensation_minimum_has_basis",
            ),
        ]
        indexes = [models.Index(fields=["status", "submitted_at"], name="compensation_to_approve")]

    def __str__(self) -> str:
        return f"CompensationPlan {self.pk}"


class PlanOption(models.Model):
    """One way to make it good. `legal_minimum`, where set, goes before the plan's: it is the money
    that the law asks for beside a remedy in kind (repair, replacement).
    """

    plan = models.ForeignKey(CompensationPlan, on_delete=models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("方式"), max_length=16, choices=OptionKind.choices)
    title = models.CharField(_("标题"), max_length=60)
    arrival_text = models.CharField(_("什么时候到"), max_length=120)
    performance_days = models.PositiveSmallIntegerField(_("签署后几天内履行"), default=3)
    non_cash_duties = models.TextField(_("非现金义务"), blank=True)
    legal_minimum = models.DecimalField(
        _("本方案法定最低金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("方案选项")
        verbose_name_plural = _("方案选项")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"], name="compensation_one_option_a_place"
            ),
            models.CheckConstraint(
                condition=Q(performance_days__gte=1, performance_days__lte=365),
                name="compensation_performance_in_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def totals(self) -> OptionTotals:
        """The sums of the option's lines (prefetch `lines`)."""
        return option_totals(self.lines.all())

    @property
    def total(self) -> Decimal:
        """The money that the consumer gets."""
        return self.totals.payable


class PlanLine(models.Model):
    """One item of an option. `amount` is the whole line's; a line in kind may have a worth."""

    option = models.ForeignKey(PlanOption, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("项目"), max_length=16, choices=LineKind.choices)
    description = models.CharField(_("说明"), max_length=120)
    quantity = models.PositiveIntegerField(_("数量"), default=1)
    unit = models.CharField(_("单位"), max_length=12, blank=True)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    is_cash = models.BooleanField(_("现金"), default=True)
    legal_basis = models.CharField(_("依据"), max_length=200, blank=True)
    layer = models.CharField(_("层级"), max_length=12, choices=Layer.choices, default=Layer.FLOOR)

    class Meta:
        verbose_name = _("赔偿项目")
        verbose_name_plural = _("赔偿项目")
        constraints = [
            models.UniqueConstraint(
                fields=["option", "position"], name="compensation_one_line_a_place"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, quantity__gte=1), name="compensation_line_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(is_cash=False) | Q(amount__gt=0), name="compensation_cash_is_something"
            ),
            models.CheckConstraint(
                condition=~Q(kind=LineKind.CREDIT) | Q(is_cash=True),
                name="compensation_credit_is_cash",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(NEVER_CASH)) | Q(is_cash=False),
                name="compensation_in_kind_is_not_cash",
            ),
        ]

    def __str__(self) -> str:
        return self.description
