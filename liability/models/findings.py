"""The finding and its two tables of shares. What was issued never changes; it is superseded."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, Evidence
from documents.models import Document
from liability.models.investigations import Investigation
from liability.states import (
    GroundKind,
    LiabilityKind,
    Outcome,
    Party,
    ShareTable,
    StandardOfProof,
)


class LiabilityFinding(models.Model):
    """责任认定: issued when it is written. The database lets only `superseded_by` be set later."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    investigation = models.ForeignKey(
        Investigation, on_delete=models.PROTECT, null=True, blank=True, related_name="findings"
    )
    version = models.PositiveSmallIntegerField(_("版本"))
    outcome = models.CharField(_("结论"), max_length=12, choices=Outcome.choices)
    admitted = models.BooleanField(_("我们自认责任"), default=False)
    standard_of_proof = models.CharField(
        _("证明标准"),
        max_length=14,
        choices=StandardOfProof.choices,
        default=StandardOfProof.PREPONDERANCE,
    )
    reasons_consumer = models.TextField(_("给消费者的理由"))
    reasons_internal = models.TextField(_("完整理由"), blank=True)
    expected_amount = models.DecimalField(
        _("预计补偿金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    dissenter = models.CharField(_("持不同意见的人"), max_length=80, blank=True)
    dissent = models.TextField(_("不同意见"), blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("认定人"),
        on_delete=models.PROTECT,
        related_name="decided_findings",
    )
    decided_at = models.DateTimeField(_("认定时间"))
    approved_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("批准人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_findings",
    )
    approved_for = models.ForeignKey(
        "accounts.User",
        verbose_name=_("代谁批准"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    letter = models.ForeignKey(
        Document,
        verbose_name=_("责任认定书"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
    )
    superseded_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    class Meta:
        verbose_name = _("责任认定")
        verbose_name_plural = _("责任认定")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "version"], name="liability_one_finding_a_version"
            ),
            models.CheckConstraint(
                condition=~Q(reasons_consumer=""), name="liability_finding_has_reasons"
            ),
            models.CheckConstraint(
                condition=Q(admitted=False) | Q(outcome__in=[Outcome.LIABLE, Outcome.PARTLY]),
                name="liability_admitted_means_liable",
            ),
            models.CheckConstraint(
                condition=Q(dissenter="", dissent="") | ~(Q(dissenter="") | Q(dissent="")),
                name="liability_dissent_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(
                    approved_by__isnull=True, approved_at__isnull=True, approved_for__isnull=True
                )
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_by=F("decided_by"))
                    & (Q(approved_for__isnull=True) | ~Q(approved_for=F("decided_by")))
                ),
                name="liability_another_person_approves",
            ),
            models.CheckConstraint(
                condition=Q(expected_amount__isnull=True) | Q(expected_amount__gte=0),
                name="liability_expected_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"LiabilityFinding {self.pk}"

    @property
    def is_current(self) -> bool:
        """Whether no later finding took its place."""
        return self.superseded_by_id is None

    @property
    def calls_for_redress(self) -> bool:
        """Whether a plan is owed."""
        return self.outcome != Outcome.NOT_LIABLE

    @property
    def admits_liability(self) -> bool:
        """Whether it says that we bear all or a part; help given in doubt admits nothing."""
        return self.outcome in (Outcome.LIABLE, Outcome.PARTLY)

    @property
    def approver(self) -> str:
        """Who approved it, with the person in whose place; "" when nobody had to."""
        if self.approved_by is None:
            return ""
        if self.approved_for is None:
            return str(self.approved_by)
        return f"{self.approved_by} ({self.approved_for})"


class LiabilityShare(models.Model):
    """One party's percentage. Each table of a finding makes 100, which the database checks."""

    finding = models.ForeignKey(LiabilityFinding, on_delete=models.PROTECT, related_name="shares")
    table = models.CharField(_("表"), max_length=8, choices=ShareTable.choices)
    position = models.PositiveSmallIntegerField(_("次序"))
    party = models.CharField(_("责任方"), max_length=20, choices=Party.choices)
    name = models.CharField(_("名称"), max_length=120, blank=True)
    share = models.DecimalField(_("比例（%）"), max_digits=5, decimal_places=2)
    kind = models.CharField(_("责任形式"), max_length=14, choices=LiabilityKind.choices, blank=True)
    ground_kind = models.CharField(
        _("依据的种类"),
        max_length=10,
        choices=GroundKind.choices,
        default=GroundKind.ARTICLE,
    )
    ground = models.CharField(_("依据"), max_length=300)
    evidence = models.ManyToManyField(
        Evidence, verbose_name=_("证据"), blank=True, related_name="shares"
    )

    class Meta:
        verbose_name = _("责任比例")
        verbose_name_plural = _("责任比例")
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "table", "position"], name="liability_one_share_a_place"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=Decimal(0), share__lte=Decimal(100)),
                name="liability_share_in_range",
            ),
            models.CheckConstraint(
                condition=Q(table=ShareTable.INWARD, kind="")
                | (Q(table=ShareTable.OUTWARD) & ~Q(kind="")),
                name="liability_outward_share_has_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.share}"
