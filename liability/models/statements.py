"""What the public is told of an incident: in both languages, by two people, version by version."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liability.models.incidents import Incident


class PublicStatement(models.Model):
    """A draft until another person publishes it; then it never changes, and the next one counts.

    `revision` counts how often the draft was saved.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveIntegerField(_("版本"))
    title_zh = models.CharField(_("中文标题"), max_length=60)
    title_en = models.CharField(_("英文标题"), max_length=100)
    body_zh = models.TextField(_("中文内容"))
    body_en = models.TextField(_("英文内容"))
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(
        "accounts.User", verbose_name=_("起草人"), on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    published_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("发布人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("公开说明")
        verbose_name_plural = _("公开说明")
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "number"], name="liability_statement_numbers"
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(published_at__isnull=True),
                name="liability_one_statement_draft",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True, published_at__isnull=True)
                | (
                    Q(published_by__isnull=False, published_at__isnull=False)
                    & ~Q(published_by=F("written_by"))
                ),
                name="liability_statement_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} v{self.number}"
