"""Celery's doors to what happens by itself: a lost call costs a while, a repeated one nothing."""

from __future__ import annotations

from celery import shared_task

from liability.services import recourse
from liability.services.consult_answers import remind_consulted
from liability.services.incident_reminders import remind_incidents
from liability.services.incidents import watch_batches


@shared_task
def remind_consults() -> int:
    """Remind those who were asked something; returns how many."""
    return remind_consulted()


@shared_task
def pursue_recourse() -> int:
    """Open claims and mind the terms of their notices; returns how many were dealt with."""
    return recourse.pursue_recourse()


@shared_task
def watch_for_batches() -> int:
    """Raise incidents where complaints surge; returns how many."""
    return watch_batches()


@shared_task
def remind_of_incidents() -> int:
    """Tell of incidents and tasks of incidents that wait too long; returns of how many."""
    return remind_incidents()
