"""Registers the composition root, which holds commands that span apps."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, URL conf, Celery and whatever shows or spans several apps; it has no models."""

    name = "config"
