"""Evidence packs: what of a case was taken out for whom, and the file that was made of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from reviews.states import PackFor, PackState


class EvidencePack(models.Model):
    """One request for a pack; it stays as the record of who took what out, for whom and why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence_packs")
    kind = models.CharField(_("交给谁"), max_length=12, choices=PackFor.choices)
    recipient = models.CharField(_("机构名称"), max_length=120)
    purpose = models.TextField(_("用途"))
    without_others = models.BooleanField(_("不含第三方的资料"), default=True)
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(
        _("状态"), max_length=8, choices=PackState.choices, default=PackState.PENDING
    )
    made_at = models.DateTimeField(_("生成时间"), null=True, blank=True)
    file = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    manifest_sha256 = models.CharField(_("清单的 SHA-256"), max_length=64, blank=True)
    error = models.CharField(_("问题"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("证据包")
        verbose_name_plural = _("证据包")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=PackState.READY)
                | Q(file__isnull=False, made_at__isnull=False) & ~Q(manifest_sha256=""),
                name="reviews_ready_pack_has_file",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state=PackState.PENDING), name="reviews_packs_due"
            )
        ]

    def __str__(self) -> str:
        return f"EvidencePack {self.pk}"
