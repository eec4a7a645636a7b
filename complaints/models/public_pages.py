"""Public pages about how we work: every published text stays, under its number and date."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PublicPage(models.Model):
    """A page that everybody may read; what it says stands in its versions."""

    code = models.SlugField(_("代码"), max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        verbose_name = _("公开页面")
        verbose_name_plural = _("公开页面")

    def __str__(self) -> str:
        return self.code


class PublicPageVersion(models.Model):
    """What a page says in both languages; a draft until it is published, then never changed.

    `sections` is a list of {heading_zh, heading_en, body_zh, body_en}; `revision` counts how often
    the draft was saved.
    """

    page = models.ForeignKey(PublicPage, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title_zh = models.CharField(_("中文标题"), max_length=60)
    title_en = models.CharField(_("英文标题"), max_length=100)
    lead_zh = models.CharField(_("中文导语"), max_length=200, blank=True)
    lead_en = models.CharField(_("英文导语"), max_length=300, blank=True)
    sections = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("改了什么"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("公开页面的版本")
        verbose_name_plural = _("公开页面的版本")
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="complaints_page_numbers"),
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(published_at__isnull=True),
                name="complaints_one_page_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} v{self.number}"
