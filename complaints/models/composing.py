"""What is being written: drafts of replies and notes, replies that wait to go out, ready texts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import MessageKind


class ReplyDraft(models.Model):
    """What somebody is writing in a case; with `goes_at`, a reply that was sent and still waits.

    Until `goes_at` its author may take it back. Then it becomes a Message, and this row is gone.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reply_drafts")
    author = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="reply_drafts"
    )
    kind = models.CharField(max_length=8, choices=MessageKind.choices)
    text = models.TextField(_("内容"), blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    goes_at = models.DateTimeField(null=True, blank=True)
    nonce = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("回复草稿")
        verbose_name_plural = _("回复草稿")
        indexes = [
            models.Index(
                fields=["goes_at"],
                condition=Q(goes_at__isnull=False),
                name="complaints_waiting_replies",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "author", "kind"],
                condition=Q(goes_at__isnull=True),
                name="complaints_one_draft_each",
            ),
            models.UniqueConstraint(
                fields=["case", "author", "nonce"],
                condition=~Q(nonce=""),
                name="complaints_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(goes_at__isnull=True) | Q(kind=MessageKind.MESSAGE),
                name="complaints_only_replies_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class DraftFile(models.Model):
    """A file that was taken in with a draft, and goes with it."""

    draft = models.ForeignKey(ReplyDraft, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, related_name="draft_files"
    )

    class Meta:
        verbose_name = _("草稿的文件")
        verbose_name_plural = _("草稿的文件")

    def __str__(self) -> str:
        return f"DraftFile {self.pk}"


class ReplyTemplate(models.Model):
    """A ready text for replies, under a name; what it says stands in its versions."""

    code = models.SlugField(_("代码"), max_length=40, unique=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("话术")
        verbose_name_plural = _("话术")

    def __str__(self) -> str:
        return self.code


class ReplyTemplateVersion(models.Model):
    """What a ready text says in both languages since a moment; never changed, only followed."""

    template = models.ForeignKey(ReplyTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name_zh = models.CharField(_("中文名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=60)
    body_zh = models.TextField(_("中文内容"))
    body_en = models.TextField(_("英文内容"))
    at = models.DateTimeField()
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("话术版本")
        verbose_name_plural = _("话术版本")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="complaints_reply_template_numbers"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"

    def name(self, language: str) -> str:
        """The name in a language."""
        return self.name_zh if language.startswith("zh") else self.name_en

    def body(self, language: str) -> str:
        """The text in a language."""
        return self.body_zh if language.startswith("zh") else self.body_en


class Macro(models.Model):
    """Several things done to a case in one: `acts` says which, by `complaints.macro_acts`."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    template: Any = models.ForeignKey(
        ReplyTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="macros"
    )
    acts = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("快捷操作")
        verbose_name_plural = _("快捷操作")

    def __str__(self) -> str:
        return self.name
