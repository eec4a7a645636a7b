"""Obligations and what became of them: payments, breaches."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Agreement
from agreements.states import (
    DONE_STATUSES,
    Debtor,
    Handover,
    ObligationKind,
    ObligationStatus,
    PaymentMethod,
)
from complaints import sealing
from complaints.selectors.policies import working_calendar


class Obligation(models.Model):
    """One thing that one side promised, and by which day (until its end, local time).

    `agreed_due_on` is the day of an instalment that the consumer had fall due before it.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="obligations")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("种类"), max_length=16, choices=ObligationKind.choices)
    debtor = models.CharField(
        _("由谁履行"), max_length=10, choices=Debtor.choices, default=Debtor.COMPANY
    )
    description = models.CharField(_("内容"), max_length=300)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    due_on = models.DateField(_("最晚日期"))
    agreed_due_on = models.DateField(_("提前到期以前约定的日期"), null=True, blank=True)
    proof_wanted = models.CharField(_("凭证"), max_length=120, blank=True)
    pickup = models.CharField(_("怎样交还"), max_length=12, choices=Handover.choices, blank=True)
    freight = models.CharField(_("运费由谁付"), max_length=10, choices=Debtor.choices, blank=True)
    dispute_sealed = models.BinaryField(_("消费者的异议（已加密）"), default=bytes)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=ObligationStatus.choices,
        default=ObligationStatus.PENDING,
    )
    performed_at = models.DateTimeField(_("履行时间"), null=True, blank=True)
    performed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proof = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.TextField(_("说明"), blank=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    times_reopened = models.PositiveSmallIntegerField(_("重新履行次数"), default=0)

    class Meta:
        verbose_name = _("履行事项")
        verbose_name_plural = _("履行事项")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "position"], name="agreements_obligation_order"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ObligationKind.PAYMENT) | Q(amount__gt=0),
                name="agreements_payment_has_amount",
            ),
            models.CheckConstraint(
                condition=(Q(pickup="") & Q(freight="")) | Q(kind=ObligationKind.RETURN_OF_GOODS),
                name="agreements_handover_of_goods",
            ),
            models.CheckConstraint(
                condition=~Q(status=ObligationStatus.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="agreements_confirmed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["performed", "confirmed"]) | Q(performed_at__isnull=False),
                name="agreements_performed_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(status=ObligationStatus.PENDING),
                name="agreements_obligation_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def subject(self) -> str:
        """The subject of this obligation's clock."""
        return f"obligation:{self.pk}"

    @property
    def due_at(self) -> datetime:
        """The end of the due day, as a moment."""
        return working_calendar().end_of(self.due_on)

    @property
    def is_done(self) -> bool:
        """Whether nothing more is owed."""
        return self.status in DONE_STATUSES

    @property
    def dispute(self) -> str:
        """Why the consumer said last that it did not arrive, in clear; empty after erasure."""
        consumer = self.agreement.case.consumer
        return sealing.unseal(consumer.key_sealed, self.dispute_sealed) or ""

    @property
    def paid(self) -> Decimal:
        """What was paid and did not come back."""
        paid = self.payments.filter(returned_at=None).aggregate(sum=Sum("amount"))["sum"]
        return paid or Decimal(0)

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid."""
        return (self.amount or Decimal(0)) - self.paid


class Payment(models.Model):
    """Money that went out, with proof. Only its return may be added later; sums never exceed.

    The proof is a file, or the payout of a batch that the bank has told us is paid.
    `payee_sealed` holds the account in clear under the consumer's key; lists show `payee_masked`.
    """

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="payments")
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    method = models.CharField(_("付款方式"), max_length=16, choices=PaymentMethod.choices)
    payee_sealed = models.BinaryField(_("收款账户（已加密）"), default=bytes)
    payee_masked = models.CharField(_("收款账户"), max_length=60, blank=True)
    reference = models.CharField(_("流水号"), max_length=80, blank=True)
    paid_at = models.DateTimeField(_("付款时间"))
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="recorded_payments"
    )
    recorded_at = models.DateTimeField(_("登记时间"))
    proof = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    payout = models.OneToOneField(
        "agreements.Payout",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="payment",
    )
    key = models.CharField(max_length=64, unique=True)
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    return_reason = models.CharField(_("退回的原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("付款")
        verbose_name_plural = _("付款")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="agreements_paid_is_positive"),
            models.CheckConstraint(
                condition=Q(paid_at__lte=F("recorded_at")), name="agreements_paid_before_recorded"
            ),
            models.CheckConstraint(
                condition=Q(proof__isnull=False) | Q(payout__isnull=False),
                name="agreements_payment_is_proved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.pk}"

    @property
    def payee(self) -> str:
        """The account in clear; empty after erasure."""
        consumer = self.obligation.agreement.case.consumer
        return sealing.unseal(consumer.key_sealed, self.payee_sealed) or ""


class Breach(models.Model):
    """An obligation that was not performed in time, and how that is mended."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="breaches")
    declared_at = models.DateTimeField(_("认定时间"))
    declared_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_was = models.DateField(_("原定日期"))
    reason = models.TextField(_("原因"), blank=True)
    remedy = models.TextField(_("补救办法"), blank=True)
    new_due = models.DateField(_("新的日期"), null=True, blank=True)
    remedied_at = models.DateTimeField(_("补救完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("违约")
        verbose_name_plural = _("违约")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(remedied_at__isnull=True, new_due__isnull=True),
                name="agreements_one_open_breach",
            )
        ]

    def __str__(self) -> str:
        return f"Breach {self.pk}"
