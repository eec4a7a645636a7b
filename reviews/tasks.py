"""Celery's door to what happens by itself with mediations."""

from __future__ import annotations

from celery import shared_task

from reviews.services import packing
from reviews.services.settling import pursue


@shared_task
def make_packs() -> int:
    """Make the evidence packs that wait; returns how many."""
    return packing.make_packs()


@shared_task
def pursue_reviews() -> dict[str, int]:
    """Close mediations that an agreement or the case's way has ended; safe to run twice."""
    return pursue()
