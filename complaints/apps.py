"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    """The Case: intake, triage, conversation, evidence, clocks, event log."""

    name = "complaints"
    verbose_name = _("投诉")
    default_auto_field = "django.db.models.BigAutoField"
