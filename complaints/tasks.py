"""Periodic calls into the services. Celery carries no deadline: a lost task costs a few seconds."""

from celery import shared_task

from complaints.services.outbox import deliver_due
from complaints.services.purging import purge
from complaints.services.sweeping import sweep


@shared_task
def sweep_clocks() -> int:
    """Carry out due timers; returns how many fired."""
    return sweep().fired


@shared_task
def deliver_outbox() -> int:
    """Deliver pending notices; returns how many went out."""
    return deliver_due()


@shared_task
def purge_expired() -> int:
    """Remove drafts, codes and counters past their time; returns how many rows went."""
    return purge()
