"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompensationConfig(AppConfig):
    """Plans, options, offers and approvals."""

    name = "compensation"
    verbose_name = _("赔偿方案")
    default_auto_field = "django.db.models.BigAutoField"
