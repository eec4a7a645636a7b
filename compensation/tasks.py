"""Periodic work of the compensation app: a lost call costs a minute, a repeated one nothing."""

from celery import shared_task

from compensation.services import offering


@shared_task
def expire_offers() -> int:
    """End offers whose time is over; returns how many ended."""
    return offering.expire_offers()
