"""Files of complaints that were uploaded, piece by piece; and who took lists out."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints import sealing
from complaints.states import Channel, ImportState


class ImportJob(models.Model):
    """One uploaded file on its way to cases: mapped by a person, imported piece by piece."""

    name = models.CharField(_("文件"), max_length=150)
    source_name = models.CharField(_("来源"), max_length=80)
    channel = models.CharField(_("渠道"), max_length=24, choices=Channel.choices)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    state = models.CharField(
        _("状态"), max_length=10, choices=ImportState.choices, default=ImportState.MAPPING
    )
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    asked_format = models.CharField(max_length=3, blank=True)
    date_format = models.CharField(max_length=3, blank=True)
    is_live = models.BooleanField(_("按新投诉处理"), default=False)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    present = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class ImportPiece(models.Model):
    """Some rows of an uploaded file, sealed; imported wholly or not at all."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    sealed = models.BinaryField()
    problems_sealed = models.BinaryField(default=bytes)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="complaints_import_piece")
        ]
        indexes = [
            models.Index(
                fields=["job", "number"],
                condition=models.Q(done_at=None),
                name="complaints_import_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"ImportPiece {self.pk}"

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows: number, line, cells, problem."""
        return sealing.unseal_for_installation(self.sealed) or []

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What can't be imported: number, line, reason."""
        if not self.problems_sealed:
            return []
        return sealing.unseal_for_installation(self.problems_sealed) or []


class SavedMapping(models.Model):
    """Which column is what, kept under a name for the next file of the kind."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    mapping = models.JSONField()
    saved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("列的对应关系")
        verbose_name_plural = _("列的对应关系")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class ExportLog(models.Model):
    """Somebody took a list out: which, in what form, how many rows; only added.

    `rows` stays empty when the reader went away before the end.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    query = models.CharField(max_length=1000, blank=True)
    form = models.CharField(max_length=5)
    with_text = models.BooleanField(default=False)
    expected = models.PositiveIntegerField()
    rows = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("导出记录")
        verbose_name_plural = _("导出记录")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"ExportLog {self.pk}"
