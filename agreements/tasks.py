"""Celery's door to what happens by itself with agreements."""

from __future__ import annotations

from celery import shared_task

from agreements.services.pursuing import pursue


@shared_task
def pursue_agreements() -> dict[str, int]:
    """Bind, lapse, declare breaches and close what time has decided; safe to run twice."""
    return pursue()
