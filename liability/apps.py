"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiabilityConfig(AppConfig):
    """Investigation, findings and shares of liability."""

    name = "liability"
    verbose_name = _("责任认定")
    default_auto_field = "django.db.models.BigAutoField"
