"""Celery's door to what happens by itself with mediations."""

from __future__ import annotations

from celery import shared_task

from complaints.actors import Actor
from complaints.errors import CaseError
from reviews.services import erasing, packing
from reviews.services.erasing import propose_run
from reviews.services.settling import pursue


@shared_task
def make_packs() -> int:
    """Make the evidence packs that wait; returns how many."""
    return packing.make_packs()


@shared_task
def propose_erasure() -> int:
    """Try out once a day what is past its time; returns how many cases. Erases nothing."""
    try:
        run = propose_run(by=Actor.system())
    except CaseError:
        # A run waits for its release or is carried out: tomorrow is early enough.
        return 0
    return run.items.count() if run else 0


@shared_task
def work_erasures() -> int:
    """Carry out the run that two people released, for some minutes; returns how many cases."""
    return erasing.work_erasures()


@shared_task
def pursue_reviews() -> dict[str, int]:
    """Close mediations that an agreement or the case's way has ended; safe to run twice."""
    return pursue()
