"""Staff, their teams and departments."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.states import Role


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

    class Meta:
        verbose_name = _("员工")
        verbose_name_plural = _("员工")

    def __str__(self) -> str:
        return self.display_name or self.username

    def has_role(self, *roles: str) -> bool:
        """Say whether the person holds at least one of `roles`."""
        return self.is_active and any(role in self.roles for role in roles)


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
