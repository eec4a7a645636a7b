"""What complaints are about, as data: categories and their issues, named in both languages.

A code is for ever: cases, rules and figures carry it. What nobody should choose any more is
retired; the database refuses to delete a code that a Case carries.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """A code with its names; `retired_at` says since when nobody may choose it."""

    name_zh = models.CharField(_("中文名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        """The name in the language of whoever reads."""
        chinese = (get_language() or "zh-hans").startswith("zh")
        return self.name_zh if chinese else self.name_en


class ComplaintCategory(Term):
    """The first level."""

    code = models.CharField(_("代码"), max_length=12, primary_key=True)

    class Meta:
        verbose_name = _("投诉类别")
        verbose_name_plural = _("投诉类别")

    def __str__(self) -> str:
        return self.code


class ComplaintIssue(Term):
    """The second level; belongs to one category. None: fits every category."""

    code = models.CharField(_("代码"), max_length=20, primary_key=True)
    category: Any = models.ForeignKey(
        ComplaintCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="issues"
    )

    class Meta:
        verbose_name = _("投诉问题")
        verbose_name_plural = _("投诉问题")

    def __str__(self) -> str:
        return self.code
