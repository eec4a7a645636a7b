"""Composition root: imports every app; nothing imports it.

The Celery app is imported here so that `.delay()` in a web process uses our broker.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
