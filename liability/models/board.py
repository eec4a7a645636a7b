"""The evidence board: what is to be proved, what speaks for and against, what was withheld."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, Evidence
from liability.models.consulting import ConsultTask
from liability.models.investigations import Statement
from liability.states import Bearer, EvidenceKind, Party, Stance, WeightFactor, WithheldEffect


class EvidenceWeight(models.Model):
    """What a kind of evidence weighs by itself, or a factor takes away; only ever added to.

    The newest version of a key counts.
    """

    key = models.CharField(
        _("种类"), max_length=20, choices=[*EvidenceKind.choices, *WeightFactor.choices]
    )
    version = models.PositiveSmallIntegerField(_("版本"))
    weight = models.DecimalField(_("权重"), max_digits=3, decimal_places=2)
    set_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField(_("发布时间"))

    class Meta:
        verbose_name = _("证据权重")
        verbose_name_plural = _("证据权重")
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="liability_one_weight_version"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=1), name="liability_weight_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class Claim(models.Model):
    """One thing to be proved, and who has to prove it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="claims")
    position = models.PositiveSmallIntegerField(_("次序"))
    text = models.CharField(_("要证明什么"), max_length=300)
    bearer = models.CharField(_("由谁举证"), max_length=10, choices=Bearer.choices)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("待证事项")
        verbose_name_plural = _("待证事项")
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="liability_one_claim_a_place")
        ]

    def __str__(self) -> str:
        return self.text


class ClaimEvidence(models.Model):
    """What one file, statement or answer does to one claim, and how much it weighs and why."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    evidence = models.ForeignKey(
        Evidence, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    consult = models.ForeignKey(
        ConsultTask, on_delete=models.PROTECT, null=True, blank=True, related_name="claims"
    )
    stance = models.CharField(_("对待证事项"), max_length=8, choices=Stance.choices)
    kind = models.CharField(_("种类"), max_length=20, choices=EvidenceKind.choices)
    is_copy = models.BooleanField(_("只有复制件"), default=False)
    is_tampered = models.BooleanField(_("有改动痕迹"), default=False)
    creation_doubted = models.BooleanField(_("生成、存储的可靠性存疑"), default=False)
    integrity_doubted = models.BooleanField(_("内容的完整性存疑"), default=False)
    sender_doubted = models.BooleanField(_("发送人身份存疑"), default=False)
    weight = models.DecimalField(_("权重"), max_digits=3, decimal_places=2)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    weighed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    weighed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("证据评议")
        verbose_name_plural = _("证据评议")
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence__isnull=False, statement__isnull=True, consult__isnull=True)
                | Q(evidence__isnull=True, statement__isnull=False, consult__isnull=True)
                | Q(evidence__isnull=True, statement__isnull=True, consult__isnull=False),
                name="liability_claim_evidence_is_one_thing",
            ),
            models.UniqueConstraint(fields=["claim", "evidence"], name="liability_evidence_once"),
            models.UniqueConstraint(fields=["claim", "statement"], name="liability_said_once"),
            models.UniqueConstraint(fields=["claim", "consult"], name="liability_answer_once"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=1), name="liability_claim_weight_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"ClaimEvidence {self.pk}"


class WithheldEvidence(models.Model):
    """Evidence that somebody holds, was asked for and did not hand over, and what follows."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="withheld_evidence")
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="withheld"
    )
    holder = models.CharField(_("谁持有"), max_length=20, choices=Party.choices)
    what = models.CharField(_("什么证据"), max_length=200)
    asked_on = models.DateField(_("哪天要求提供"))
    reason_given = models.CharField(_("对方给的理由"), max_length=300, blank=True)
    effect = models.CharField(_("后果"), max_length=16, choices=WithheldEffect.choices)
    noted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("未提供的证据")
        verbose_name_plural = _("未提供的证据")
        constraints = [
            models.CheckConstraint(
                condition=Q(effect=WithheldEffect.AGAINST_HOLDER) | ~Q(reason_given=""),
                name="liability_withheld_explained_has_reason",
            )
        ]

    def __str__(self) -> str:
        return f"WithheldEvidence {self.pk}"
