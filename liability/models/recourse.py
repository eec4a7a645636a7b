"""Recourse: claims against those who bear a part, what they paid back, and insurance."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, Product
from liability.models.findings import LiabilityFinding
from liability.models.supply import Supplier
from liability.recourse import covered_by_policy, covered_by_share
from liability.states import DEBTOR_CHOICES, INSURER, ClaimStatus, EntryKind


class InsurancePolicy(models.Model):
    """产品责任险: what an insurer bears of a case, and until when it must be told."""

    insurer = models.CharField(_("保险公司"), max_length=120)
    number = models.CharField(_("保单号"), max_length=60)
    coverage = models.DecimalField(_("每案保额"), max_digits=14, decimal_places=2)
    deductible = models.DecimalField(_("免赔额"), max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    starts_on = models.DateField(_("起保日期"))
    ends_on = models.DateField(_("到期日期"))
    notice_days = models.PositiveSmallIntegerField(
        _("报案期限（天）"), default=5, help_text=_("从认定责任那天起算，按保单填写")
    )
    contact = models.CharField(_("报案方式"), max_length=200, blank=True)
    products = models.ManyToManyField(
        Product,
        verbose_name=_("承保商品"),
        blank=True,
        related_name="policies",
        help_text=_("不选表示所有商品"),
    )

    class Meta:
        verbose_name = _("产品责任险保单")
        verbose_name_plural = _("产品责任险保单")
        constraints = [
            models.UniqueConstraint(
                fields=["insurer", "number"], name="liability_one_policy_a_number"
            ),
            models.CheckConstraint(
                condition=Q(coverage__gt=0, deductible__gte=0), name="liability_policy_amounts"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="liability_policy_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.insurer} {self.number}"


class RecourseTerm(models.Model):
    """Within how many days a kind of party, or one supplier, must be told of a claim."""

    party = models.CharField(_("责任方"), max_length=20, choices=DEBTOR_CHOICES)
    supplier = models.ForeignKey(
        Supplier,
        verbose_name=_("供货者"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recourse_terms",
        help_text=_("有单独合同的供货者；留空表示这一类都适用"),
    )
    days = models.PositiveSmallIntegerField(_("通知期限（天）"))
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("追偿的通知期限")
        verbose_name_plural = _("追偿的通知期限")
        constraints = [
            models.UniqueConstraint(
                fields=["party", "supplier"],
                nulls_distinct=False,
                name="liability_one_term_a_party",
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="liability_term_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.days}"


class RecourseBasis(models.Model):
    """What went to the consumer of a case, in money or in kind at its worth; withdrawn where it
    came back or did not arrive.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="recourse_bases")
    source = models.CharField(_("来源"), max_length=64, unique=True)
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("币种"), max_length=3)
    in_kind = models.BooleanField(_("实物"), default=False)
    paid_at = models.DateTimeField(_("付款时间"))
    withdrawn_at = models.DateTimeField(_("退回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("已付款项")
        verbose_name_plural = _("已付款项")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="liability_basis_is_positive")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.amount}"


class RecourseClaim(models.Model):
    """A claim against one debtor: a party by its inward share, or an insurer by a policy."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="recourse_claims")
    finding = models.ForeignKey(
        LiabilityFinding, on_delete=models.PROTECT, related_name="recourse_claims"
    )
    party = models.CharField(_("向谁追偿"), max_length=20, choices=DEBTOR_CHOICES)
    name = models.CharField(_("名称"), max_length=190, blank=True)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="recourse_claims"
    )
    policy = models.ForeignKey(
        InsurancePolicy, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    percent = models.DecimalField(
        _("比例（%）"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=ClaimStatus.choices, default=ClaimStatus.OPEN
    )
    opened_at = models.DateTimeField(_("开始时间"))
    notice_due_on = models.DateField(_("最晚通知日期"))
    notified_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    close_reason = models.CharField(_("结束的原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("追偿")
        verbose_name_plural = _("追偿")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "party", "name"], name="liability_one_claim_a_debtor"
            ),
            models.CheckConstraint(
                condition=Q(policy__isnull=True, percent__gt=Decimal(0), percent__lte=Decimal(100))
                & ~Q(party=INSURER)
                | Q(policy__isnull=False, percent__isnull=True, party=INSURER),
                name="liability_claim_by_share_or_policy",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ClaimStatus.OPEN, ClaimStatus.NOTIFIED], closed_at=None)
                | (
                    Q(status__in=[ClaimStatus.CLOSED, ClaimStatus.WITHDRAWN])
                    & Q(closed_at__isnull=False)
                ),
                name="liability_ended_claim_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status=ClaimStatus.NOTIFIED) | Q(notified_at__isnull=False),
                name="liability_notified_claim_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["notice_due_on"],
                condition=Q(status=ClaimStatus.OPEN),
                name="liability_claims_to_notify",
            )
        ]

    def __str__(self) -> str:
        return f"RecourseClaim {self.pk}"

    @property
    def debtor(self) -> str:
        """Who owes it, in words."""
        return f"{self.get_party_display()} {self.name}".strip()

    @property
    def is_open(self) -> bool:
        """Whether money may still come."""
        return self.status in (ClaimStatus.OPEN, ClaimStatus.NOTIFIED)

    def covered(self, paid: Decimal) -> Decimal:
        """Return how much of what was paid this claim may bring back."""
        if self.policy is not None:
            return covered_by_policy(paid, self.policy.coverage, self.policy.deductible)
        return covered_by_share(paid, self.percent or Decimal(0))


class RecourseEntry(models.Model):
    """What was said to or by the debtor; only added to."""

    claim = models.ForeignKey(RecourseClaim, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("种类"), max_length=10, choices=EntryKind.choices)
    text = models.TextField(_("内容"))
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("追偿往来")
        verbose_name_plural = _("追偿往来")

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Recovery(models.Model):
    """Money that came back. The database lets no claim bring more than it covers of what was
    paid, and no case more than was paid.
    """

    claim = models.ForeignKey(RecourseClaim, on_delete=models.PROTECT, related_name="recoveries")
    amount = models.DecimalField(_("金额"), max_digits=14, decimal_places=2)
    received_on = models.DateField(_("到账日期"))
    reference = models.CharField(_("流水号"), max_length=80, blank=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("追回的款项")
        verbose_name_plural = _("追回的款项")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="liability_recovery_is_positive")
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.pk}"
