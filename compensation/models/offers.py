"""An offer to the consumer: a plan, sent once, open until its end. Its terms never change."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compensation.models.plans import CompensationPlan, PlanOption
from compensation.states import OfferStatus, ReplyKind
from complaints.models import Case


class Offer(models.Model):
    """A plan as it was sent: one of a case's numbered rounds.

    `content_digest` covers all that the consumer was shown. One offer of a case at most is open or
    accepted: whoever is faster, the database knows one outcome.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField(_("第几轮"))
    plan = models.OneToOneField(CompensationPlan, on_delete=models.PROTECT, related_name="offer")
    sent_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    content_digest = models.CharField(max_length=64)
    status = models.CharField(
        _("状态"), max_length=10, choices=OfferStatus.choices, default=OfferStatus.OPEN
    )
    chosen_option = models.ForeignKey(
        PlanOption, on_delete=models.PROTECT, null=True, blank=True, related_name="chosen_in"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    second_notice_at = models.DateTimeField(_("第二次通知时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("已发方案")
        verbose_name_plural = _("已发方案")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number"], name="compensation_one_offer_a_number"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=["open", "accepted"]),
                name="compensation_one_offer_stands",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="compensation_offer_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(status=OfferStatus.ACCEPTED)
                | Q(chosen_option__isnull=False, answered_at__isnull=False),
                name="compensation_accepted_means_chosen",
            ),
            models.CheckConstraint(
                condition=~Q(status=OfferStatus.OPEN)
                | Q(chosen_option__isnull=True, answered_at__isnull=True),
                name="compensation_open_means_unanswered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(status="open"),
                name="compensation_open_offers",
            )
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"


class OfferReply(models.Model):
    """What the consumer answered, in the order in which it came."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=8, choices=ReplyKind.choices)
    option = models.ForeignKey(
        PlanOption, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("想法"), blank=True)
    amount = models.DecimalField(
        _("希望的金额"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    shortfall = models.DecimalField(
        _("比法定少"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    informed = models.BooleanField(_("知情后选择"), default=False)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("消费者答复")
        verbose_name_plural = _("消费者答复")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ReplyKind.ACCEPT, option__isnull=False, amount__isnull=True)
                | (Q(kind=ReplyKind.COUNTER, option__isnull=True) & ~Q(text=""))
                | Q(kind=ReplyKind.DECLINE, option__isnull=True, amount__isnull=True),
                name="compensation_reply_says_something",
            ),
            models.CheckConstraint(
                condition=Q(shortfall=0) | Q(shortfall__gt=0, informed=True),
                name="compensation_below_floor_is_informed",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="compensation_wish_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"OfferReply {self.pk}"
