"""The event log: append-only, chained by hash, with personal text in sealed rows beside it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints import sealing
from complaints.models.case import Case
from complaints.models.people import Consumer
from complaints.states import ActorKind, Stage


class CaseEvent(models.Model):
    """One thing that happened to a case: codes, ids and old/new values, never personal text.

    `hash` covers the event, its predecessor's hash and the digest of its sealed payload. The
    database refuses update, delete and truncate, and an event that does not follow its predecessor.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(_("事项"), max_length=40)
    old_stage = models.CharField(max_length=24, choices=Stage.choices, blank=True)
    new_stage = models.CharField(max_length=24, choices=Stage.choices, blank=True)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("时间"))
    data = models.JSONField(default=dict)
    for_consumer = models.BooleanField(_("消费者可见"), default=False)
    timer = models.OneToOneField(
        "complaints.Timer", on_delete=models.PROTECT, null=True, blank=True, related_name="event"
    )
    payload_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("案件事件")
        verbose_name_plural = _("案件事件")
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="complaints_event_order"),
            models.CheckConstraint(
                condition=Q(actor_kind=ActorKind.STAFF, actor__isnull=False)
                | (~Q(actor_kind=ActorKind.STAFF) & Q(actor__isnull=True)),
                name="complaints_event_staff_has_actor",
            ),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="complaints_event_kind")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.sequence}"


class EventPayload(models.Model):
    """Personal text that belongs to an event, sealed under the consumer's key."""

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="payload")
    consumer = models.ForeignKey(Consumer, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"EventPayload {self.event_id}"

    @property
    def text(self) -> Any | None:
        """The text in clear, or None after the person was erased."""
        return sealing.unseal(self.consumer.key_sealed, self.sealed)
