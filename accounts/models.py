"""Staff, their teams and departments."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.states import AbsenceReason, Role


class Department(models.Model):
    """A part of the company that teams belong to and that can be consulted."""

    name = models.CharField(_("部门"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("部门")
        verbose_name_plural = _("部门")

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who share a queue; its manager is told when a clock is breached."""

    name = models.CharField(_("小组"), max_length=80, unique=True)
    department = models.ForeignKey(
        Department, verbose_name=_("部门"), on_delete=models.PROTECT, related_name="teams"
    )
    manager = models.ForeignKey(
        "accounts.User",
        verbose_name=_("负责人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="managed_teams",
    )
    is_default = models.BooleanField(_("新案件默认分到这个小组"), default=False)

    class Meta:
        verbose_name = _("小组")
        verbose_name_plural = _("小组")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="accounts_one_default_team",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Something that not everybody can do: a product line, a language, care of the vulnerable."""

    name = models.CharField(_("技能"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("技能")
        verbose_name_plural = _("技能")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A member of staff. Consumers have no account: they reach one case by its link."""

    display_name = models.CharField(_("姓名"), max_length=80)
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        verbose_name=_("角色"),
        default=list,
        blank=True,
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("小组"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
    )
    single_key_shortcuts = models.BooleanField(_("使用单键快捷键"), default=True)
    skills = models.ManyToManyField(
        Skill, verbose_name=_("技能"), blank=True, related_name="holders"
    )
    most_open_cases = models.PositiveSmallIntegerField(_("最多同时负责的案件"), default=30)
    takes_cases = models.BooleanField(_("参加自动分配"), default=True)

    class Meta:
        verbose_name = _("员工")
        verbose_name_plural = _("员工")

    def __str__(self) -> str:
        return self.display_name or self.username

    def has_role(self, *roles: str) -> bool:
        """Say whether the person holds at least one of `roles`."""
        return self.is_active and any(role in self.roles for role in roles)


class Absence(models.Model):
    """Days on which somebody is not at work, both included; cancelled rather than deleted."""

    user = models.ForeignKey(
        User, verbose_name=_("员工"), on_delete=models.PROTECT, related_name="absences"
    )
    starts_on = models.DateField(_("从哪天"))
    ends_on = models.DateField(_("到哪天"))
    reason = models.CharField(_("原因"), max_length=10, choices=AbsenceReason.choices)
    stand_in = models.ForeignKey(
        User,
        verbose_name=_("由谁代理"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("缺勤")
        verbose_name_plural = _("缺勤")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="accounts_absence_in_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(stand_in=models.F("user")),
                name="accounts_nobody_stands_in_for_themselves",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | models.Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="accounts_absence_cancelled",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_on", "starts_on"],
                condition=models.Q(cancelled_at__isnull=True),
                name="accounts_absences_to_come",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_on:%F}/{self.ends_on:%F}"


class ApiToken(models.Model):
    """Lets a program act as one member of staff. Only the digest of the token is kept."""

    user = models.ForeignKey(
        User, verbose_name=_("员工"), on_delete=models.CASCADE, related_name="api_tokens"
    )
    label = models.CharField(_("用途"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("创建时间"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("到期时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")

    def __str__(self) -> str:
        return f"{self.label} ({self.user})"
