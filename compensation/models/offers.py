"""An offer to the consumer: a plan, sent once, open until its end. Its terms never change."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compensation.models.plans import CompensationPlan, PlanOption
from compensation.states import OfferStatus, ReplyKind


class Offer(models.Model):
    """A plan as it was sent. `content_digest` covers all that the consumer was shown."""

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
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("消费者答复")
        verbose_name_plural = _("消费者答复")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ReplyKind.ACCEPT, option__isnull=False)
                | (Q(kind=ReplyKind.COUNTER, option__isnull=True) & ~Q(text="")),
                name="compensation_reply_says_something",
            )
        ]

    def __str__(self) -> str:
        return f"OfferReply {self.pk}"
