"""The texts of agreements: every version stays; an agreement keeps the one it rests on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.states import WordingKind


class Wording(models.Model):
    """One version of the text of a kind of agreement in one language; the newest is in use."""

    kind = models.CharField(_("用途"), max_length=12, choices=WordingKind.choices)
    language = models.CharField(_("语言"), max_length=10)
    number = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("标题"), max_length=60)
    body = models.TextField(_("正文"))
    reason = models.CharField(_("改了什么"), max_length=200, blank=True)
    saved_at = models.DateTimeField(_("保存时间"))
    saved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("协议文本")
        verbose_name_plural = _("协议文本")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "number"], name="agreements_wording_numbers"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.number}"


class LibraryClause(models.Model):
    """One version of a clause that may be put into an agreement; the newest of a code counts."""

    code = models.SlugField(_("代码"), max_length=40)
    number = models.PositiveIntegerField(_("版本"))
    title_zh = models.CharField(_("中文标题"), max_length=60)
    text_zh = models.TextField(_("中文内容"), max_length=2000)
    title_en = models.CharField(_("英文标题"), max_length=100)
    text_en = models.TextField(_("英文内容"), max_length=4000)
    retired = models.BooleanField(_("停用"), default=False)
    saved_at = models.DateTimeField(_("保存时间"))
    saved_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("条款")
        verbose_name_plural = _("条款库")
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="agreements_clause_numbers")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    def title(self, language: str) -> str:
        """Return the title in a language."""
        return self.title_en if language == "en" else self.title_zh

    def text(self, language: str) -> str:
        """Return the text in a language."""
        return self.text_en if language == "en" else self.text_zh
