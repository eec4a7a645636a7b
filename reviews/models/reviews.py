"""The company's own review 内部复议 (not an administrative review)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from complaints.states import ActorKind
from reviews.states import ReviewDecision, ReviewedDecision, ReviewGround


class Review(models.Model):
    """One application for review, the people who decide it, and their decision."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    requested_at = models.DateTimeField(_("申请时间"))
    requested_by_kind = models.CharField(
        _("申请人"), max_length=10, choices=ActorKind.choices, default=ActorKind.CONSUMER
    )
    requested_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    request_event = models.PositiveIntegerField(_("申请时的事件序号"))
    in_time = models.BooleanField(_("在期限内"))
    reviewed = models.CharField(_("对什么不服"), max_length=10, choices=ReviewedDecision.choices)
    finding = models.ForeignKey(
        "liability.LiabilityFinding",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
    )
    plan = models.ForeignKey(
        "compensation.CompensationPlan",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
    )
    panel = models.ManyToManyField(
        "accounts.User", verbose_name=_("复议员"), blank=True, related_name="review_panels"
    )
    assigned_at = models.DateTimeField(_("组成复议小组的时间"), null=True, blank=True)
    decision = models.CharField(
        _("决定"), max_length=20, choices=ReviewDecision.choices, blank=True
    )
    reasons = models.TextField(_("理由"), blank=True)
    outcome_text = models.TextField(_("决定内容"), blank=True)
    amount_before = models.DecimalField(
        _("原金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    amount_after = models.DecimalField(
        _("不低于的金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("复议")
        verbose_name_plural = _("复议")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(decision=""), name="reviews_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="reviews_decided_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["", ReviewDecision.WITHDRAWN])
                | Q(decided_by__isnull=False) & ~Q(reasons=""),
                name="reviews_decided_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(amount_before__isnull=True)
                | Q(amount_after__isnull=True)
                | Q(amount_after__gte=F("amount_before")),
                name="reviews_never_worse",
            ),
        ]
        indexes = [models.Index(fields=["decision", "requested_at"], name="reviews_by_decision")]

    def __str__(self) -> str:
        return f"Review {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the panel has still to decide."""
        return not self.decision


class GroundOfReview(models.Model):
    """One ground of an application, and what the panel found about it."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="grounds")
    position = models.PositiveSmallIntegerField()
    ground = models.CharField(_("理由"), max_length=16, choices=ReviewGround.choices)
    text = models.TextField(_("说明"), blank=True)
    finding = models.TextField(_("复议小组的认定"), blank=True)

    class Meta:
        verbose_name = _("复议理由")
        verbose_name_plural = _("复议理由")
        constraints = [
            models.UniqueConstraint(fields=["review", "ground"], name="reviews_one_ground")
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.pk}"
