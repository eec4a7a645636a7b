"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    """Agreement text, signatures, obligations and follow-up."""

    name = "agreements"
    verbose_name = _("协议与履行")
    default_auto_field = "django.db.models.BigAutoField"
