"""What people are to be told: outgoing notices with a lease, and notices inside the desk."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.events import CaseEvent
from complaints.models.webhooks import WebhookEndpoint
from complaints.states import OutboxChannel, OutboxStatus


class OutboxMessage(models.Model):
    """A notice to be delivered at least once, always under the same key and Message-ID.

    `recipient` is "consumer", "user:<id>" or "endpoint:<id>"; other addresses and secrets stand in
    `sealed` only, which is emptied after delivery, or when somebody gives the notice up. A notice
    about the site itself has no case. `attempts` counts from the last replay; `last_error` is a
    code, never a server's words.
    """

    key = models.CharField(max_length=120, unique=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="outbox"
    )
    event = models.ForeignKey(
        CaseEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="outbox"
    )
    kind = models.CharField(_("通知"), max_length=40)
    channel = models.CharField(
        max_length=8, choices=OutboxChannel.choices, default=OutboxChannel.EMAIL
    )
    recipient = models.CharField(max_length=40)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.PROTECT, null=True, blank=True, related_name="outbox"
    )
    data = models.JSONField(default=dict)
    sealed = models.BinaryField(default=bytes)
    status = models.CharField(
        max_length=8, choices=OutboxStatus.choices, default=OutboxStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    dead_at = models.DateTimeField(null=True, blank=True)
    replays = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("待发通知")
        verbose_name_plural = _("待发通知")
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(status=OutboxStatus.PENDING),
                name="complaints_outbox_pending",
            ),
            models.Index(
                fields=["dead_at"],
                condition=Q(status=OutboxStatus.DEAD),
                name="complaints_outbox_dead",
            ),
            models.Index(
                Replace("key", Value(":"), Value(".")), name="complaints_outbox_mail_name"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=OutboxStatus.DEAD) | Q(dead_at__isnull=False),
                name="complaints_outbox_dead_since",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} -> {self.recipient}"


class NoticeAct(models.Model):
    """What a person did about a notice that could not be delivered; only added."""

    class Kind(models.TextChoices):
        """Send it again, or let it be."""

        REPLAY = "replay", _("重新发送")
        GIVE_UP = "give_up", _("不再发送")

    message = models.ForeignKey(OutboxMessage, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField()
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("通知的处理")
        verbose_name_plural = _("通知的处理")

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class Notification(models.Model):
    """A notice on the desk for one member of staff; without a case it is about the site itself."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notifications"
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="notifications"
    )
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("站内通知")
        verbose_name_plural = _("站内通知")
        indexes = [
            models.Index(
                fields=["user", "-at"],
                condition=Q(read_at__isnull=True),
                name="complaints_unread_notices",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
