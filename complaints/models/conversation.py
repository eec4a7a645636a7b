"""What is said and shown in a case: messages, internal notes, evidence, safety actions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.intake import IntakeDraft
from complaints.states import ActorKind, Channel, MessageKind


class Message(models.Model):
    """A message between us and the consumer, or a note that stays inside."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=MessageKind.choices)
    author_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    author = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(max_length=24, choices=Channel.choices, default=Channel.WEB_FORM)
    body = models.TextField(_("内容"))
    at = models.DateTimeField()
    nonce = models.CharField(max_length=64, null=True, blank=True, unique=True)
    read_at = models.DateTimeField(_("消费者看到的时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        indexes = [models.Index(fields=["case", "at"], name="complaints_message_order")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=MessageKind.NOTE) | Q(author_kind=ActorKind.STAFF),
                name="complaints_notes_are_staffs",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Evidence(models.Model):
    """A file that somebody handed in, first to a draft, then to the case made of it.

    `prepared_at` says when its copies and its mark were made, `verified_at` when its bytes were
    last found to be those that came in. The database refuses to change whose file it is.
    """

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    draft = models.ForeignKey(
        IntakeDraft, on_delete=models.SET_NULL, null=True, blank=True, related_name="evidence"
    )
    file = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, related_name="evidence"
    )
    uploaded_by_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    uploaded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(_("渠道"), max_length=24, choices=Channel.choices, blank=True)
    caption = models.CharField(_("说明"), max_length=200, blank=True)
    for_consumer = models.BooleanField(_("消费者可见"), default=True)
    at = models.DateTimeField()
    prepared_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("证据")
        verbose_name_plural = _("证据")
        indexes = [
            models.Index(fields=["case", "at"], name="complaints_evidence_order"),
            models.Index(
                fields=["id"],
                condition=Q(prepared_at__isnull=True, case__isnull=False),
                name="complaints_evidence_new",
            ),
            models.Index(
                F("verified_at").asc(nulls_first=True), "id", name="complaints_evidence_verified"
            ),
        ]

    def __str__(self) -> str:
        return f"Evidence {self.pk}"


class SafetyAction(models.Model):
    """What a named responder did about a danger; recording it stops the two-hour clock."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="safety_actions")
    responder = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    action = models.TextField(_("采取的措施"))
    consumer_reached = models.BooleanField(_("已联系上消费者"), default=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("安全处置")
        verbose_name_plural = _("安全处置")

    def __str__(self) -> str:
        return f"SafetyAction {self.pk}"
