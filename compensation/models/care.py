"""Care for people who were hurt or frightened: tasks from a template, and public words.

Care is no part of what is owed: it never counts towards the legal floor and asks for nothing back.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case


class CareCause(models.TextChoices):
    """Why a case asks for care."""

    INJURY = "injury", _("有人受伤")
    FIRE = "fire", _("火灾、爆炸或触电")
    SEVERE = "severe", _("严重案件")


class CareKind(models.TextChoices):
    """What is done."""

    CONTACT = "contact", _("指定专人联系")
    EXECUTIVE_CALL = "executive_call", _("负责人致电")
    APOLOGY = "apology", _("当面或书面道歉")
    GIFT = "gift", _("慰问品")
    COUNSELLING = "counselling", _("心理疏导")
    LODGING = "lodging", _("临时住宿")
    HOME_VISIT = "home_visit", _("上门看望")


class CareTemplate(models.Model):
    """A line of the template: for this cause do that within so many hours, at such cost at most."""

    cause = models.CharField(_("情形"), max_length=10, choices=CareCause.choices)
    kind = models.CharField(_("事项"), max_length=16, choices=CareKind.choices)
    hours = models.PositiveSmallIntegerField(_("几小时内"))
    most_cost = models.DecimalField(_("费用上限"), max_digits=10, decimal_places=2)
    guidance = models.CharField(_("怎样做"), max_length=300, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("关怀模板")
        verbose_name_plural = _("关怀模板")
        constraints = [
            models.UniqueConstraint(fields=["cause", "kind"], name="compensation_one_care_line"),
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=720, most_cost__gte=0),
                name="compensation_care_line_can_be",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.kind}"


class CareTask(models.Model):
    """One thing to do for somebody, with its moment, who does it, what it cost.

    The cost is booked to the case's fund; `booked_at` is empty while the fund has too little.

    The note may tell of health or grief: it is sealed under the consumer's key, and every look at
    it is written down.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("要做")
        DONE = "done", _("已做")
        NOT_NEEDED = "not_needed", _("不需要")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="care_tasks")
    cause = models.CharField(_("情形"), max_length=10, choices=CareCause.choices)
    kind = models.CharField(_("事项"), max_length=16, choices=CareKind.choices)
    guidance = models.CharField(_("怎样做"), max_length=300, blank=True)
    most_cost = models.DecimalField(_("费用上限"), max_digits=10, decimal_places=2)
    owner = models.ForeignKey(
        "accounts.User",
        verbose_name=_("负责人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("开始时间"))
    due_at = models.DateTimeField(_("期限"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    cost = models.DecimalField(_("费用"), max_digits=10, decimal_places=2, default=Decimal(0))
    booked_at = models.DateTimeField(_("费用入账时间"), null=True, blank=True)
    reason = models.CharField(_("不需要的理由"), max_length=300, blank=True)
    note_sealed = models.BinaryField(default=b"", blank=True)
    closed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    late_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("关怀事项")
        verbose_name_plural = _("关怀事项")
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="compensation_one_care_task"),
            models.CheckConstraint(
                condition=Q(status="open", closed_by__isnull=True, closed_at__isnull=True)
                | (~Q(status="open") & Q(closed_by__isnull=False, closed_at__isnull=False)),
                name="compensation_care_closed_by",
            ),
            models.CheckConstraint(
                condition=~Q(status="not_needed") | ~Q(reason=""),
                name="compensation_care_not_needed_why",
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0, due_at__gt=F("opened_at")),
                name="compensation_care_can_be",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(status="open"), name="compensation_care_due"
            )
        ]

    def __str__(self) -> str:
        return f"CareTask {self.pk}"

    @property
    def has_note(self) -> bool:
        """Whether something was written that only some may read."""
        return bool(self.note_sealed)


class CareLook(models.Model):
    """Somebody read a task's note. Only added to; the database refuses anything else."""

    task = models.ForeignKey(CareTask, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"CareLook {self.pk}"


class PublicStatement(models.Model):
    """A public apology or statement. Two people other than its author approve the same words.

    From the moment it waits for approval its words are frozen; other words are another statement.
    """

    class Kind(models.TextChoices):
        APOLOGY = "apology", _("公开道歉")
        STATEMENT = "statement", _("情况说明")

    class Status(models.TextChoices):
        DRAFT = "draft", _("草稿")
        WAITING = "waiting", _("待批准")
        APPROVED = "approved", _("已批准")
        PUBLISHED = "published", _("已公布")
        DROPPED = "dropped", _("不再使用")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="public_statements")
    kind = models.CharField(_("种类"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("正文"))
    text_en = models.TextField(_("英文"), blank=True)
    digest = models.CharField(max_length=64, blank=True)
    status = models.CharField(
        _("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    first_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("公开声明")
        verbose_name_plural = _("公开声明")
        constraints = [
            models.CheckConstraint(
                condition=(Q(first_by__isnull=True) | ~Q(first_by=F("made_by")))
                & (
                    Q(second_by__isnull=True)
                    | (
                        Q(first_by__isnull=False)
                        & ~Q(second_by=F("made_by"))
                        & ~Q(second_by=F("first_by"))
                    )
                ),
                name="compensation_statement_two_others",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "published"])
                | Q(first_by__isnull=False, second_by__isnull=False),
                name="compensation_statement_approved_twice",
            ),
            models.CheckConstraint(
                condition=Q(status="published", published_at__isnull=False)
                | (~Q(status="published") & Q(published_at__isnull=True)),
                name="compensation_statement_published_at",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="compensation_statement_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title
