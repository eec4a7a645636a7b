"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    """Dashboards and indicators; reads every app."""

    name = "insights"
    verbose_name = _("洞察")
    default_auto_field = "django.db.models.BigAutoField"
