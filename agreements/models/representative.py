"""Who may sign for the consumer, and signatures on paper that wait to be checked."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Agreement
from agreements.states import CheckStatus, RepresentScope
from complaints import sealing
from complaints.models import Case


class Representative(models.Model):
    """Somebody with a power of attorney from the consumer, checked by us before it counts.

    Name, relation and contact stand sealed under the consumer's key; the database keeps what was
    handed in and what was decided about it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="representatives")
    particulars_sealed = models.BinaryField(_("代理人信息（已加密）"), default=bytes)
    scope = models.CharField(_("授权范围"), max_length=12, choices=RepresentScope.choices)
    valid_until = models.DateField(_("授权到哪天"))
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        _("状态"), max_length=10, choices=CheckStatus.choices, default=CheckStatus.WAITING
    )
    handed_in_at = models.DateTimeField(_("提交时间"))
    handed_in_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    checked_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("不接受的原因"), blank=True)
    ended_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("代理人")
        verbose_name_plural = _("代理人")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=CheckStatus.WAITING, checked_at__isnull=True)
                | ~Q(status=CheckStatus.WAITING) & Q(checked_at__isnull=False),
                name="agreements_representative_checked",
            ),
            models.CheckConstraint(
                condition=~Q(status=CheckStatus.REJECTED) | ~Q(reason=""),
                name="agreements_representative_rejected_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Representative {self.pk}"

    @property
    def particulars(self) -> dict[str, str]:
        """Name, relation, phone and email in clear; empty after erasure."""
        found: dict[str, Any] | None = sealing.unseal(
            self.case.consumer.key_sealed, self.particulars_sealed
        )
        return found or {}

    @property
    def name(self) -> str:
        """The representative's name."""
        return self.particulars.get("name", "")

    @property
    def contact(self) -> str:
        """Where codes go: the mail address, else the telephone."""
        known = self.particulars
        return known.get("email", "") or known.get("phone", "")


class PaperCopy(models.Model):
    """A scan of the printed and signed text that the consumer sent; it counts once checked.

    `text_sha256` is that of the PDF to be printed; the scan's stands with its file.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="paper_copies")
    scan = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    text_sha256 = models.CharField(max_length=64)
    signed_on = models.DateField(_("签名日期"))
    status = models.CharField(
        _("状态"), max_length=10, choices=CheckStatus.choices, default=CheckStatus.WAITING
    )
    handed_in_at = models.DateTimeField(_("提交时间"))
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    checked_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("不接受的原因"), blank=True)

    class Meta:
        verbose_name = _("纸质签署")
        verbose_name_plural = _("纸质签署")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(status=CheckStatus.WAITING),
                name="agreements_one_paper_waiting",
            ),
            models.CheckConstraint(
                condition=Q(status=CheckStatus.WAITING, checked_at__isnull=True)
                | ~Q(status=CheckStatus.WAITING) & Q(checked_at__isnull=False),
                name="agreements_paper_checked",
            ),
            models.CheckConstraint(
                condition=~Q(status=CheckStatus.REJECTED) | ~Q(reason=""),
                name="agreements_paper_rejected_why",
            ),
        ]

    def __str__(self) -> str:
        return f"PaperCopy {self.pk}"
