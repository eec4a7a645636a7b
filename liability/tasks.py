"""Periodic calls into the services of the liability app."""

from celery import shared_task

from liability.services.incidents import watch_batches


@shared_task
def watch_for_batches() -> int:
    """Raise incidents where complaints surge; returns how many."""
    return watch_batches()
