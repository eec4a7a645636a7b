"""Asking whether what was promised arrived, and how the consumer found it all."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.states import CallOutcome, FollowUpChannel
from complaints import sealing
from complaints.models import Case


class FollowUp(models.Model):
    """An answered follow-up: did it arrive, and a rating of one to five if one was given."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    round = models.PositiveSmallIntegerField(_("轮次"))
    arrived = models.BooleanField(_("都收到了"))
    rating = models.PositiveSmallIntegerField(_("评分"), null=True, blank=True)
    resolved = models.BooleanField(_("问题解决了"), null=True, blank=True)
    comment_sealed = models.BinaryField(_("评价（已加密）"), default=bytes)
    change_sealed = models.BinaryField(_("改进建议（已加密）"), default=bytes)
    channel = models.CharField(_("方式"), max_length=8, choices=FollowUpChannel.choices)
    answered_at = models.DateTimeField(_("回答时间"))
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("回访")
        verbose_name_plural = _("回访")
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="agreements_one_round"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5),
                name="agreements_rating_1_to_5",
            ),
        ]
        indexes = [models.Index(fields=["answered_at"], name="agreements_follow_up_at")]

    def __str__(self) -> str:
        return f"FollowUp {self.pk}"

    @property
    def comment(self) -> str:
        """The comment in clear; empty after erasure."""
        return sealing.unseal(self.case.consumer.key_sealed, self.comment_sealed) or ""

    @property
    def change(self) -> str:
        """What about our process should change, in clear; empty after erasure."""
        return sealing.unseal(self.case.consumer.key_sealed, self.change_sealed) or ""


class SurveyLink(models.Model):
    """A link by which the consumer answers once, without logging in; only its digest is kept."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="survey_links")
    round = models.PositiveSmallIntegerField(_("轮次"))
    digest = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效期至"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("问卷链接")
        verbose_name_plural = _("问卷链接")
        indexes = [
            models.Index(fields=["case", "round"], name="agreements_survey_round"),
            models.Index(fields=["sent_at"], name="agreements_survey_sent"),
        ]

    def __str__(self) -> str:
        return f"SurveyLink {self.pk}"


class FollowUpAttempt(models.Model):
    """A call in which the questions could not be asked; only unanswered ones may end the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_up_attempts")
    round = models.PositiveSmallIntegerField(_("轮次"))
    channel = models.CharField(_("方式"), max_length=8, choices=FollowUpChannel.choices)
    outcome = models.CharField(
        _("结果"),
        max_length=10,
        choices=CallOutcome.choices,
        default=CallOutcome.NO_ANSWER,
        db_default=CallOutcome.NO_ANSWER,
    )
    call_again_at = models.DateTimeField(_("什么时候再打"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    tried_at = models.DateTimeField(_("尝试时间"))
    tried_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("回访未接通的记录")
        verbose_name_plural = _("回访未接通的记录")
        indexes = [models.Index(fields=["case", "round"], name="agreements_attempts")]

    def __str__(self) -> str:
        return f"FollowUpAttempt {self.pk}"
