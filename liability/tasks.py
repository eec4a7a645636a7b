"""Celery's door to what happens by itself in investigations."""

from __future__ import annotations

from celery import shared_task

from liability.services.consult_answers import remind_consulted


@shared_task
def remind_consults() -> int:
    """Remind those who were asked something; safe to run twice."""
    return remind_consulted()
