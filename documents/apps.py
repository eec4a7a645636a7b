"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Rendering, storing and verifying documents. Knows no Case."""

    name = "documents"
    verbose_name = _("文书")
    default_auto_field = "django.db.models.BigAutoField"
