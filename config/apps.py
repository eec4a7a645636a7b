"""Registers the composition root, which holds commands that span apps."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class ConfigConfig(AppConfig):
    """Settings, URL conf, Celery and whatever shows or spans several apps; it has no models."""

    name = "config"
    default = True


class CollectedStaticFilesConfig(StaticFilesConfig):
    """Leaves out the extensions of htmx: we use none, and one names a missing file."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/ext/*"]
