"""Choices of stored files and documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """Where a stored file comes from."""

    UPLOAD = "upload", _("上传的原件")
    VIEW = "view", _("查看用副本")
    THUMBNAIL = "thumbnail", _("缩略图")
    RENDERED = "rendered", _("我们出具的文书")


class ScanStatus(models.TextChoices):
    """What the malware scanner said."""

    NOT_SCANNED = "not_scanned", _("未扫描")
    CLEAN = "clean", _("没有发现问题")
    QUARANTINED = "quarantined", _("已隔离")
    RELEASED = "released", _("已解除隔离")


class DocumentKind(models.TextChoices):
    """What a rendered document is."""

    AGREEMENT = "agreement", _("赔偿和解协议")
    FINDING_LETTER = "finding_letter", _("责任认定书")
    REVIEW_DECISION = "review_decision", _("复议决定书")
    INTAKE_RECEIPT = "intake_receipt", _("受理回执")
    CLOCK_CERTIFICATE = "clock_certificate", _("时限证书")
    INVESTIGATION_REPORT = "investigation_report", _("调查报告")


class DocumentStatus(models.TextChoices):
    """How far the PDF is."""

    PENDING = "pending", _("等待生成")
    RENDERING = "rendering", _("正在生成")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没有生成")


class SealLevel(models.TextChoices):
    """What the company's seal proves: the bytes, or also that they existed at a moment."""

    B_B = "B-B", "PAdES-B-B"
    B_T = "B-T", "PAdES-B-T"
