"""Mail that came in: kept raw and sealed until it is decided on, and what became of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints import sealing
from complaints.models.case import Case
from complaints.states import MailDoor, MailFate


class InboundMail(models.Model):
    """One mail, once, whichever door it came through and however often.

    `raw_sealed` is the mail as it came, `sealed` what was read of it (sender, subject, text,
    files); both under a key of the mail's own, and thrown away with it some time after the
    decision. `case` is the case that was made or joined, or the one that a held mail seems to
    belong to. `reason` is a code.
    """

    digest = models.CharField(max_length=64, unique=True)
    message_id_index = models.CharField(max_length=64, blank=True, db_index=True)
    sender_index = models.CharField(max_length=64, blank=True)
    door = models.CharField(_("来路"), max_length=8, choices=MailDoor.choices)
    fate = models.CharField(
        _("处理结果"), max_length=10, choices=MailFate.choices, default=MailFate.WAITING
    )
    reason = models.CharField(max_length=40, blank=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="mails"
    )
    key_sealed = models.BinaryField(default=bytes)
    sealed = models.BinaryField(default=bytes)
    raw_sealed = models.BinaryField(default=bytes)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        verbose_name = _("来信")
        verbose_name_plural = _("来信")
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(fate=MailFate.WAITING),
                name="complaints_mail_waiting",
            ),
            models.Index(fields=["fate", "-received_at"], name="complaints_mail_by_fate"),
            models.Index(fields=["sender_index", "received_at"], name="complaints_mail_by_sender"),
        ]

    def __str__(self) -> str:
        return f"InboundMail {self.pk}"

    @property
    def raw(self) -> bytes:
        """The mail as it came; b"" once it was thrown away."""
        return sealing.unseal_bytes(self.key_sealed, self.raw_sealed)

    @property
    def content(self) -> dict[str, Any]:
        """What was read of it; empty before it was read and after it was thrown away."""
        return sealing.unseal(self.key_sealed, self.sealed) or {}

    @property
    def is_kept(self) -> bool:
        """Say whether the mail itself is still here."""
        return bool(self.key_sealed)


class MailAct(models.Model):
    """What a member of staff did about a mail, looking at it included; only added."""

    class Kind(models.TextChoices):
        """Everything that a person may do with a mail."""

        LOOK = "look", _("查看了来信")
        MAKE_CASE = "make_case", _("立案")
        JOIN = "join", _("并入案件，作为消费者的消息")
        NOTE = "note", _("并入案件，作为内部备注")
        DISCARD = "discard", _("不处理")

    mail = models.ForeignKey(InboundMail, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("来信的处理")
        verbose_name_plural = _("来信的处理")

    def __str__(self) -> str:
        return f"{self.kind} {self.mail_id}"


class MailboxState(models.Model):
    """How the mailbox that we fetch from was found: one row a mailbox.

    `error` is a code; managers were told of it at `told_at`.
    """

    name = models.CharField(max_length=64, primary_key=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("收信邮箱的状态")
        verbose_name_plural = _("收信邮箱的状态")

    def __str__(self) -> str:
        return self.name
