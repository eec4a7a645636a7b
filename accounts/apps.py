"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Staff, roles, teams and two-factor log-in. Imports no other app."""

    name = "accounts"
    verbose_name = _("账户与权限")
    default_auto_field = "django.db.models.BigAutoField"
