"""The loss sheet: what the consumer lost, line by line, claimed, shown by evidence, verified."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compensation.states import Incoterm, Leg, LossKind
from complaints.models import Case, Evidence


class LossItem(models.Model):
    """One loss. What was claimed never changes; a person verifies it, up to what was claimed.

    A claim in another currency carries the rate with its source and day, stated by the person who
    entered it: nothing is converted silently. `due` is the claim in the case's currency.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="losses")
    number = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("项目"), max_length=16, choices=LossKind.choices)
    description = models.CharField(_("说明"), max_length=120)
    incurred_on = models.DateField(_("发生日期"))
    evidence = models.ForeignKey(
        Evidence,
        verbose_name=_("证据"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="losses",
    )
    claimed = models.DecimalField(_("主张金额"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("币种"), max_length=3)
    rate = models.DecimalField(_("汇率"), max_digits=18, decimal_places=8, null=True, blank=True)
    rate_source = models.CharField(_("汇率来源"), max_length=120, blank=True)
    rate_on = models.DateField(_("汇率日期"), null=True, blank=True)
    due = models.DecimalField(_("折合本案币种"), max_digits=14, decimal_places=2)
    incoterm = models.CharField(_("贸易术语"), max_length=3, choices=Incoterm.choices, blank=True)
    leg = models.CharField(_("哪一段"), max_length=16, choices=Leg.choices, blank=True)
    principal = models.DecimalField(
        _("本金"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    yearly_rate = models.DecimalField(
        _("年利率"), max_digits=7, decimal_places=6, null=True, blank=True
    )
    until = models.DateField(_("计息至"), null=True, blank=True)
    verified = models.DecimalField(
        _("核定金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("核定的理由"), max_length=300, blank=True)
    entered_by = models.ForeignKey(
        "accounts.User", verbose_name=_("登记人"), on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("登记时间"))
    verified_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("核定人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    verified_at = models.DateTimeField(_("核定时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("损失")
        verbose_name_plural = _("损失")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"], name="compensation_one_loss_a_number"
            ),
            models.CheckConstraint(
                condition=Q(claimed__gt=0, due__gt=0), name="compensation_loss_is_something"
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True, rate_on__isnull=True, due=F("claimed"))
                | (Q(rate__gt=0, rate_on__isnull=False) & ~Q(rate_source="")),
                name="compensation_rate_is_stated",
            ),
            models.CheckConstraint(
                condition=Q(verified__isnull=True, verified_by=None, verified_at=None)
                | Q(
                    verified__gte=0,
                    verified__lte=F("due"),
                    verified_by__isnull=False,
                    verified_at__isnull=False,
                ),
                name="compensation_verified_within_claim",
            ),
            models.CheckConstraint(
                condition=Q(verified__isnull=True) | Q(verified=F("due")) | ~Q(reason=""),
                name="compensation_cut_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.description
