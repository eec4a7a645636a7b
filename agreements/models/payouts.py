"""Money on its way to consumers: payees, batches, their payments, and the bank's statements.

Who puts a batch together never releases it, and who asks for another payee never confirms it: the
database refuses both. A released batch is frozen.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from agreements.banking.orders import Party
from agreements.models.agreement import Agreement
from agreements.models.performance import Obligation
from agreements.states import (
    LIVE_PAYOUTS,
    BatchState,
    EntryOutcome,
    PayeeState,
    PayoutChannel,
    PayoutState,
    StatementFormat,
)
from complaints import sealing


class NextBatchNumber(Func):
    """The next number, PB-<year>-<number>, drawn from a sequence by the database."""

    function = "agreements_next_batch_number"
    output_field = models.CharField()


class PayeeAccount(models.Model):
    """Where an agreement's money goes. The account stands sealed under the consumer's key.

    One that is not what the consumer signed needs a second person before it counts.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="payees")
    sealed = models.BinaryField(_("收款账户（已加密）"), default=bytes)
    masked = models.CharField(_("收款账户"), max_length=60)
    as_signed = models.BooleanField(_("和协议一致"), default=False)
    reason = models.CharField(_("更改的原因"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=9, choices=PayeeState.choices, default=PayeeState.ASKED
    )
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("登记时间"))
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("核对时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("收款账户")
        verbose_name_plural = _("收款账户")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state=PayeeState.CURRENT),
                name="agreements_one_current_payee",
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state=PayeeState.ASKED),
                name="agreements_one_asked_payee",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="agreements_payee_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PayeeState.CURRENT, PayeeState.REPLACED])
                | Q(as_signed=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="agreements_other_payee_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(as_signed=True) | ~Q(reason=""), name="agreements_other_payee_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"PayeeAccount {self.pk}"

    @property
    def party(self) -> Party | None:
        """The payee in clear; None after erasure."""
        found = sealing.unseal(self.agreement.case.consumer.key_sealed, self.sealed)
        return Party(**found) if found else None


class PayoutBatch(models.Model):
    """Payments that go out together: put together by one, released by another, then frozen."""

    number = models.CharField(
        _("批次"), max_length=20, unique=True, db_default=NextBatchNumber(), editable=False
    )
    channel = models.CharField(
        _("付款渠道"),
        max_length=8,
        choices=PayoutChannel.choices,
        default=PayoutChannel.FILE,
    )
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    execute_on = models.DateField(_("付款日期"))
    state = models.CharField(
        _("状态"), max_length=9, choices=BatchState.choices, default=BatchState.DRAFT
    )
    key = models.CharField(max_length=64, unique=True)
    payer = models.JSONField(_("付款账户"), default=dict, blank=True)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("制单时间"))
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("放行时间"), null=True, blank=True)
    count = models.PositiveIntegerField(_("笔数"), default=0)
    total = models.DecimalField(_("合计"), max_digits=14, decimal_places=2, default=Decimal(0))
    pain_sha256 = models.CharField(max_length=64, blank=True)
    table_sha256 = models.CharField(max_length=64, blank=True)
    downloads = models.PositiveSmallIntegerField(_("下载次数"), default=0)

    class Meta:
        verbose_name = _("付款批次")
        verbose_name_plural = _("付款批次")
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by__isnull=True)
                | (~Q(released_by=F("made_by")) & ~Q(released_by=F("changed_by"))),
                name="agreements_batch_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.RELEASED)
                | (
                    Q(released_by__isnull=False, released_at__isnull=False, count__gt=0)
                    & Q(total__gt=0)
                    & ~Q(pain_sha256="")
                    & ~Q(table_sha256="")
                ),
                name="agreements_released_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Payout(models.Model):
    """One payment of a batch. `key` is its name at the bank: the same in every repetition."""

    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="payouts")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="payouts")
    payee = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT, related_name="payouts")
    key = models.CharField(_("客户流水号"), max_length=35, unique=True)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    state = models.CharField(
        _("状态"), max_length=8, choices=PayoutState.choices, default=PayoutState.PLANNED
    )
    paid = models.DecimalField(_("实付"), max_digits=14, decimal_places=2, null=True, blank=True)
    settled_at = models.DateTimeField(_("结果时间"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    reference = models.CharField(_("银行流水号"), max_length=80, blank=True)
    tries = models.PositiveSmallIntegerField(_("发送次数"), default=0)

    class Meta:
        verbose_name = _("批次付款")
        verbose_name_plural = _("批次付款")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(state__in=sorted(LIVE_PAYOUTS)),
                name="agreements_one_live_payout",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="agreements_payout_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=[PayoutState.PAID, PayoutState.RETURNED])
                | Q(paid__gt=0, paid__lte=F("amount"), settled_at__isnull=False),
                name="agreements_paid_payout_amount",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PayoutState.FAILED, PayoutState.RETURNED]) | ~Q(reason=""),
                name="agreements_failed_payout_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Statement(models.Model):
    """A statement of the bank, or its report on a batch. Only the digest of the file is kept."""

    name = models.CharField(_("文件名"), max_length=120)
    format = models.CharField(_("格式"), max_length=4, choices=StatementFormat.choices)
    sha256 = models.CharField(max_length=64, unique=True)
    reference = models.CharField(_("对账单号"), max_length=80, blank=True)
    first_day = models.DateField(_("从"))
    last_day = models.DateField(_("到"))
    imported_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("导入时间"))

    class Meta:
        verbose_name = _("对账单")
        verbose_name_plural = _("对账单")

    def __str__(self) -> str:
        return f"Statement {self.pk}"


class StatementEntry(models.Model):
    """One movement of a statement and what it was taken for. Only a note may be added later.

    Who is on the other side stands sealed under the installation's key. A report on a batch need
    not repeat an amount.
    """

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("币种"), max_length=3)
    outgoing = models.BooleanField(_("付出"))
    booked_on = models.DateField(_("记账日期"))
    key = models.CharField(_("客户流水号"), max_length=80, blank=True)
    bank_ref = models.CharField(_("银行流水号"), max_length=80, blank=True)
    counterpart_sealed = models.BinaryField(default=bytes)
    reason = models.CharField(_("摘要"), max_length=140, blank=True)
    outcome = models.CharField(_("结果"), max_length=12, choices=EntryOutcome.choices)
    problem = models.CharField(max_length=20, blank=True)
    payout = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    handled_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    handled_note = models.CharField(_("处理结果"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("对账明细")
        verbose_name_plural = _("对账明细")
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "position"], name="agreements_entry_order"
            ),
            models.UniqueConstraint(
                fields=["payout"], condition=Q(outcome="matched"), name="agreements_matched_once"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["matched", "returned"]) | Q(payout__isnull=False),
                name="agreements_matched_has_payout",
            ),
            models.CheckConstraint(
                condition=Q(handled_at__isnull=True)
                | (Q(handled_by__isnull=False) & ~Q(handled_note="")),
                name="agreements_handled_has_note",
            ),
        ]
        indexes = [
            models.Index(
                fields=["bank_ref"],
                condition=~Q(bank_ref=""),
                name="agreements_entry_bank_ref",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"

    @property
    def counterpart(self) -> str:
        """Who is on the other side, in clear."""
        if not self.counterpart_sealed:
            return ""
        return sealing.unseal_for_installation(self.counterpart_sealed) or ""
