"""Celery's door to what happens by itself with agreements."""

from __future__ import annotations

from celery import shared_task

from agreements.services.pursuing import pursue
from agreements.services.sending import send_payouts


@shared_task
def pursue_agreements() -> dict[str, int]:
    """Bind, lapse, declare breaches and close what time has decided; safe to run twice."""
    return pursue()


@shared_task(name="agreements.tasks.send_payouts")
def send_released_payouts() -> dict[str, int]:
    """Send what was released to the payment provider, and ask for what is not known yet."""
    return send_payouts()
