"""Instant offers: what a manager approved beforehand, and every offer that was made under it.

An instant offer is shown right after the form was sent. Nothing about the case changes until the
consumer takes an option: whoever goes the ordinary way is where they would have been without it.
"""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compensation.models.funds import Fund
from compensation.models.offers import Offer
from compensation.models.screening import ScreeningBand


class StandingApproval(models.Model):
    """For which minor cases an offer may be made at once: one person proposes, another approves.

    The terms never change; another approval takes their place. Without one in force there are no
    instant offers.
    """

    categories = ArrayField(models.CharField(max_length=12), verbose_name=_("投诉类别"))
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    most_each = models.DecimalField(_("每件最多"), max_digits=12, decimal_places=2)
    most_together = models.DecimalField(_("合计最多"), max_digits=14, decimal_places=2)
    extra = models.DecimalField(_("另外补偿"), max_digits=10, decimal_places=2, default=Decimal(0))
    band = models.CharField(
        _("筛查"), max_length=20, choices=ScreeningBand.choices, default=ScreeningBand.NORMAL
    )
    fund = models.ForeignKey(
        Fund, verbose_name=_("补偿资金"), on_delete=models.PROTECT, related_name="+"
    )
    caretaker = models.ForeignKey(
        "accounts.User", verbose_name=_("负责人"), on_delete=models.PROTECT, related_name="+"
    )
    until = models.DateField(_("有效期至"))
    reason = models.TextField(_("理由"))
    made_by = models.ForeignKey(
        "accounts.User", verbose_name=_("提出人"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("提出时间"))
    approved_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("批准人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    end_reason = models.TextField(_("停用的理由"), blank=True)

    class Meta:
        verbose_name = _("即时方案的预先批准")
        verbose_name_plural = _("即时方案的预先批准")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_by=F("made_by"))
                ),
                name="compensation_standing_by_another",
            ),
            models.CheckConstraint(
                condition=Q(most_each__gt=0, most_together__gte=F("most_each"), extra__gte=0),
                name="compensation_standing_has_limits",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True, end_reason="")
                | (Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(end_reason="")),
                name="compensation_standing_ended_by",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="compensation_standing_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"StandingApproval {self.pk}"

    @property
    def number(self) -> str:
        """How it is called on papers and pages."""
        return f"SA-{self.pk:04d}"


class InstantOffer(models.Model):
    """What one consumer was shown, under which approval, what became of it, and who looked at it.

    `content` holds facts, sheet and options as they were shown; `digest` covers them. It binds us
    until `expires_at`, and its dearest option is reserved in the fund until then.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("等待选择")
        TAKEN = "taken", _("已选择")
        ORDINARY = "ordinary", _("改走普通流程")
        EXPIRED = "expired", _("已到期")
        ENDED = "ended", _("由人接手")

    class Verdict(models.TextChoices):
        RIGHT = "right", _("方案合适")
        TOO_LOW = "too_low", _("给少了")
        TOO_HIGH = "too_high", _("给多了")
        NOT_FIT = "not_fit", _("这起投诉不该用即时方案")

    case = models.OneToOneField(
        "complaints.Case", on_delete=models.PROTECT, related_name="instant_offer"
    )
    approval = models.ForeignKey(
        StandingApproval, on_delete=models.PROTECT, related_name="instant_offers"
    )
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    floor = models.DecimalField(_("法定最低金额"), max_digits=14, decimal_places=2)
    most = models.DecimalField(_("最多付款"), max_digits=14, decimal_places=2)
    cost = models.DecimalField(_("最高成本"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("币种"), max_length=3)
    shown_at = models.DateTimeField(_("给出时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    offer = models.OneToOneField(
        Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="instant"
    )
    verdict = models.CharField(_("抽查结论"), max_length=10, choices=Verdict.choices, blank=True)
    verdict_note = models.TextField(_("抽查说明"), blank=True)
    reviewed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("抽查时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("即时方案")
        verbose_name_plural = _("即时方案")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("shown_at")), name="compensation_instant_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status="taken", offer__isnull=False)
                | (~Q(status="taken") & Q(offer__isnull=True)),
                name="compensation_instant_taken_is_offer",
            ),
            models.CheckConstraint(
                condition=Q(status="open", answered_at__isnull=True)
                | (~Q(status="open") & Q(answered_at__isnull=False)),
                name="compensation_instant_answered",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (
                    Q(reviewed_by__isnull=False, reviewed_at__isnull=False)
                    & ~Q(verdict="")
                    & ~Q(reviewed_by=F("approved_by"))
                    & (Q(verdict="right") | ~Q(verdict_note=""))
                ),
                name="compensation_instant_seen_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(status="open"),
                name="compensation_instant_open",
            ),
            models.Index(
                fields=["shown_at"],
                condition=Q(verdict=""),
                name="compensation_instant_to_see",
            ),
        ]

    def __str__(self) -> str:
        return f"InstantOffer {self.pk}"
