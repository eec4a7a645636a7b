"""Online chats: a conversation without an account, sealed under a key of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints import sealing
from complaints.models.case import Case
from complaints.states import ActorKind, ChatState


class Chat(models.Model):
    """One conversation. The visitor's browser holds the secret, the row only its digest.

    `revision` grows with every change that a page shows. `asked_at` is the moment of the
    visitor's oldest words that nobody has answered yet; `told_at` and `escalated_at` say since when
    the agents on duty, then their managers know that it waits. Key and contact are thrown away some
    time after the end.
    """

    secret_digest = models.CharField(max_length=64, unique=True)
    key_sealed = models.BinaryField(default=bytes)
    contact_sealed = models.BinaryField(default=bytes)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    origin = models.CharField(_("来自哪个网站"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=8, choices=ChatState.choices, default=ChatState.WAITING
    )
    owner = models.ForeignKey(
        "accounts.User",
        verbose_name=_("接待人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="chats"
    )
    revision = models.PositiveIntegerField(default=0)
    visitor_lines = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(_("开始"))
    asked_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    join_code = models.UUIDField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("在线对话")
        verbose_name_plural = _("在线对话")
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=(ChatState.WAITING, ChatState.ACTIVE)),
                name="complaints_chat_asked",
            ),
            models.Index(fields=["state", "-last_at"], name="complaints_chat_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ChatState.ACTIVE) | Q(owner__isnull=False),
                name="complaints_active_chat_has_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state=ChatState.CASE) | Q(case__isnull=False),
                name="complaints_chat_case_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"Chat {self.pk}"

    @property
    def contact(self) -> dict[str, str]:
        """Name, phone and email as far as the visitor gave them; empty after they were purged."""
        return sealing.unseal(self.key_sealed, self.contact_sealed) or {}

    @property
    def is_open(self) -> bool:
        """Whether somebody can still say something here."""
        return self.state in (ChatState.WAITING, ChatState.ACTIVE)


class ChatMessage(models.Model):
    """One thing said in a chat; the same `nonce` again is the same message."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField()
    author_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    author = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed = models.BinaryField()
    at = models.DateTimeField()
    nonce = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("对话内容")
        verbose_name_plural = _("对话内容")
        ordering = ("chat", "number")
        constraints = [
            models.UniqueConstraint(fields=["chat", "number"], name="complaints_chat_order"),
            models.UniqueConstraint(
                fields=["chat", "author_kind", "nonce"], name="complaints_chat_said_once"
            ),
        ]

    def __str__(self) -> str:
        return f"ChatMessage {self.pk}"


class ChatFile(models.Model):
    """A file sent with a line of a chat; evidence, once the chat is a case or in one.

    `looks` says who of staff opened it before, and when; it goes into the ledger of custody.
    """

    line = models.ForeignKey(ChatMessage, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(
        "documents.StoredFile", on_delete=models.PROTECT, related_name="chat_files"
    )
    looks = models.JSONField(default=list)

    class Meta:
        verbose_name = _("对话里的文件")
        verbose_name_plural = _("对话里的文件")

    def __str__(self) -> str:
        return f"ChatFile {self.pk}"


class ChatOrigin(models.Model):
    """A site that may show our chat inside its pages."""

    origin = models.CharField(_("网站地址"), max_length=200, unique=True)
    note = models.CharField(_("说明"), max_length=100, blank=True)
    added_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("可嵌入在线客服的网站")
        verbose_name_plural = _("可嵌入在线客服的网站")
        ordering = ("origin",)

    def __str__(self) -> str:
        return self.origin


class ChatRules(models.Model):
    """When people answer chats, and how long a chat may wait before it becomes a case. One row."""

    is_on = models.BooleanField(_("开放在线客服"), default=True)
    calendar = models.ForeignKey(
        "complaints.BusinessCalendar",
        verbose_name=_("服务时间按哪个工作日历"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    teams = models.ManyToManyField(
        "accounts.Team", verbose_name=_("哪些团队接待"), blank=True, related_name="+"
    )
    wait_minutes = models.PositiveSmallIntegerField(_("等多久没人回复就立案（分钟）"), default=30)

    class Meta:
        verbose_name = _("在线客服规则")
        verbose_name_plural = _("在线客服规则")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="complaints_one_chat_rules"),
            models.CheckConstraint(
                condition=Q(wait_minutes__gte=1) & Q(wait_minutes__lte=1440),
                name="complaints_chat_wait_within_a_day",
            ),
        ]

    def __str__(self) -> str:
        return "ChatRules"
