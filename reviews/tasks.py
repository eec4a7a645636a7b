"""Periodic calls of the reviews app."""

from celery import shared_task

from reviews.services.mediating import close_settled


@shared_task
def pursue_reviews() -> int:
    """Close mediations that ended in a signed agreement; returns how many."""
    return close_settled()
