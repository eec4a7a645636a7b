"""Registers the app with Django."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from documents.checks import check_cjk_font, check_seal_lasts


class DocumentsConfig(AppConfig):
    """Rendering, storing and verifying documents. Knows no Case."""

    name = "documents"
    verbose_name = _("文书")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks that Chinese can be printed and that the seal lasts."""
        register(check_cjk_font, "documents")
        register(check_seal_lasts, "documents")
