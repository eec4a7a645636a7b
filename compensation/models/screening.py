"""Claim screening: marks by which claims are linked, what was found, and what a person decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MarkKind(models.TextChoices):
    """What claims may have in common; each mark is kept as a keyed digest only."""

    PHONE = "phone", _("电话")
    ADDRESS = "address", _("地址")
    PAYEE = "payee", _("收款账户")
    DEVICE = "device", _("设备")
    PICTURE = "picture", _("图片")
    TEXT = "text", _("几乎相同的文字")


class ScreeningBand(models.TextChoices):
    """Who looks at a claim."""

    NORMAL = "normal", _("照常办理")
    SECOND_REVIEW = "second_review", _("第二人查看")
    LEAD_LEGAL_REVIEW = "lead_legal_review", _("主管和法务查看")


class ScreeningMark(models.Model):
    """One mark of one case."""

    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=MarkKind.choices)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "digest"], name="compensation_one_mark"
            ),
            models.CheckConstraint(condition=~Q(digest=""), name="compensation_mark_has_digest"),
        ]
        indexes = [models.Index(fields=["kind", "digest", "-case"], name="compensation_marks")]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class ScreeningSign(models.Model):
    """A sign that no machine sees and a person established, with the reason. Only added to."""

    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="+")
    signal = models.CharField(_("情况"), max_length=32)
    reason = models.TextField(_("依据"))
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "signal"], name="compensation_one_sign"),
            models.CheckConstraint(condition=~Q(reason=""), name="compensation_sign_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.signal} {self.case_id}"


class ScreeningResult(models.Model):
    """What one screening of a case found. A new result takes the place of an earlier one.

    `reasons` holds [code, points], `links` [kind, accounts, places]; `group` is the least case id
    of those connected. Nothing in a case depends on it but who is asked to look.
    """

    case = models.ForeignKey("complaints.Case", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("筛查时间"))
    score = models.PositiveSmallIntegerField(_("分数"))
    band = models.CharField(_("去向"), max_length=20, choices=ScreeningBand.choices)
    reasons = models.JSONField(default=list)
    links = models.JSONField(default=list)
    group = models.BigIntegerField(null=True, blank=True)
    is_current = models.BooleanField(default=True)
    is_stale = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("索赔筛查")
        verbose_name_plural = _("索赔筛查")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(is_current=True),
                name="compensation_one_current_screening",
            )
        ]
        indexes = [
            models.Index(
                fields=["-score", "id"],
                condition=Q(is_current=True) & ~Q(band="normal"),
                name="compensation_to_screen",
            ),
            models.Index(
                fields=["id"],
                condition=Q(is_current=True, is_stale=True),
                name="compensation_screen_again",
            ),
            models.Index(fields=["group"], name="compensation_screen_group"),
        ]

    def __str__(self) -> str:
        return f"ScreeningResult {self.pk}"


class ScreeningDecision(models.Model):
    """What a person decided about a result; adverse to the consumer or not, always with a reason.

    An adverse decision says to the consumer why (`words`), and may be appealed; somebody else
    decides about the appeal.
    """

    class Outcome(models.TextChoices):
        CLEARED = "cleared", _("没有问题，照常办理")
        ASK_PROOF = "ask_proof", _("请消费者补充说明或证明")
        FABRICATED = "fabricated", _("认定材料虚构，交法务")

    class AppealOutcome(models.TextChoices):
        UPHELD = "upheld", _("维持")
        LIFTED = "lifted", _("撤销，照常办理")

    result = models.OneToOneField(
        ScreeningResult, on_delete=models.PROTECT, related_name="decision"
    )
    outcome = models.CharField(_("决定"), max_length=12, choices=Outcome.choices)
    reason = models.TextField(_("理由（内部）"))
    words = models.TextField(_("告诉消费者的理由"), blank=True)
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"))
    appeal = models.TextField(_("消费者的申诉"), blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal_outcome = models.CharField(
        _("申诉结果"), max_length=8, choices=AppealOutcome.choices, blank=True
    )
    appeal_words = models.TextField(_("申诉答复"), blank=True)
    appeal_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    appeal_decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & (Q(outcome="cleared") | ~Q(words="")),
                name="compensation_screening_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(appealed_at__isnull=True, appeal="")
                | (Q(appealed_at__isnull=False) & ~Q(appeal="") & ~Q(outcome="cleared")),
                name="compensation_appeal_says_why",
            ),
            models.CheckConstraint(
                condition=Q(appeal_outcome="", appeal_by__isnull=True, appeal_words="")
                | (
                    Q(appealed_at__isnull=False, appeal_by__isnull=False)
                    & ~Q(appeal_outcome="")
                    & ~Q(appeal_words="")
                    & ~Q(appeal_by=F("decided_by"))
                ),
                name="compensation_appeal_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.result_id}"

    @property
    def is_adverse(self) -> bool:
        """Whether it weighs on the consumer."""
        return self.outcome != self.Outcome.CLEARED

    @property
    def awaits_appeal(self) -> bool:
        """Whether the consumer appealed and nobody answered yet."""
        return self.appealed_at is not None and not self.appeal_outcome
