"""The consumer's way in: further links, one-time codes, and counters that slow down guessing."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import CodePurpose


class CaseAccess(models.Model):
    """A further secret link to a case (the first one's digest stands on the Case itself)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accesses")
    secret_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("访问链接")
        verbose_name_plural = _("访问链接")

    def __str__(self) -> str:
        return f"CaseAccess {self.pk}"


class OneTimeCode(models.Model):
    """A six-digit code on its way to a consumer: only its digest is kept, for ten minutes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="codes")
    purpose = models.CharField(max_length=8, choices=CodePurpose.choices)
    subject = models.CharField(max_length=40, blank=True)
    code_digest = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("校验码")
        verbose_name_plural = _("校验码")
        indexes = [models.Index(fields=["case", "purpose"], name="complaints_code_purpose")]

    def __str__(self) -> str:
        return f"OneTimeCode {self.pk}"


class AttemptCounter(models.Model):
    """How often a door was tried within a window of time."""

    key = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "window_start"], name="complaints_one_counter_a_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count}"


class ContactReveal(models.Model):
    """Somebody looked at contact details in clear: who, whose, when and why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reveals")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("查看联系方式的记录")
        verbose_name_plural = _("查看联系方式的记录")

    def __str__(self) -> str:
        return f"ContactReveal {self.pk}"
