"""The administration site: for administrators only, behind the same log-in as the desk."""

from __future__ import annotations

from typing import Any

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import ApiToken, Department, Skill, Team, User
from accounts.services import revoke_token
from accounts.states import Role

admin.site.site_header = admin.site.site_title = _("系统管理")
admin.site.index_title = _("要管理什么？")
# Rights come from roles, and nobody looks at other people's second factors.
admin.site.unregister([Group, EmailAddress, Authenticator])


class ForAdministrators(admin.ModelAdmin):
    """What administrators, and nobody else, may see and change; deleting is off."""

    def _allowed(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and (user.is_superuser or user.has_role(Role.ADMINISTRATOR))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Department)
class DepartmentAdmin(ForAdministrators):
    """Departments."""

    list_display = ("name",)
    search_fields = ("name",)


@admin.register(Team)
class TeamAdmin(ForAdministrators):
    """Teams; one of them gets new cases."""

    list_display = ("name", "department", "manager", "is_default")
    list_select_related = ("department", "manager")
    autocomplete_fields = ("department", "manager")
    search_fields = ("name",)


@admin.register(Skill)
class SkillAdmin(ForAdministrators):
    """Skills; who has which stands on the staff pages of the desk."""

    list_display = ("name",)
    search_fields = ("name",)


class StaffChangeForm(UserChangeForm):
    """Roles are ticked, not typed."""

    roles = forms.MultipleChoiceField(
        label=_("角色"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


@admin.register(User)
class StaffAdmin(ForAdministrators, UserAdmin):
    """People: roles, team, and whether the account is in use."""

    form = StaffChangeForm
    list_display = ("username", "display_name", "role_names", "team", "is_active", "last_login")
    list_filter = ("is_active", "team")
    list_select_related = ("team",)
    search_fields = ("username", "display_name", "email")
    ordering = ("username",)
    autocomplete_fields = ("team",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("个人"), {"fields": ("display_name", "email", "team")}),
        (_("权限"), {"fields": ("roles", "is_active", "is_staff")}),
        (_("时间"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "display_name", "email", "password1", "password2"),
            },
        ),
    )
    readonly_fields = ("last_login", "date_joined")

    @admin.display(description=_("角色"))
    def role_names(self, user: User) -> str:
        """Name the roles in words."""
        return pgettext("list separator", "、").join(str(Role(role).label) for role in user.roles)


@admin.register(ApiToken)
class ApiTokenAdmin(ForAdministrators):
    """Tokens of programs: listed, and stopped for good; they are made on the server."""

    list_display = ("label", "user", "created_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    readonly_fields = ("user", "label", "created_at", "revoked_at")
    fields = ("user", "label", "created_at", "expires_at", "revoked_at")
    actions = ("stop",)

    @admin.action(description=_("停用选中的令牌"), permissions=["change"])
    def stop(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        """Stop tokens; programs that use them are refused from now on."""
        running = list(tokens.filter(revoked_at=None))
        for token in running:
            revoke_token(token)
            self.log_change(request, token, [{"changed": {"fields": ["revoked_at"]}}])
        self.message_user(request, _("停用了 %(count)d 个令牌。") % {"count": len(running)})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
