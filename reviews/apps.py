"""Registers the app with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    """Internal review, mediation and outside proceedings."""

    name = "reviews"
    verbose_name = _("复议与调解")
    default_auto_field = "django.db.models.BigAutoField"
