"""The result as an outside respondent gets it: a letter behind a link that ends."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints import sealing
from documents.models import Document
from liability.models.findings import LiabilityFinding


class ResultNotice(models.Model):
    """One respondent's notice of one finding; the link's secret is stored only hashed."""

    finding = models.ForeignKey(LiabilityFinding, on_delete=models.PROTECT, related_name="notices")
    position = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("送达对象"), max_length=120)
    email_sealed = models.BinaryField()
    letter = models.ForeignKey(
        Document, verbose_name=_("处理结果通知"), on_delete=models.PROTECT, related_name="+"
    )
    secret_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("发出时间"))
    expires_at = models.DateTimeField(_("有效到"))
    opened_at = models.DateTimeField(_("第一次打开"), null=True, blank=True)

    class Meta:
        verbose_name = _("处理结果通知")
        verbose_name_plural = _("处理结果通知")
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "position"], name="liability_one_result_notice_a_place"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & Q(expires_at__gt=models.F("created_at")),
                name="liability_result_notice_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"ResultNotice {self.pk}"

    @property
    def email(self) -> str:
        """The respondent's address in clear."""
        return sealing.unseal_for_installation(self.email_sealed) or ""
