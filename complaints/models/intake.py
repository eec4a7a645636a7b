"""A complaint that is being written: kept between steps, sealed, thrown away when not sent."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class IntakeDraft(models.Model):
    """The five-step form on its way. Its id is the idempotency key of the case made of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed = models.BinaryField(default=bytes)
    step_reached = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=10, default="zh-hans")
    resume_digest = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("投诉草稿")
        verbose_name_plural = _("投诉草稿")

    def __str__(self) -> str:
        return str(self.pk)
