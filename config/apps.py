"""Registers the composition root, which holds commands that span apps."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig

from config.environment import Environment


class ConfigConfig(AppConfig):
    """Settings, URL conf, Celery and whatever shows or spans several apps; it has no models."""

    name = "config"
    default = True

    def ready(self) -> None:
        """Refuse to start without a way to send SMS: settings are read before classes can be."""
        Environment.check_class("REDRESS_SMS_BACKEND", settings.SMS_BACKEND, method="send")


class CollectedStaticFilesConfig(StaticFilesConfig):
    """Leaves out the extensions of htmx: we use none, and one names a missing file."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/ext/*"]
