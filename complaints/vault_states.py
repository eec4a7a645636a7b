"""Choices of the evidence vault."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustodyKind(models.TextChoices):
    """What happened to a piece of evidence."""

    RECEIVED = "received", pgettext_lazy("custody", "收到")
    SCANNED = "scanned", pgettext_lazy("custody", "安全扫描没有发现问题")
    QUARANTINED = "quarantined", pgettext_lazy("custody", "发现有害内容，已隔离")
    RELEASED = "released", pgettext_lazy("custody", "解除隔离")
    VIEWED = "viewed", pgettext_lazy("custody", "查看副本")
    COPY_TAKEN = "copy_taken", pgettext_lazy("custody", "下载副本")
    ORIGINAL_TAKEN = "original_taken", pgettext_lazy("custody", "下载原件")
    VERIFIED = "verified", pgettext_lazy("custody", "核对指纹，和收到时一致")
    MISMATCH = "mismatch", pgettext_lazy("custody", "核对指纹，和收到时不一致")


class Purpose(models.TextChoices):
    """Why somebody takes an original out of the vault."""

    HANDLING = "handling", _("处理这个案件")
    TESTING = "testing", _("送检或鉴定")
    AUTHORITY = "authority", _("监管部门、法院或仲裁要求")
    CONSUMER = "consumer", _("消费者本人要求")
    OTHER = "other", _("其他，请写明")
