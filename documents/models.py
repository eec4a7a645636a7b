"""Stored files and the documents that are printed into them."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from documents import sealing
from documents.filetypes import PHOTO, VIDEO, type_for_media
from documents.states import DocumentKind, DocumentStatus, FileKind, ScanStatus, SealLevel


class StoredFile(models.Model):
    """Bytes that were stored once and never change; the database refuses to alter their hash.

    The row is written after the bytes, so it never points to nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(
        _("来源"), max_length=12, choices=FileKind.choices, default=FileKind.UPLOAD
    )
    original_name = models.CharField(_("文件名"), max_length=150)
    storage_name = models.CharField(_("存放位置"), max_length=120, unique=True)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField(_("存入时间"), db_default=Now())
    derived_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        verbose_name=_("原件"),
    )
    metadata_stripped = models.BooleanField(_("已去掉位置等信息"), default=False)
    scan_status = models.CharField(
        _("安全扫描"),
        max_length=12,
        choices=ScanStatus.choices,
        default=ScanStatus.NOT_SCANNED,
    )
    erased_at = models.DateTimeField(_("销毁时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        constraints = [
            models.UniqueConstraint(
                fields=["derived_from", "kind"],
                condition=models.Q(derived_from__isnull=False),
                name="documents_one_copy_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[FileKind.VIEW, FileKind.THUMBNAIL],
                    derived_from__isnull=False,
                    metadata_stripped=True,
                )
                | models.Q(
                    kind__in=[FileKind.UPLOAD, FileKind.RENDERED], derived_from__isnull=True
                ),
                name="documents_copies_are_stripped",
            ),
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="documents_file_sha256_is_hex",
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="documents_file_sha256")]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_photo(self) -> bool:
        """Tell whether this is a picture."""
        kind = type_for_media(self.media_type)
        return kind is not None and kind.family == PHOTO

    @property
    def is_video(self) -> bool:
        """Tell whether this is a film."""
        kind = type_for_media(self.media_type)
        return kind is not None and kind.family == VIDEO

    @property
    def is_quarantined(self) -> bool:
        """Tell whether a scanner found it harmful."""
        return self.scan_status == ScanStatus.QUARANTINED

    @property
    def may_show_inline(self) -> bool:
        """Tell whether a browser may show it: only what we encoded ourselves."""
        return self.kind != FileKind.UPLOAD


class FileScan(models.Model):
    """What a scanner said about a stored file, or when it is asked next.

    `next_at` is empty when there is an answer, and when no more tries are made.
    """

    file = models.OneToOneField(
        StoredFile, on_delete=models.CASCADE, primary_key=True, related_name="scan"
    )
    next_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(_("最近一次的问题"), max_length=40, blank=True, default="")
    scanned_at = models.DateTimeField(_("扫描时间"), null=True, blank=True)
    engine = models.CharField(_("扫描程序"), max_length=120, blank=True, default="")
    signature = models.CharField(_("发现的内容"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("安全扫描")
        verbose_name_plural = _("安全扫描")
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="documents_scan_due",
            )
        ]

    def __str__(self) -> str:
        return f"FileScan {self.pk}"


class Seal(models.Model):
    """The company's seal that a stored PDF bears; written with the file, never changed.

    `sealed_at` is what the seal itself says, `stamped_at` what a time-stamp service says.
    """

    file = models.OneToOneField(
        StoredFile,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="seal",
        verbose_name=_("文件"),
    )
    level = models.CharField(_("等级"), max_length=4, choices=SealLevel.choices)
    certificate_sha256 = models.CharField(_("证书指纹"), max_length=64)
    holder = models.CharField(_("持有者"), max_length=200)
    development = models.BooleanField(_("仅供开发使用"))
    sealed_at = models.DateTimeField(_("盖章时间"))
    stamped_at = models.DateTimeField(_("时间戳"), null=True, blank=True)
    stamped_by = models.CharField(_("时间戳服务"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("电子印章")
        verbose_name_plural = _("电子印章")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level=SealLevel.B_B, stamped_at__isnull=True)
                | models.Q(level=SealLevel.B_T, stamped_at__isnull=False),
                name="documents_stamped_means_b_t",
            )
        ]
        indexes = [models.Index(fields=["certificate_sha256"], name="documents_seal_certificate")]

    def __str__(self) -> str:
        return f"Seal {self.pk}"


class Document(models.Model):
    """A document to be printed, from data that is frozen when it is requested.

    One row a key, however often it is requested. Once it is ready, the database refuses every
    change of what was printed, and the deletion of the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(_("唯一标记"), max_length=120, unique=True)
    kind = models.CharField(_("文书"), max_length=20, choices=DocumentKind.choices)
    template_name = models.CharField(_("模板"), max_length=40)
    language = models.CharField(_("语言"), max_length=10)
    with_seal = models.BooleanField(_("加盖公司电子印章"), default=False, db_default=False)
    sealed_context = models.BinaryField(_("内容"))
    context_sha256 = models.CharField(max_length=64)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=DocumentStatus.choices,
        default=DocumentStatus.PENDING,
    )
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_id = models.UUIDField(null=True, blank=True)
    last_error = models.CharField(_("最近一次的问题"), max_length=40, blank=True, default="")
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("文件"),
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="")
    page_count = models.PositiveSmallIntegerField(_("页数"), null=True, blank=True)
    requested_at = models.DateTimeField(_("申请时间"), db_default=Now())
    ready_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("文书")
        verbose_name_plural = _("文书")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status=DocumentStatus.READY,
                    file__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                    page_count__gt=0,
                    ready_at__isnull=False,
                )
                | (
                    ~models.Q(status=DocumentStatus.READY)
                    & models.Q(
                        file__isnull=True, sha256="", page_count__isnull=True, ready_at__isnull=True
                    )
                ),
                name="documents_ready_means_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=models.Q(status__in=[DocumentStatus.PENDING, DocumentStatus.RENDERING]),
                name="documents_to_render",
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_ready(self) -> bool:
        """Tell whether the PDF can be downloaded."""
        return self.status == DocumentStatus.READY

    @property
    def context(self) -> dict[str, Any]:
        """Return the data that is printed."""
        data: dict[str, Any] = sealing.unseal(bytes(self.sealed_context))
        return data
