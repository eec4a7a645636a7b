"""Money set aside for compensation: funds, and a double-entry journal of everything that moves.

An entry's lines add up to nothing, so in every fund free + reserved + committed + paid is what was
allotted. Entries and lines are only added; balances and holds follow them by triggers, and the
database refuses any that would fall below zero.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FundAccount(models.TextChoices):
    """Where money of a fund is. ALLOTTED is the other side: it counts as a negative."""

    ALLOTTED = "allotted", _("预算")
    FREE = "free", _("可用")
    RESERVED = "reserved", _("已预留")
    COMMITTED = "committed", _("已承诺")
    PAID = "paid", _("已支付")


class FundMove(models.TextChoices):
    """Why money moved."""

    ALLOT = "allot", _("拨入预算")
    REDUCE = "reduce", _("减少预算")
    RESERVE = "reserve", _("发出方案，预留")
    COMMIT = "commit", _("签署协议，承诺")
    RELEASE = "release", _("释放")
    PAY = "pay", _("付款")
    RETURN = "return", _("付款退回")
    RECOVER = "recover", _("追偿收回")


class Fund(models.Model):
    """A budget for compensation in one currency, for one category of complaints or for all."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    category = models.CharField(_("投诉类别"), max_length=12, blank=True)
    is_open = models.BooleanField(_("启用"), default=True)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("补偿资金")
        verbose_name_plural = _("补偿资金")
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "category"],
                condition=Q(is_open=True),
                name="compensation_one_open_fund",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FundBalance(models.Model):
    """What is in an account of a fund; the sum of its lines, kept by the database."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="balances")
    account = models.CharField(max_length=10, choices=FundAccount.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "account"], name="compensation_one_balance"),
            models.CheckConstraint(
                condition=Q(account="allotted", amount__lte=0)
                | (~Q(account="allotted") & Q(amount__gte=0)),
                name="compensation_fund_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.account}"


class FundHold(models.Model):
    """What of a fund stands for one case; kept by the database as the lines say."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="holds")
    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="+")
    reserved = models.DecimalField(_("已预留"), max_digits=14, decimal_places=2, default=Decimal(0))
    committed = models.DecimalField(
        _("已承诺"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    paid = models.DecimalField(_("已支付"), max_digits=14, decimal_places=2, default=Decimal(0))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="compensation_one_hold"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, committed__gte=0, paid__gte=0),
                name="compensation_hold_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"FundHold {self.pk}"


class FundEntry(models.Model):
    """One movement, by whom and why; `key` makes a repetition the same movement."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("事项"), max_length=8, choices=FundMove.choices)
    hold = models.ForeignKey(
        FundHold, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    booked_on = models.DateField(_("记账日期"))
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField(_("说明"), max_length=200, blank=True)
    key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("资金流水")
        verbose_name_plural = _("资金流水")
        indexes = [models.Index(fields=["fund", "-id"], name="compensation_fund_journal")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class FundLine(models.Model):
    """One side of an entry."""

    entry = models.ForeignKey(FundEntry, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(max_length=10, choices=FundAccount.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "account"], name="compensation_one_side"),
            models.CheckConstraint(condition=~Q(amount=0), name="compensation_line_moves"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class FundClose(models.Model):
    """A month of a fund that is closed: nothing is booked in it any more. Only added to."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="closes")
    month = models.DateField(_("月份"))
    allotted = models.DecimalField(_("预算"), max_digits=16, decimal_places=2)
    free = models.DecimalField(_("可用"), max_digits=16, decimal_places=2)
    reserved = models.DecimalField(_("已预留"), max_digits=16, decimal_places=2)
    committed = models.DecimalField(_("已承诺"), max_digits=16, decimal_places=2)
    paid = models.DecimalField(_("已支付"), max_digits=16, decimal_places=2)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("结账时间"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "month"], name="compensation_one_close"),
            models.CheckConstraint(
                condition=Q(month__day=1), name="compensation_close_names_a_month"
            ),
            models.CheckConstraint(
                condition=Q(
                    allotted=models.F("free")
                    + models.F("reserved")
                    + models.F("committed")
                    + models.F("paid")
                ),
                name="compensation_close_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.month:%Y-%m}"
