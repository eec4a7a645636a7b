"""The evidence vault: who had each piece of evidence when, and what its picture looks like."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.conversation import Evidence
from complaints.states import ActorKind, Channel
from complaints.vault_states import CustodyKind, Purpose


class CustodyEntry(models.Model):
    """One thing that happened to a piece of evidence; entries are only ever added.

    The database gives each entry its number, its predecessor's hash and its own, and writes the
    first one itself when evidence comes into a case, so that no door can forget it. What a person
    wrote is sealed under the consumer's key; the hash covers the sealed bytes.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="custody")
    sequence = models.PositiveIntegerField(default=0, editable=False)
    kind = models.CharField(_("事项"), max_length=16, choices=CustodyKind.choices)
    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("时间"))
    channel = models.CharField(_("渠道"), max_length=24, choices=Channel.choices, blank=True)
    file_sha256 = models.CharField("SHA-256", max_length=64)
    detail = models.CharField(_("结果"), max_length=200, blank=True)
    purpose = models.CharField(_("用途"), max_length=12, choices=Purpose.choices, blank=True)
    sealed_note = models.BinaryField(null=True, blank=True)
    previous_hash = models.CharField(max_length=64, default="", editable=False)
    hash = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        verbose_name = _("保管记录")
        verbose_name_plural = _("保管记录")
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "sequence"], name="complaints_custody_order"
            ),
            models.CheckConstraint(
                condition=Q(actor_kind=ActorKind.STAFF, actor__isnull=False)
                | (~Q(actor_kind=ActorKind.STAFF) & Q(actor__isnull=True)),
                name="complaints_custody_staff_has_actor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.sequence}"

    @property
    def hashed_text(self) -> str:
        """The text whose SHA-256 is `hash`; the database spells it in the same way."""
        note = hashlib.sha256(bytes(self.sealed_note)).hexdigest() if self.sealed_note else ""
        return json.dumps(
            [
                self.previous_hash,
                self.evidence_id,
                self.sequence,
                self.kind,
                self.actor_kind,
                self.actor_id or 0,
                self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                self.channel,
                self.file_sha256,
                self.detail,
                self.purpose,
                note,
            ],
            ensure_ascii=False,
        )

    @property
    def is_as_written(self) -> bool:
        """Tell whether the entry still has the hash that it was given."""
        return hashlib.sha256(self.hashed_text.encode()).hexdigest() == self.hash


class PictureMark(models.Model):
    """What a picture looks like, in 128 bits; pictures that look alike differ in few of them.

    `bands` cuts the bits into eight pieces, each a number of its own: of two marks that differ in
    at most seven bits, one piece at least is the same, and the index finds it. A picture without
    any drawing (a white page) has no mark: everything white would look like it.
    """

    file = models.OneToOneField(
        "documents.StoredFile", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    rows = models.BigIntegerField(null=True)
    columns = models.BigIntegerField(null=True)
    bands = ArrayField(models.IntegerField(), default=list)

    class Meta:
        verbose_name = _("图像特征")
        verbose_name_plural = _("图像特征")
        indexes = [
            GinIndex(
                fields=["bands"],
                name="complaints_picture_bands",
                fastupdate=False,
            )
        ]

    def __str__(self) -> str:
        return f"PictureMark {self.pk}"
