"""Mediation: led by us, or by a third party who is let in to one case by a link."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from complaints import sealing
from complaints.models import Case
from complaints.states import ActorKind
from reviews.states import MediationMode, MediationOutcome, NoteSide


class Mediation(models.Model):
    """One round of mediation. The guest's particulars are sealed, the link's secret is hashed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mediations")
    mode = models.CharField(
        _("方式"), max_length=12, choices=MediationMode.choices, default=MediationMode.AGENT
    )
    asked_by_kind = models.CharField(
        _("谁提出"), max_length=10, choices=ActorKind.choices, default=ActorKind.CONSUMER
    )
    opened_at = models.DateTimeField(_("开始时间"))
    mediator_user = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="mediations"
    )
    guest_sealed = models.BinaryField(_("受邀调解员（已加密）"), default=bytes)
    secret_digest = models.CharField(max_length=64, blank=True, db_index=True)
    invitations = models.PositiveSmallIntegerField(_("邀请次数"), default=0)
    invited_at = models.DateTimeField(_("邀请时间"), null=True, blank=True)
    entered_at = models.DateTimeField(_("首次进入时间"), null=True, blank=True)
    meeting_at = models.DateTimeField(_("会谈时间"), null=True, blank=True)
    meeting_place = models.CharField(_("会谈方式或地点"), max_length=200, blank=True)
    consumer_position = models.TextField(_("消费者的主张"), blank=True)
    company_position = models.TextField(_("公司的意见"), blank=True)
    common_ground = models.TextField(_("双方一致的地方"), blank=True)
    outcome = models.CharField(
        _("结果"), max_length=8, choices=MediationOutcome.choices, blank=True
    )
    outcome_note = models.TextField(_("结果说明"), blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="mediations"
    )

    class Meta:
        verbose_name = _("调解")
        verbose_name_plural = _("调解")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="reviews_one_mediation"
            ),
            models.UniqueConstraint(
                fields=["secret_digest"],
                condition=~Q(secret_digest=""),
                name="reviews_one_mediator_link",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="reviews_mediation_ended_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Mediation {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the talk is still going on."""
        return self.ended_at is None

    @property
    def guest(self) -> dict[str, str]:
        """Name, organisation and e-mail of the invited mediator in clear."""
        if not self.guest_sealed:
            return {}
        return sealing.unseal_for_installation(bytes(self.guest_sealed)) or {}

    @property
    def mediator_name(self) -> str:
        """Who leads the talk, by name; empty while nobody does."""
        if self.mode == MediationMode.THIRD_PARTY and self.guest:
            return str(self.guest.get("name", ""))
        return str(self.mediator_user) if self.mediator_user else ""


class MediationNote(models.Model):
    """A mediator's private note about one side's talk; never shown to either side."""

    mediation = models.ForeignKey(Mediation, on_delete=models.PROTECT, related_name="notes")
    side = models.CharField(_("关于哪一方"), max_length=8, choices=NoteSide.choices)
    author_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    author = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    body_sealed = models.BinaryField(_("内容（已加密）"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("调解员的私密记录")
        verbose_name_plural = _("调解员的私密记录")
        indexes = [models.Index(fields=["mediation", "at"], name="reviews_notes_order")]

    def __str__(self) -> str:
        return f"MediationNote {self.pk}"

    @property
    def body(self) -> str:
        """The note in clear; empty after erasure."""
        key = self.mediation.case.consumer.key_sealed
        return sealing.unseal(key, self.body_sealed) or ""
