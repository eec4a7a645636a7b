"""Periodic work of the liability app: a lost call costs a while, a repeated one nothing."""

from celery import shared_task

from liability.services import recourse


@shared_task
def pursue_recourse() -> int:
    """Open claims and mind the terms of their notices; returns how many were dealt with."""
    return recourse.pursue_recourse()
